"""How alike tracks are to some of them: by sound, by tags, by who listens to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.library.tracks import Tracks

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: How much each side counts, where it is known.
_SOUND, _TAGS, _LISTENERS = 0.35, 0.25, 0.40


def likeness(tracks: Tracks, seeds: Rows, listened: Floats | None = None) -> Floats:
    """Tell how alike each track is to some, float32 in [0, 1] [shape=(n,)].

    Parameters
    ----------
    tracks : Tracks
    seeds : int64 [shape=(k,)]
        Rows.
    listened : float32 [shape=(n,)], optional
        Scores of tracks for somebody who has heard the seeds only; NaN where a model does not know one.
    """
    parts: list[tuple[float, Floats]] = []
    sound = _by_sound(tracks, seeds)
    if sound is not None:
        parts.append((_SOUND, sound))
    tags = _by_tags(tracks, seeds)
    if tags is not None:
        parts.append((_TAGS, tags))
    if listened is not None and np.isfinite(listened).any():
        parts.append((_LISTENERS, ranks(listened)))
    if not parts:
        alike = np.zeros(len(tracks), dtype=np.float32)
    else:
        alike = sum((weight * part for weight, part in parts), np.zeros(len(tracks), np.float32))
        alike /= np.float32(sum(weight for weight, _ in parts))
    alike[seeds] = 1.0
    return alike


def ranks(scores: Floats) -> Floats:
    """Give scores as shares of what is below them, so that those of any model are comparable; unknown ones are 0.

    >>> ranks(np.array([0.1, 5.0, np.nan, 0.2, 0.3], np.float32)).tolist()
    [0.25, 1.0, 0.0, 0.5, 0.75]
    """
    known = np.flatnonzero(np.isfinite(scores))
    order = np.argsort(np.argsort(scores[known], kind="stable"), kind="stable")
    found = np.zeros(len(scores), dtype=np.float32)
    found[known] = (order + 1) / max(len(known), 1)
    return found


def _by_sound(tracks: Tracks, seeds: Rows) -> Floats | None:
    vectors = tracks.sounds.timbre
    own = vectors[seeds]
    own = own[own.any(axis=1)] if own.size else own
    if not own.size:
        return None
    # The nearest seed counts: a list of two sorts of music has no middle.
    best = (vectors @ own.T).max(axis=1)
    return np.asarray(((best + 1) / 2).clip(0, 1), dtype=np.float32)


def _by_tags(tracks: Tracks, seeds: Rows) -> Floats | None:
    chosen = set(seeds.tolist())
    score = np.zeros(len(tracks), dtype=np.float32)
    whole = 0.0
    for rows in tracks.tags.values():
        shared = (
            sum(row in chosen for row in rows.tolist())
            if len(rows) <= len(chosen)
            else int(np.isin(seeds, rows, assume_unique=True).sum())
        )
        if shared:
            weight = shared / len(seeds) * float(np.log1p(len(tracks) / len(rows)))
            score[rows] += np.float32(weight)
            whole += weight
    return score / np.float32(whole) if whole else None

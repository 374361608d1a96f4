"""Tracks of the library that sound like another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from ml.audio_analysis.classic import energy_of
from ml.audio_analysis.heads.kernel import FAR
from ml.audio_analysis.library.asked import check_count
from ml.audio_analysis.library.recordings import SCAN_FIRST
from ml.audio_analysis.library.rows import corrections_of
from ml.data.schema import audio_analyses, audio_corrections
from ml.data.workspace import Workspace
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput, EmptyWorkspace, did_you_mean
from ml.foundation.results import Result
from ml.models.retrieval import VectorIndex, nearest, standardising


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a wish compares."""

    tempo_bpm: float | None
    loudness_lufs: float | None
    energy: float | None


#: What may be wished, by name: the value that it is about, and whether another suits beside the track's own.
WISHES: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "slower": ("tempo_bpm", lambda other, own: other <= 0.92 * own),
    "faster": ("tempo_bpm", lambda other, own: other >= own / 0.92),
    "calmer": ("energy", lambda other, own: other <= own - 0.08),
    "livelier": ("energy", lambda other, own: other >= own + 0.08),
    "quieter": ("loudness_lufs", lambda other, own: other <= own - 2.0),
    "louder": ("loudness_lufs", lambda other, own: other >= own + 2.0),
}


@dataclass(frozen=True, slots=True)
class SimilarTrack(Result):
    """A track of the library that is near.

    Parameters
    ----------
    path : str
        One of the files that hold the sound.
    content_hash : str
    similarity : float in [-1, 1]
        Cosine of the standardised vectors: 0 for two tracks that have nothing in common.
    tempo_bpm, loudness_lufs, energy : float or None
    """

    path: str
    content_hash: str
    similarity: float
    tempo_bpm: float | None
    loudness_lufs: float | None
    energy: float | None


def similar_tracks(
    workspace: Workspace,
    vectors: VectorIndex,
    paths: Mapping[str, Sequence[str]],
    own: Mapping[str, Any],
    vector: Floats | None,
    *,
    ours: VectorIndex,
    name: str,
    content_hash: str,
    count: int,
    but: Sequence[str],
) -> list[SimilarTrack]:
    """Find the nearest tracks.

    Parameters
    ----------
    workspace : Workspace
    vectors : VectorIndex
        By hash of the sound.
    paths : mapping of str to sequence of str
        Where scanned sounds lie; only they are found.
    own : mapping
        The analysis of the track itself.
    vector : float32 [shape=(vectors.size,)], optional
        Its vector; None for silence.
    ours : VectorIndex
        Our own vectors, which energy is told by, whatever tracks are compared by.
    name : str
        How messages call it.
    content_hash : str
        Of its sound, which is not found.
    count : int
    but : sequence of str
        Of :data:`WISHES`.

    Raises
    ------
    BadInput
        If a wish is none, or it cannot be said whether a track fulfils it, since the track's own value is unknown.
    EmptyWorkspace
        If no scanned track has a vector.
    """
    _check(but, count)
    if vector is None:
        raise BadInput(f"{name}: silent, or under a second of sound", "nothing is like it")
    ids = vectors.ids
    rows = [row for row, other in enumerate(ids) if other in paths and other != content_hash]
    if not rows:
        raise EmptyWorkspace("no other track was scanned", SCAN_FIRST, code="nothing_scanned")
    known = _known(workspace)

    def about(row: int) -> _Facts:
        tempo_bpm, loudness_lufs = known.get(ids[row], (None, None))
        heard = ours.get(ids[row])
        return _Facts(tempo_bpm, loudness_lufs, energy_of(loudness_lufs, None if heard is None else heard.tolist()))

    mine = _corrected(workspace, content_hash, _Facts(own["tempo_bpm"], own["loudness_lufs"], own["classic"]["energy"]))
    library, vector = _scaled(vectors.vectors[rows], vector)
    if but:
        suited = [place for place, row in enumerate(rows) if _suits(about(row), mine, but, name)]
        library, rows = library[suited], [rows[place] for place in suited]
    found = []
    for place, similarity in nearest(library, vector, count):
        row = rows[place]
        facts = about(row)
        values = (facts.tempo_bpm, facts.loudness_lufs, facts.energy)
        found.append(SimilarTrack(paths[ids[row]][0], ids[row], round(similarity, 4), *values))
    return found


def _check(but: Sequence[str], count: int) -> None:
    for wish in but:
        if wish not in WISHES:
            raise BadInput(f"{wish!r} is nothing to wish for", did_you_mean(wish, WISHES))
    check_count(count)


def _suits(other: _Facts, own: _Facts, but: Sequence[str], name: str) -> bool:
    for wish in but:
        field, suits = WISHES[wish]
        mine, value = getattr(own, field), getattr(other, field)
        if mine is None:
            raise BadInput(
                f"{name}: its {field} is unknown, so that nothing can be {wish}",
                f"leave out --{wish}",
                code="wish_unknown",
                values={"name": name},
            )
        if value is None or not suits(value, mine):
            return False
    return True


def _scaled(library: Floats, own: Floats) -> tuple[Floats, Floats]:
    every = np.concatenate((library, own[np.newaxis]))
    mean, scale = standardising(every)
    every -= mean
    every *= scale
    np.clip(every, -FAR, FAR, out=every)
    return every[:-1], every[-1]


def _known(workspace: Workspace) -> dict[str, tuple[float | None, float | None]]:
    """Read tempo, as it was corrected, and loudness of all sounds."""
    table, corrections = audio_analyses.c, audio_corrections.c
    with workspace.store.read() as connection:
        said = select(corrections.content_hash, corrections.value).where(corrections.field == "tempo_bpm")
        tempi = {content_hash: float(value) for content_hash, value in connection.execute(said)}
        rows = connection.execute(select(table.content_hash, table.tempo_bpm, table.loudness_lufs))
        return {content_hash: (tempi.get(content_hash, tempo), loudness) for content_hash, tempo, loudness in rows}


def _corrected(workspace: Workspace, content_hash: str, facts: _Facts) -> _Facts:
    with workspace.store.read() as connection:
        tempo = corrections_of(connection, content_hash).get("tempo_bpm", facts.tempo_bpm)
    return _Facts(tempo, facts.loudness_lufs, facts.energy)

"""Tracks that are in a list already, each at its place, so that the rest is planned around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.playlist_generator.asking import Asked
from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Cap, Demand, Demands, Gap, Given, Ground, Have, Only, Pin, Share
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.suiting.fit import Fit

Rows = NDArray[np.int64]
Codes = NDArray[np.int64]


def hold(tracks: Tracks, asked: Asked, places: Mapping[int, int], name: str) -> tuple[Tracks, Tracks, Asked]:
    """Hold tracks at their places.

    What is held gets rows of its own at the end, one a place. They may be in the list whatever is asked of single
    tracks. Where they break a rule among themselves (an artist twice too near, one song twice), the earlier of them
    counts as somebody else's, so that nobody is asked to mend what has been; for what comes after, the later counts.

    Parameters
    ----------
    tracks : Tracks
    asked : Asked
    places : mapping of int to int
        Rows of tracks by position, from 0.
    name : {"played", "kept", "before"}
        Why they are held.

    Returns
    -------
    Tracks, Tracks, Asked
        With the rows: to plan by, and to tell by, who made what being as it is. The demand that they are where they are
        is the last, so that anything else gives before it.
    """
    if not places:
        return tracks, tracks, asked
    positions = sorted(places)
    rows = np.array([places[position] for position in positions], dtype=np.int64)
    copies = {position: len(tracks) + place for place, position in enumerate(positions)}
    each = [_carried(demand, places, copies, rows) for demand in asked.demands]
    kept = [demand for demand in each if demand is not None]
    songs = np.isin(tracks.ground.song, tracks.ground.song[rows])
    new = Only("not_repeated", True, np.concatenate([~songs, np.ones(len(rows), dtype=np.bool_)]))
    demands = Demands((*kept, new, Given(name, copies)))
    fit = Fit({part: _longer(values, rows) for part, values in asked.fit.parts.items()})
    known = None if asked.known is None else _longer(asked.known, rows)
    ground = _ground(tracks.ground, rows, np.array(positions), asked.demands)
    copied = _copied(tracks, rows, ground)
    names = [each.name for each in fields(Ground) if getattr(tracks.ground, each.name) is not None]
    plain = Ground(**{name: _longer(getattr(tracks.ground, name), rows) for name in names})
    return copied, replace(copied, ground=plain), replace(asked, demands=demands, fit=fit, known=known)


def _carried(demand: Demand, places: Mapping[int, int], copies: Mapping[int, int], rows: Rows) -> Demand | None:
    """Give a demand as it is with the rows of what is held; None where its place is taken by something else."""
    match demand:
        case Only():
            return replace(demand, of=np.concatenate([demand.of, np.ones(len(rows), dtype=np.bool_)]))
        case Share():
            return replace(demand, of=_longer(demand.of, rows))
        case Have() | Pin() if demand.track in places.values():
            at = next(position for position, row in places.items() if row == demand.track)
            if isinstance(demand, Pin) and demand.position != at:
                return None
            return replace(demand, track=copies[at])
        case Pin() if demand.position in places:
            return None
        case _:
            return demand


def _longer(values: NDArray[Any], rows: Rows) -> NDArray[Any]:
    return np.concatenate([values, values[rows]])


def _copied(tracks: Tracks, rows: Rows, ground: Ground) -> Tracks:
    sounds = Sounds(**{field.name: _longer(getattr(tracks.sounds, field.name), rows) for field in fields(Sounds)})
    return replace(
        tracks,
        labels=pl.concat([tracks.labels, tracks.labels[rows.tolist()]]),
        ground=ground,
        features={name: _longer(values, rows) for name, values in tracks.features.items()},
        sounds=sounds,
        years=_longer(tracks.years, rows),
        languages=_longer(tracks.languages, rows),
        explicit=_longer(tracks.explicit, rows),
        octave_bpm=None if tracks.octave_bpm is None else _longer(tracks.octave_bpm, rows),
    )


def _ground(ground: Ground, rows: Rows, positions: Rows, demands: Demands) -> Ground:
    gaps = {gap.between: gap.tracks for gap in demands.of(Gap)}
    most = min((cap.most for cap in demands.of(Cap)), default=None)
    own = min(-1 - len(ground), int(ground.credited.min(initial=0)) - 1) - np.arange(len(rows), dtype=np.int64)
    artist = _freed(ground.credited[rows], own, positions, gaps.get("artist", 0), most)
    album = _freed(ground.album[rows, None], own, positions, gaps.get("album", 0), None)
    return Ground(
        duration_ms=_longer(ground.duration_ms, rows),
        artist=np.concatenate([ground.artist, artist[:, 0]]),
        album=np.concatenate([ground.album, album[:, 0]]),
        song=np.concatenate([ground.song, _freed(ground.song[rows, None], own, positions, 0, 1)[:, 0]]),
        credits=None if ground.credits is None else np.concatenate([ground.credits, artist]),
    )


def _freed(codes: Codes, own: Codes, positions: Rows, gap: int, most: int | None) -> Codes:
    """Give codes of which none comes more than ``most`` times or too near, from the last backwards; others their own.

    Codes are [shape=(n, k)], ``own`` [shape=(n,)] is less than all of them.

    >>> codes, own = np.array([[5], [5], [6], [5]]), np.array([-1, -2, -3, -4])
    >>> _freed(codes, own, np.arange(4), gap=2, most=None)[:, 0].tolist()
    [5, -2, 6, 5]
    """
    found = codes.copy()
    kept: dict[int, list[int]] = {}
    for place in range(len(codes) - 1, -1, -1):
        there = [kept.setdefault(code, []) for code in codes[place].tolist()]
        too_near = any(each and int(positions[each[-1]] - positions[place]) <= gap for each in there)
        if too_near or (most is not None and any(len(each) >= most for each in there)):
            found[place] = own[place] - len(own) * np.arange(codes.shape[1])
        else:
            for each in there:
                each.append(place)
    return found

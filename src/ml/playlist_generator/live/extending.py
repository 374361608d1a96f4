"""Tracks to go on with behind a list, those only that are enough like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from ml.data.exporters.stored_playlists import find_playlist
from ml.data.schema import items, playlist_items
from ml.foundation.errors import BadInput, NotTrained
from ml.foundation.phrase import spoken
from ml.foundation.results import Result
from ml.playlist_generator.holding.conflicts import Conflict
from ml.playlist_generator.holding.demands import Count, Demand, Length, Only
from ml.playlist_generator.live.given import Given, ids_of, request_of
from ml.playlist_generator.live.planning import Around, Desk
from ml.playlist_generator.naming import readable_playlists
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Constraint, Playlist, PlaylistTrack
from ml.playlist_generator.suiting.continuing import continuation
from ml.playlist_generator.suiting.likeness import likeness
from ml.playlist_generator.words import say

Floats = NDArray[np.float32]

#: Tracks at the end of a list that what comes is planned behind; those before are only not repeated.
BEHIND = 25
#: Tracks that a threshold alone adds, at most.
MOST_BY_THRESHOLD = 50


@dataclass(frozen=True, slots=True)
class Extension(Result):
    """What goes on behind a list.

    Parameters
    ----------
    playlist_id : str or None
        Of a stored list.
    name : str or None
    before : int
        Tracks there were.
    before_s : float
        How long they are, as far as it is known.
    added : tuple of PlaylistTrack
    added_s : float
    threshold : float in [0, 1] or None
    constraints : tuple of Constraint
        Of what was added and the last tracks before it.
    conflicts : tuple of Conflict
    notices : tuple of str
    request : mapping
    """

    playlist_id: str | None
    name: str | None
    before: int
    before_s: float
    added: tuple[PlaylistTrack, ...]
    added_s: float
    threshold: float | None
    constraints: tuple[Constraint, ...]
    conflicts: tuple[Conflict, ...]
    notices: tuple[str, ...]
    request: Mapping[str, Any]


@dataclass(frozen=True)
class _List:
    rows: list[int]
    gone: int
    request: PlaylistRequest
    playlist_id: str | None = None
    name: str | None = None


def extend(
    desk: Desk,
    playlist: Given | str,
    *,
    minutes: float | None = None,
    count: int | None = None,
    threshold: float | None = None,
    **asked: Any,
) -> Extension:
    """Find tracks to go on with.

    Parameters
    ----------
    desk : Desk
    playlist : Playlist, mapping or str
        A list, or the name or outside id of a stored one.
    minutes : float, optional
        So much more.
    count : int, optional
        So many tracks more.
    threshold : float in [0, 1], optional
        Takes only tracks that are so much like a track of the list, by sound, tags and listeners: 1 is the same track,
        0.5 is what any two tracks are by sound. Without a length, all of them that fit, up to 50.
    **asked
        Fields of :class:`~ml.playlist_generator.PlaylistRequest`, instead of those the list was made with.

    Raises
    ------
    BadInput
        If no length and no threshold is given, or two lengths.
    UnknownId, AmbiguousId
        If there is no such list.
    """
    if minutes is not None and count is not None:
        raise BadInput("minutes and count", "give one of them: so many minutes more, or so many tracks")
    if minutes is None and count is None and threshold is None:
        raise BadInput("by how much?", "give minutes=…, count=… or threshold=…")
    if threshold is not None and (isinstance(threshold, bool) or not 0 <= threshold <= 1):
        raise BadInput(f"threshold = {threshold!r}", "give a number from 0 to 1")
    # A number is checked as any is, though it may turn out that there are not so many.
    length = PlaylistRequest.of(minutes=minutes, count=1 if minutes is None and count is None else count)
    there = _stored(desk, playlist, asked) if isinstance(playlist, str) else _handed_in(desk, playlist, asked)
    if not there.rows:
        raise BadInput("nothing of the list is here: there is nothing to go on with", "name another list")
    seeds = np.unique(np.array(there.rows, dtype=np.int64))
    listened = _listened(desk, seeds)
    alike = np.zeros(0, dtype=np.float32) if threshold is None else likeness(desk.tracks, seeds, listened)
    most = _room(desk, there, alike, threshold)
    wanted = None if minutes is not None else min(count or MOST_BY_THRESHOLD, max(most, 1))
    request = replace(there.request, minutes=length.minutes, count=wanted, arc=None, pins={}, include=())
    suits = continuation(desk.tracks, seeds, listened)
    found = desk.plan(request, _around(desk, there, request, suits, alike, threshold)) if most else None
    planned = None if found is None else found.playlist
    return _extension(desk, there, request, planned, threshold=threshold, count=count)


def _handed_in(desk: Desk, playlist: Given, asked: Mapping[str, Any]) -> _List:
    rows = desk.rows(ids_of(playlist))
    return _List([row for row in rows if row is not None], rows.count(None), request_of(playlist, **asked))


def _stored(desk: Desk, name: str, asked: Mapping[str, Any]) -> _List:
    found = find_playlist(readable_playlists(desk.connection), name)
    root = select(items.c.same_as, items.c.key).join(playlist_items, playlist_items.c.item_key == items.c.key)
    root = root.where(playlist_items.c.playlist_key == found.key).order_by(playlist_items.c.position)
    keys = [key if same is None else same for same, key in desk.connection.execute(root)]
    rows = desk.tracks.rows_of(np.array(keys, dtype=np.int64))
    kept = rows[rows >= 0].tolist()
    return _List(kept, len(rows) - len(kept), PlaylistRequest.of(**asked), found.playlist_id, found.name)


def _listened(desk: Desk, seeds: NDArray[np.int64]) -> Floats | None:
    """Score all tracks for somebody who has heard some only; None where no model knows these."""
    tracks = desk.tracks
    keys = tracks.keys[seeds]
    try:
        scores = desk.parts.tastes.beside(keys[keys >= 0].tolist()) if (keys >= 0).any() else None
    except NotTrained:
        return None
    if scores is None:
        return None
    listened = np.full(len(tracks), np.nan, dtype=np.float32)
    places = tracks.rows_of(scores.keys)
    listened[places[places >= 0]] = scores.scores[places >= 0]
    return listened


def _room(desk: Desk, there: _List, alike: Floats, threshold: float | None) -> int:
    """Count the songs that are enough like the list and not in it."""
    song = desk.tracks.ground.song
    enough = ~np.isin(song, song[there.rows])
    if threshold is not None:
        enough &= alike >= threshold
    return len(np.unique(song[enough]))


def _around(
    desk: Desk, there: _List, request: PlaylistRequest, suits: Floats, alike: Floats, threshold: float | None
) -> Around:
    behind = there.rows[-BEHIND:]
    durations = desk.tracks.ground.duration_ms
    passed_ms = int(durations[behind].sum())
    demands: list[Demand] = [desk.but("not_in_list", len(there.rows), there.rows)]
    if threshold is not None:
        demands.append(Only("threshold", threshold, alike >= threshold))
    if request.max_per_artist is not None:
        demands.append(_not_full(desk, there.rows, request.max_per_artist))

    def behind_them(demand: Demand) -> Demand | None:
        match demand:
            case Length():
                return replace(demand, low_ms=demand.low_ms + passed_ms, high_ms=demand.high_ms + passed_ms)
            case Count():
                return replace(demand, least=demand.least + len(behind), most=demand.most + len(behind))
            case _:
                return demand

    return Around(dict(enumerate(behind)), "before", demands, {"list": suits}, behind_them)


def _not_full(desk: Desk, rows: list[int], most: int) -> Only:
    """Leave out artists that a list has as much of as it may."""
    artist = desk.tracks.ground.artist
    found, counts = np.unique(artist[rows], return_counts=True)
    return Only("artists_with_room", most, ~np.isin(artist, found[counts >= most]))


def _extension(
    desk: Desk,
    there: _List,
    request: PlaylistRequest,
    found: Playlist | None,
    *,
    threshold: float | None,
    count: int | None,
) -> Extension:
    added = () if found is None else found.tracks[min(len(there.rows), BEHIND) :]
    notices = list(desk.parts.notices if found is None else found.notices)
    if there.gone:
        notices.append(spoken(say("gone", n=there.gone), request.language))
    if count is not None and len(added) < count:
        notices.append(spoken(say("not_enough_like_it", n=len(added)), request.language))
    # Nobody asked how many there are to be where a threshold alone says it.
    open_ended = count is None and request.minutes is None
    conflicts = () if found is None else found.conflicts
    constraints = () if found is None else found.constraints
    return Extension(
        playlist_id=there.playlist_id,
        name=there.name,
        before=len(there.rows),
        before_s=round(int(desk.tracks.ground.duration_ms[there.rows].sum()) / 1000, 3),
        added=added,
        added_s=round(sum(track.duration_s for track in added), 3),
        threshold=threshold,
        constraints=tuple(one for one in constraints if not (open_ended and one.name == "count")),
        conflicts=tuple(one for one in conflicts if not (open_ended and "count" in one.names)),
        notices=tuple(notices),
        request=request.to_dict(),
    )

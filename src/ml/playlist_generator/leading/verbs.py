"""The verbs of the generator that lead from track to track: a path, and a better order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.schema import playlist_items, playlists
from ml.foundation.errors import BadInput
from ml.foundation.phrase import spoken
from ml.foundation.workers import quiet_blas
from ml.playlist_generator.asking import Asked, put
from ml.playlist_generator.composing import Composition
from ml.playlist_generator.holding.demands import Count, Demands, Gap
from ml.playlist_generator.leading.path import PathComposer
from ml.playlist_generator.leading.reordering import Order, put_in_order
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.live.given import Given, ids_of
from ml.playlist_generator.naming import anything_named, track_named
from ml.playlist_generator.parts import GeneratorParts
from ml.playlist_generator.request import MOST_TRACKS, PlaylistRequest
from ml.playlist_generator.results import Playlist, Reordering
from ml.playlist_generator.suiting.fit import Fit
from ml.playlist_generator.telling import tell
from ml.playlist_generator.words import say

Rows = NDArray[np.int64]


class Leading:
    """Paths between tracks, and orders of tracks."""

    if TYPE_CHECKING:
        _parts: GeneratorParts

        def _read(self, connection: Connection) -> Tracks: ...

    def path(self, start: str, end: str, **asked: Any) -> Playlist:
        """Make a list that leads from one track to another.

        Timbre, tempo and energy go from the one to the other in even steps, as far as there are tracks for it. An
        artist comes once, unless ``max_per_artist`` says otherwise. What else is asked is about the tracks between.

        Parameters
        ----------
        start, end : str
            The first and the last track: ids, names or files.
        **asked
            ``count`` or ``minutes``, and other fields of :class:`~ml.playlist_generator.PlaylistRequest`; without a
            length, ten tracks. Another ``seed`` gives another path.

        Raises
        ------
        BadInput
            If something that is asked is not allowed, or start and end are one track.
        UnknownId, AmbiguousId
        EmptyWorkspace
        """
        request = _path_request(start, asked)
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            tracks = self._read(connection)
            ends = [track_named(connection, tracks, text) for text in (start, end)]
            if ends[0].rows[0] == ends[1].rows[0]:
                raise BadInput(f"a path from {start!r} to itself", "name two tracks")
            artists = tracks.ground.artist[[int(each.rows[0]) for each in ends]]
            notices: list[str] = []
            if artists[0] == artists[1] and asked.get("max_per_artist") is None:
                request = replace(request, max_per_artist=2)
                notices.append(say("same_artist_ends", start=ends[0].label, end=ends[1].label))
            question = put(connection, self._parts, tracks, request)
            composer = PathComposer(tracks, question, question.request, *ends)
            if not composer.way.known:
                notices.append(say("no_way", start=ends[0].label, end=ends[1].label))
            found = composer.lead()
            if found is None:
                raise BadInput(
                    "no path can be made of this",
                    "ask for less, or import more music: ml import PATH",
                    code="list_impossible",
                )
            notices = [*self._parts.notices, *question.notices, *notices]
            told = tell(connection, tracks, request, _told(composer.asked, request), found, tuple(notices))
            return _on_the_way(told, composer, found, request)

    def reorder(
        self,
        tracks: str | Sequence[str] | Given,
        *,
        keep_first: int = 0,
        keep_last: int = 0,
        effort: str = "best",
        **asked: Any,
    ) -> Reordering:
        """Put tracks in the order in which they lead to each other best.

        No track is lost or put in. One that comes twice stays twice, and never follows itself where that can be
        helped.

        Parameters
        ----------
        tracks : str, sequence of str, Playlist or mapping
            A stored playlist; tracks: ids, names or files; or what :meth:`generate` gave, or its JSON.
        keep_first, keep_last : int >= 0
            Tracks that stay where they are, at the beginning and at the end.
        effort : {"fast", "best"}
            Up to 14 tracks the best order is found either way.
        **asked
            ``arc``, ``artist_gap``, ``weights``, ``seed`` and ``language`` of
            :class:`~ml.playlist_generator.PlaylistRequest`.

        Raises
        ------
        BadInput
        UnknownId, AmbiguousId
        EmptyWorkspace
        """
        request = _order_request(effort, asked)
        kept = [_whole("keep_first", keep_first), _whole("keep_last", keep_last)]
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            known = self._read(connection)
            rows, notices = _given(connection, known, tracks)
            order = put_in_order(
                known,
                rows,
                weights=request.weights,
                arc=request.arc,
                keep_first=kept[0],
                keep_last=kept[1],
                artist_gap=request.artist_gap,
                best=request.effort == "best",
                seed=request.seed,
            )
            if order.artist_gap < request.artist_gap:
                notices.append(say("smaller_gap", got=order.artist_gap, asked=request.artist_gap))
            return _reordering(connection, self._parts, known, request, rows, order, notices)


def _path_request(start: str, asked: dict[str, Any]) -> PlaylistRequest:
    given = {name: value for name, value in asked.items() if value is not None}
    for name in ("pins", "user_ids", "arc"):
        if name in given:
            raise BadInput(f"{name} of a path", "a path has its ends, and is for one listener or none")
    if "minutes" not in given and "count" not in given:
        given["count"] = 10
    request = PlaylistRequest.of(**{"max_per_artist": 1, **given, "pins": {1: start}})
    if request.count == 1:
        raise BadInput("count = 1 of a path", "a path has two ends: give 2 or more")
    return request


def _told(asked: Asked, request: PlaylistRequest) -> Asked:
    """Leave out the number of tracks where none was asked for."""
    return asked if request.count is not None else replace(asked, demands=asked.demands.without(["count"]))


def _on_the_way(told: Playlist, composer: PathComposer, found: Composition, request: PlaylistRequest) -> Playlist:
    asked = {name: value for name, value in told.request.items() if name != "pins"}
    asked |= {"start": told.tracks[0].track_id, "end": told.tracks[-1].track_id}
    told = replace(told, request=asked)
    if not composer.way.known:
        return told
    progress = composer.way.progress(found.rows)
    tracks = list(told.tracks)
    for place in range(1, len(tracks) - 1):
        said = spoken(say("on_the_way", share=f"{round(100 * float(progress[place]))} %"), request.language)
        why_here = ", ".join(filter(None, [said, tracks[place].why_here]))
        tracks[place] = replace(tracks[place], why_here=why_here)
    return replace(told, tracks=tuple(tracks))


def _order_request(effort: str, asked: dict[str, Any]) -> PlaylistRequest:
    for name in asked:
        if name not in ("arc", "artist_gap", "weights", "seed", "language"):
            raise BadInput(f"an order has no {name!r}", "it has arc, artist_gap, weights, seed and language")
    return PlaylistRequest.of(**asked, effort=effort, count=1)


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadInput(f"{name} = {value!r}", "give a whole number of tracks, from 0 on")
    return value


def _given(connection: Connection, tracks: Tracks, given: str | Sequence[str] | Given) -> tuple[Rows, list[str]]:
    notices: list[str] = []
    if isinstance(given, str):
        named = anything_named(connection, tracks, given)
        if named.kind != "playlist":
            raise BadInput(f"{given!r} is a {named.kind}", "name a stored playlist, or give a list of tracks")
        rows = named.rows
        missing = _items_of(connection, given) - len(rows)
        if missing > 0:
            notices.append(say("not_here", n=missing, name=named.label))
    else:
        texts = list(ids_of(given) if isinstance(given, Playlist | Mapping) else map(str, given))
        if any(not text or text.isspace() for text in texts):
            raise BadInput("tracks: one of them is empty", "give ids or names of tracks")
        rows = np.array([track_named(connection, tracks, text).rows[0] for text in texts], dtype=np.int64)
    if not 1 <= len(rows) <= MOST_TRACKS:
        raise BadInput(f"{len(rows)} tracks to put in order", f"give 1 to {MOST_TRACKS}")
    return rows, notices


def _items_of(connection: Connection, given: str) -> int:
    statement = select(func.count()).select_from(playlist_items)
    statement = statement.join(playlists, playlists.c.key == playlist_items.c.playlist_key)
    named = func.lower(playlists.c.name) == given.removeprefix("playlist:").lower()
    by_id = (playlists.c.source + ":" + playlists.c.external_id) == given
    return int(connection.execute(statement.where(named | by_id)).scalar() or 0)


def _reordering(
    connection: Connection,
    parts: GeneratorParts,
    tracks: Tracks,
    request: PlaylistRequest,
    rows: Rows,
    order: Order,
    notices: list[str],
) -> Reordering:
    n = len(rows)
    ordered = rows[order.order]
    counts = Counter(rows.tolist())
    gap = Gap("artist", request.artist_gap)
    asked = Asked(request, Demands((Count(n, n, n), *([gap] if gap.tracks else []))), Fit())
    found = Composition(ordered, order.after, order.bound, (), False, n, n)
    repeated = {row for row in counts if counts[row] > 1}
    if repeated:
        titles = tuple(tracks.labels["title"][row] for row in sorted(repeated))
        notices = [*notices, say("repeated", names=titles)]
    told = tell(connection, tracks, request, asked, found, (*parts.notices, *notices))
    told = replace(told, request={name: value for name, value in told.request.items() if name != "count"})
    ids = dict(zip(ordered.tolist(), (track.track_id for track in told.tracks), strict=True))
    return Reordering(
        playlist=told,
        cost_before=round(order.before, 5),
        cost_after=round(order.after, 5),
        bound=round(order.bound, 5),
        moved=int((order.order != np.arange(n)).sum()),
        repeated=tuple(ids[row] for row in sorted(repeated)),
    )

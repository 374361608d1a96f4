"""A list that is planned while it plays.

A radio gives one track after the other, hears what became of it, and plans on. What is like a skipped track, and
unlike all that was heard to the end, sinks for the session; its artist rests for a while. No song comes twice.

References
----------
What was skipped and what was not as two poles that candidates are nearer to: Pampalk, Pohle and Widmer, 'Dynamic
playlist generation based on skipping behavior', ISMIR 2005.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

import numpy as np

from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.results import plain
from ml.playlist_generator.holding.demands import Cap, Demand, Gap, Length, Only, Share
from ml.playlist_generator.live.planning import Around, Desk
from ml.playlist_generator.live.session import GIVEN, PLAYED, SKIPPED, Heard, Session
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import PlaylistTrack

OpenDesk = Callable[[], AbstractContextManager[Desk]]

#: Tracks that a radio without an end plans ahead, and those before them that it plans behind.
AHEAD, BEHIND = 5, 8
_FIELDS = ("request", "events", "ahead", "minutes", "count", "since")


@dataclass
class _Event:
    track_id: str
    what: str
    ms: int | None = None


def start(desk: OpenDesk, **asked: Any) -> Radio:
    """Begin a radio.

    Raises
    ------
    BadInput
        Also if an arc is asked of a radio that has no end.
    """
    for name in ("pins", "include"):
        if asked.get(name):
            raise BadInput(f"{name} of a radio", "a radio is told what was played; for places, make a list: generate()")
    request = PlaylistRequest.of(**asked)
    endless = asked.get("minutes") is None and asked.get("count") is None
    if endless and request.arc is not None:
        raise BadInput("an arc of a radio without an end", "say how long it is to play: minutes=…")
    if endless:
        request = replace(request, minutes=None)
    return Radio(desk, request, minutes=request.minutes, count=request.count)


def take_up(desk: OpenDesk, state: Mapping[str, Any], **asked: Any) -> Radio:
    """Go on with a radio from its state.

    Raises
    ------
    BadInput
        If the state is none, or something is asked anew.
    """
    if asked:
        raise BadInput(f"{', '.join(asked)} beside the state of a radio", "what was asked is in the state")
    given: object = state
    if not isinstance(given, Mapping) or not isinstance(given.get("request"), Mapping):
        raise BadInput("this is not the state of a radio", "give what Radio.state() gave")
    for name in state:
        if name not in _FIELDS:
            raise BadInput(f"the state of a radio has no {name!r}", did_you_mean(str(name), _FIELDS))
    request = PlaylistRequest.of(**{str(name): value for name, value in state["request"].items()})
    if "minutes" not in state["request"]:
        request = replace(request, minutes=None)
    radio = Radio(desk, request, minutes=state.get("minutes"), count=state.get("count"))
    try:
        radio.load(state.get("events") or [], state.get("ahead") or [], int(state.get("since") or 0))
    except (TypeError, ValueError, KeyError) as error:
        raise BadInput(f"the state of the radio is damaged: {error}", "give what Radio.state() gave") from None
    return radio


class Radio:
    """A session of music; made by :meth:`PlaylistGenerator.radio`.

    Parameters
    ----------
    desk : callable
        Opens the tracks.
    request : PlaylistRequest
    minutes : float, optional
        How long it plays from ``since`` on; without it and ``count``, for ever.
    count : int, optional
        How many tracks it gives that are not skipped.

    Examples
    --------
    >>> radio = PlaylistGenerator().radio(mood="calm", seed=3)  # doctest: +SKIP
    >>> track = radio.next()  # doctest: +SKIP
    >>> radio.skipped(track.track_id, ms_played=4_000)  # doctest: +SKIP
    >>> radio.next().artist == track.artist  # doctest: +SKIP
    False
    """

    def __init__(
        self, desk: OpenDesk, request: PlaylistRequest, *, minutes: float | None = None, count: int | None = None
    ) -> None:
        self._desk, self.request = desk, request
        self.minutes, self.count = minutes, count
        self.notices: tuple[str, ...] = ()
        """What should be known of the last plan."""
        self._events: list[_Event] = []
        self._ahead: list[PlaylistTrack] = []
        self._since = 0

    def load(self, events: Sequence[Mapping[str, Any]], ahead: Sequence[Mapping[str, Any]], since: int) -> None:
        """Take over a history, and what was planned."""
        names = {field.name for field in fields(PlaylistTrack)}
        self._events = [_Event(str(one["track_id"]), _what(one["what"]), _ms(one.get("ms"))) for one in events]
        # States of before a field came to be lack it.
        later = {field.name for field in fields(PlaylistTrack) if field.default is not MISSING}
        self._ahead = [PlaylistTrack(**{name: one[name] for name in names - (later - set(one))}) for one in ahead]
        self._since = since

    def state(self) -> dict[str, Any]:
        """Give all that it takes to go on, as JSON knows it."""
        return {
            "request": plain(self.request.to_dict()),
            "events": [{"track_id": one.track_id, "what": one.what, "ms": one.ms} for one in self._events],
            "ahead": [track.to_dict() for track in self._ahead],
            "minutes": self.minutes,
            "count": self.count,
            "since": self._since,
        }

    @property
    def ahead(self) -> tuple[PlaylistTrack, ...]:
        """What is planned, as long as nothing is skipped."""
        return tuple(self._ahead)

    @property
    def history(self) -> tuple[tuple[str, str], ...]:
        """Tracks by outside id and what became of each: ``given``, ``played`` or ``skipped``."""
        return tuple((one.track_id, one.what) for one in self._events)

    def next(self) -> PlaylistTrack | None:
        """Give the next track; None at the end, or where no track is left that was not played yet.

        A track given before counts as played wholly, unless something else was said of it.
        """
        if not self._ahead:
            with self._desk() as desk:
                self._plan(desk)
        if not self._ahead:
            return None
        track = self._ahead.pop(0)
        self._events.append(_Event(track.track_id, GIVEN))
        return track

    def played(self, track_id: str, ms_played: int | None = None) -> None:
        """Hear that a track was played, wholly or for so long; also one that the radio did not give.

        Raises
        ------
        BadInput
        """
        event = self._said(track_id, PLAYED, ms_played)
        if event.ms is not None and self.minutes is not None:
            self._late(event, event.ms)

    def skipped(self, track_id: str, ms_played: int | None = None) -> None:
        """Hear that a track was skipped; what is ahead is planned anew.

        Raises
        ------
        BadInput
        """
        self._said(track_id, SKIPPED, ms_played)
        self._ahead = []

    def replan(self, minutes_left: float | None) -> tuple[PlaylistTrack, ...]:
        """Plan to another end: so many minutes after the current track; None plays on for ever.

        Returns
        -------
        tuple of PlaylistTrack
            What is ahead now.

        Raises
        ------
        BadInput
        """
        if minutes_left is None and self.request.arc is not None:
            raise BadInput("an arc of a radio without an end", "say how long it is to play: minutes_left=…")
        minutes = None if minutes_left is None else PlaylistRequest.of(minutes=minutes_left).minutes
        self.minutes, self.count = minutes, None
        self._since = len(self._events)
        with self._desk() as desk:
            self._plan(desk)
        return self.ahead

    def _said(self, track_id: str, what: str, ms: int | None) -> _Event:
        ms = _ms(ms)
        for event in reversed(self._events):
            if event.track_id == track_id:
                event.what, event.ms = what, ms
                return event
        with self._desk() as desk:
            desk.row(track_id)
        self._events.append(_Event(track_id, what, ms))
        self._ahead = [track for track in self._ahead if track.track_id != track_id]
        return self._events[-1]

    def _late(self, event: _Event, ms: int) -> None:
        """Plan anew where a track took another time than it is long."""
        with self._desk() as desk:
            row = desk.rows([event.track_id])[0]
            length = ms if row is None else int(desk.tracks.ground.duration_ms[row])
        if abs(length - ms) > self.request.tolerance_s * 1000:
            self._ahead = []

    def _plan(self, desk: Desk) -> None:
        session = Session.of(desk, [(one.track_id, one.what, one.ms) for one in self._events], self._since)
        self._ahead = []
        request = self._question(session)
        if request is None:
            return
        for gives in _GIVES:
            around = self._around(session, gives)
            found = desk.plan(request, around)
            if found is not None and len(found.playlist.tracks) > len(around.places):
                self._ahead = list(found.playlist.tracks[len(around.places) :])
                self.notices = found.playlist.notices
                return

    def _held(self, session: Session) -> list[Heard]:
        """Give what the plan goes on from: all of a leg that has an end, else the last tracks."""
        if self.minutes is None and self.count is None:
            return [*session.before, *session.leg][-BEHIND:]
        return [*session.before[-BEHIND:], *session.leg]

    def _question(self, session: Session) -> PlaylistRequest | None:
        """Say what is asked now; None where the end is reached, or everything was played."""
        if not session.left:
            return None
        seeded = replace(self.request, seed=(self.request.seed + len(self._events)) % 2**63)
        if self.minutes is not None:
            over = session.leg_ms >= self.minutes * 60_000 - self.request.tolerance_s * 1000
            return None if over else replace(seeded, minutes=self.minutes, count=None)
        more = min(AHEAD if self.count is None else self.count - len(session.leg), session.left)
        return replace(seeded, minutes=None, count=len(self._held(session)) + more) if more > 0 else None

    def _around(self, session: Session, gives: Sequence[str]) -> Around:
        held = self._held(session)
        desk = session.desk
        durations = desk.tracks.ground.duration_ms
        # Held tracks count in full; what really passed may be more or less.
        shift = sum(int(durations[one.row]) for one in held) - session.leg_ms
        demands: list[Demand] = [desk.but("new_to_session", len(session.rows), session.rows)] if session.rows else []
        resting = session.resting
        if resting and "resting" not in gives:
            demands.append(Only("resting", len(resting), ~np.isin(desk.tracks.ground.artist, sorted(resting))))

        def change(demand: Demand) -> Demand | None:
            if isinstance(demand, Length):
                return replace(demand, low_ms=demand.low_ms + shift, high_ms=demand.high_ms + shift)
            return None if isinstance(demand, Gap | Cap | Share) and "order" in gives else demand

        unlike = session.unlike_skipped(self.request.seeds)
        return Around(
            places={place: one.row for place, one in enumerate(held)},
            demands=demands,
            fit={} if unlike is None else {"lately": unlike},
            change=change,
        )


#: What gives where nothing is left to play otherwise, step by step.
_GIVES: tuple[tuple[str, ...], ...] = ((), ("resting",), ("resting", "order"))


def _what(value: object) -> str:
    if value not in (GIVEN, PLAYED, SKIPPED):
        raise ValueError(f"{value!r} cannot become of a track")
    return str(value)


def _ms(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadInput(f"ms_played = {value!r}", "give whole milliseconds, 0 or more")
    return value

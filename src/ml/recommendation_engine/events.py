"""Events that a listener's player or app tells: checked, stored, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ml.data.identity import Found, OutsideId, Resolver, find_item, find_user, outside_ids
from ml.data.identity.lookup import roots
from ml.data.ingest import Event, pause_history, record_block, record_feedback, record_listen, undo_event
from ml.data.ingest.record import BLOCKING, SAID
from ml.data.schema import track_artists, users
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.phrase import Language, spoken
from ml.recommendation_engine.results import HistoryState, Recorded
from ml.recommendation_engine.words import event_word, say

EVENTS = ("play", "skip", *SAID, *BLOCKING, "undo")
#: What each of these arguments belongs to.
_ONLY_FOR = {
    "ms_played": ("play", "skip", "seek"),
    "to_ms": ("seek",),
    "until": ("not_now",),
    "device": ("play", "skip"),
    "activity": ("play", "skip"),
}


#: What is said of an event that is not stored.
NOT_KEPT = say("not_kept")


@dataclass(frozen=True, slots=True)
class Told:
    """What came with an event, beside who and what."""

    at: datetime | None = None
    ms_played: int | None = None
    to_ms: int | None = None
    until: datetime | None = None
    device: str | None = None
    activity: str | None = None


def record(store: Store, user_id: str, item_id: str, event: str, told: Told) -> Recorded:
    """Store an event, as :meth:`ml.recommendation_engine.RecommendationEngine.record` says."""
    _check(event, told)
    with store.read() as connection:
        found = find_item(connection, item_id)
        if event in ("hide_artist", "show_artist"):
            found = _artist_of(connection, found)
        elif event in ("play", "skip", "seek"):
            _check_playable(connection, found)
        user_key = _known(connection, user_id)
        names = None if user_key is None else _names(connection, user_key, found)
    if user_key is None or names is None:
        user_key = _add(store, user_id)
        with store.read() as connection:
            names = _names(connection, user_key, found)
    stored = _store(store, user_key, found.key, event, told)
    said = _said(names, found, event, stored.at, stored.event_id, (NOT_KEPT,) if stored.paused else ())
    return replace(said, stored=not stored.paused)


def undo(store: Store, user_id: str, event_id: int | None) -> Recorded:
    """Take back an event, the last that was recorded if none is named."""
    if event_id is not None and (isinstance(event_id, bool) or not isinstance(event_id, int)):
        raise BadInput(f"event_id = {event_id!r}", "give the whole number that recording it gave")
    with store.read() as connection:
        user_key = find_user(connection, user_id)
    undone = undo_event(store, user_key, event_id)
    with store.read() as connection:
        (found,) = roots(connection, [undone.item_key])
        names = _names(connection, user_key, found)
    said = say("took_back", event=str(undone.event_id), kind=event_word(undone.kind))
    return _said(names, found, "undo", undone.at, undone.event_id, (said,))


def pause(store: Store, user_id: str, *, paused: bool) -> HistoryState:
    """Stop or go on keeping what a listener plays."""
    user_key = find_or_add(store, user_id)
    since = pause_history(store, user_key, paused=paused)
    with store.read() as connection:
        user = outside_ids(connection, "user", [user_key])[user_key]
    return _state(user, since)


def history_state(store: Store, user_id: str) -> HistoryState:
    """Tell whether what a listener plays is kept."""
    with store.read() as connection:
        user_key = find_user(connection, user_id)
        since = connection.execute(select(users.c.paused_at).where(users.c.key == user_key)).scalar()
        user = outside_ids(connection, "user", [user_key])[user_key]
    return _state(user, since)


def _state(user: str, since: int | None) -> HistoryState:
    return HistoryState(user, since is not None, None if since is None else moment_of(since).isoformat())


def find_or_add(store: Store, user_id: str) -> int:
    """Give a listener's key; ``source:id`` of nobody yet makes a new one."""
    with store.read() as connection:
        known = _known(connection, user_id)
    return _add(store, user_id) if known is None else known


def _known(connection: Connection, user_id: str) -> int | None:
    try:
        return find_user(connection, user_id)
    except UnknownId:
        return None


def _add(store: Store, user_id: str) -> int:
    try:
        OutsideId.parse(user_id)
    except BadInput:
        raise UnknownId(f"no listener {user_id!r}", f"to add one, write its source: local:user/{user_id}") from None
    import polars as pl

    return int(Resolver(store, None).users(pl.Series([user_id]))[0])


def spoken_in(recorded: Recorded, language: Language) -> Recorded:
    """Say what has to be said of an event in a language."""
    return replace(recorded, notices=tuple(spoken(each, language) for each in recorded.notices))


def moment_of(ms: int) -> datetime:
    """Give UTC milliseconds as a datetime."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _check(event: object, told: Told) -> None:
    if event not in EVENTS:
        raise BadInput(f"unknown event {event!r}", did_you_mean(str(event), EVENTS))
    for name, events in _ONLY_FOR.items():
        if getattr(told, name) is not None and event not in events:
            raise BadInput(f"{name} says nothing about {event!r}", f"it goes with: {', '.join(events)}")
    for name in ("at", "until"):
        moment = getattr(told, name)
        if moment is not None and not isinstance(moment, datetime):
            raise BadInput(f"{name} = {moment!r}", "give a datetime with a time zone")
        if moment is not None and moment.tzinfo is None:
            raise BadInput(f"{name} = {moment.isoformat()} has no time zone", "add one, such as +00:00")

    if event == "seek" and told.ms_played is None and told.to_ms is None:
        raise BadInput("a seek from where to where?", "give ms_played, where it began, and to_ms, where it went")


def _store(store: Store, user_key: int, item_key: int, event: str, told: Told) -> Event:
    at = _ms(told.at)
    if event in BLOCKING:
        return record_block(store, user_key, item_key, blocked=BLOCKING[event], kind=event, at=at)
    if event in SAID:
        places = {"from_ms": told.ms_played, "to_ms": told.to_ms}
        return record_feedback(store, user_key, item_key, event, at=at, until_at=_ms(told.until), **places)
    return record_listen(
        store,
        user_key,
        item_key,
        listened_at=at,
        ms_played=told.ms_played,
        skipped=event == "skip" or None,
        device=told.device,
        activity=told.activity,
    )


def _names(connection: Connection, user_key: int, found: Found) -> tuple[str, str]:
    """Give the outside ids of a listener and an item."""
    user = outside_ids(connection, "user", [user_key])[user_key]
    return user, outside_ids(connection, "item", [found.key])[found.key]


def _said(
    names: tuple[str, str], found: Found, event: str, at: int, event_id: int | None, notices: tuple[str, ...]
) -> Recorded:
    return Recorded(*names, found.label, event, moment_of(at).isoformat(timespec="milliseconds"), event_id, notices)


def _artist_of(connection: Connection, found: Found) -> Found:
    """Give the first artist of a track, or the artist itself."""
    if found.kind == "artist":
        return found
    table = track_artists.c
    statement = select(table.artist_key).where(table.track_key == found.key).order_by(table.position).limit(1)
    artists = roots(connection, connection.execute(statement).scalars().all())
    if not artists:
        raise BadInput(
            f"nobody is known to have made {found.label!r}",
            "block the track itself: --event block",
            code="whose_track",
            values={"text": found.label},
        )
    return artists[0]


def _check_playable(connection: Connection, found: Found) -> None:
    """Refuse an artist whose tracks are known: it is a track that is played. Elsewhere artists are all there is."""
    if found.kind != "artist":
        return
    made = connection.execute(select(track_artists.c.track_key).where(track_artists.c.artist_key == found.key).limit(1))
    if made.first() is not None:
        what = f"{found.label!r} is an artist, and what is played is a track"
        raise BadInput(what, "name the track; an artist can be liked, blocked or hidden")


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)

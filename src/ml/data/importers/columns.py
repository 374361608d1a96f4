"""What the columns of a table are called, and what a table with such columns holds.

Conventions
-----------
Names are compared without case, spaces and punctuation: ``userId``, ``user_id`` and
``User ID`` are one name. Within a row of :data:`SYNONYMS` the first name present wins, and
a column of the file is used once. ``--map ours=theirs`` comes before all guessing;
``--map ours=`` says that the file has no such column, whatever its names look like.

What a table holds follows from its columns (:func:`layout`):

============================================== ==========================================
columns                                        rows are
============================================== ==========================================
user, tag and item or artist                   tags
user, item or artist, time                     listens
user, item or artist (plays or nothing else)   totals of plays
user and age, gender, country or registration  profiles of listeners
item or artist, a time of listening, no user   listens of ``--user``
item or artist                                 a catalogue
============================================== ==========================================

A time that may be another one (``date``, ``when``) is one of listening unless the table has columns of a chart; that is
*unsure*, and the times themselves may settle it (:mod:`ml.data.importers.doubt`).

Without an item or a title, a table with artists is about artists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.data.importers.reasons import reason
from ml.foundation.errors import BadInput, did_you_mean

#: Our columns and what files call them.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "user": (
        "user",
        "user_id",
        "listener",
        "listener_id",
        "username",
        "member_id",
        "account_id",
        "nutzer",
        "benutzer",
        "hörer",
    ),
    "item": (
        "item",
        "item_id",
        "track_id",
        "song_id",
        "movie_id",
        "recording_id",
        "track_uri",
        "spotify_track_uri",
        "uri",
        "id",
    ),
    "title": (
        "title",
        "track_title",
        "track",
        "track_name",
        "song",
        "song_title",
        "song_name",
        "name",
        "titel",
        "stück",
        "lied",
    ),
    "kind": ("kind", "item_kind"),
    "artist_id": ("artist_id", "artist_uri"),
    "artist": ("artist", "artist_name", "artists", "artist_names", "performer", "creator", "künstler", "interpret"),
    "album": ("album", "album_name", "album_title", "release", "release_name"),
    "time": (
        "listened_at",
        "played_at",
        "scrobbled_at",
        "timestamp",
        "ts",
        "uts",
        "utc_time",
        "unix_time",
        "datetime",
        "played_on",
        "listened_on",
        "heard_at",
        "heard_on",
        "when",
        "time",
        "date",
        "tagged_at",
        "zeitpunkt",
        "zeit",
        "datum",
    ),
    "ms_played": (
        "ms_played",
        "played_ms",
        "listened_ms",
        "duration_played_ms",
        "played_s",
        "seconds_played",
        "duration_played",
        "time_played",
    ),
    "plays": (
        "plays",
        "play_count",
        "listen_count",
        "listens",
        "count",
        "weight",
        "total_plays",
        "scrobbles",
        "wiedergaben",
    ),
    "duration": (
        "duration_ms",
        "length_ms",
        "track_duration_ms",
        "duration_s",
        "length_s",
        "duration_sec",
        "duration_seconds",
        "length_seconds",
        "duration",
        "length",
        "dauer",
        "länge",
    ),
    "isrc": ("isrc",),
    "mbid": ("mbid", "recording_mbid", "track_mbid", "musicbrainz_id", "musicbrainz_track_id"),
    "artist_mbid": ("artist_mbid", "musicbrainz_artist_id"),
    "genres": ("genres", "genre"),
    "tag": ("tag", "tags", "tag_value"),
    "year": ("year", "release_year", "jahr"),
    "language": ("language", "lang"),
    "explicit": ("explicit", "is_explicit"),
    "skipped": ("skipped", "skip"),
    "incognito": ("incognito", "incognito_mode", "private_session"),
    "shuffle": ("shuffle",),
    "device": ("device", "platform"),
    "activity": ("activity",),
    "country": ("country", "country_code", "nation"),
    "gender": ("gender", "sex"),
    "age": ("age",),
    "registered": ("registered", "registered_at", "signup", "signup_date", "registered_unixtime"),
    "rating": ("rating", "ratings", "stars"),
}

#: Names of a time that speak of listening, or are so exact that nothing else is likely.
_LISTENING = frozenset(
    {"listenedat", "playedat", "scrobbledat", "timestamp", "ts", "uts", "utctime", "unixtime", "datetime"}
    | {"playedon", "listenedon", "heardat", "heardon"}
)
#: Columns of charts: their dates are not those of listens.
_CHART = frozenset(
    {"rank", "position", "peak", "peakrank", "peakposition", "weeks", "weeksonboard", "weeksonchart", "lastweek"}
    | {"chart", "streams", "popularity", "platz", "rang"}
)


#: Columns of an export of feedback: its rows are no plays, though they name listeners and items.
_FEEDBACK = frozenset({"event", "saidat"})

#: What says that a bare "id" is an item's.
_NAMED = frozenset({"user", "title", "artist", "artist_id"})
_ABOUT_LISTENERS = frozenset({"age", "gender", "registered"})
_ABOUT_LISTENING = frozenset({"item", "artist", "artist_id", "time", "plays"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a file is what.

    Parameters
    ----------
    holds : str
        The frame that its rows make, a key of :data:`ml.data.frames.FRAMES`.
    columns : mapping of str to int
        Our name to the column's position in the file.
    names : sequence of str
        The file's names.
    about_artists : bool
        Whether the rows are about artists for want of an item or a title.
    unsure : bool
        Whether listens could as well be a catalogue, or a catalogue listens: its time may be another one.
    """

    holds: str
    columns: Mapping[str, int]
    names: Sequence[str]
    about_artists: bool
    unsure: bool = False

    @property
    def unread(self) -> list[str]:
        """The file's columns that nothing is made of."""
        read = set(self.columns.values())
        return [name for place, name in enumerate(self.names) if place not in read]

    def name_of(self, ours: str) -> str:
        """Give the file's name of one of our columns."""
        return self.names[self.columns[ours]]


def known(name: str) -> bool:
    """Tell whether a column name is in :data:`SYNONYMS`.

    >>> known("User ID"), known("danceability")
    (True, False)
    """
    return _squash(name) in _KNOWN


def layout(names: Sequence[str], *, given: Mapping[str, str], file: str) -> Layout:
    """Find out what a table holds.

    Parameters
    ----------
    names : sequence of str
        The file's column names.
    given : mapping of str to str
        What ``--map`` says: our name to the file's.
    file : str
        For messages.

    Raises
    ------
    BadInput
        If ``given`` names a column that we or the file do not know, or if no column tells
        the item, or the listener's profile, that a row is about.

    Examples
    --------
    >>> found = layout(["userId", "movieId", "rating", "timestamp"], given={}, file="ratings.csv")
    >>> found.holds, found.columns
    ('listens', {'user': 0, 'item': 1, 'time': 3, 'rating': 2})
    """
    if set(map(_squash, names)) >= _FEEDBACK:
        raise BadInput(
            f"{file}: likes, blocks and the like, not plays: they cannot be imported",
            "record them: ml record --help",
            code="events_not_plays",
            values={"file": str(file)},
        )
    columns = _columns(names, given, file)
    if _is_bare_id(columns, names, given):
        # A listener's beside age or gender, and else anything.
        numbers = columns.pop("item")
        columns |= {"user": numbers} if columns.keys() & {"age", "gender"} else {}
    about_artists = not columns.keys() & {"item", "title"}
    if about_artists and not columns.keys() & {"artist", "artist_id"}:
        if "user" in columns and columns.keys() & {"age", "gender", "country", "registered"}:
            return Layout("profiles", columns, names, about_artists=False)
        raise _no_item(names, file)
    holds, unsure = _holds(columns, names, given)
    return Layout(holds, columns, names, about_artists, unsure)


def recognised(names: Sequence[str]) -> dict[str, int]:
    """Give the position of each column that is recognised by its name, whatever the table holds.

    >>> recognised(["Track Name", "Artist Name(s)", "Danceability", "ISRC"])
    {'title': 0, 'artist': 1, 'isrc': 3}
    """
    return _columns(names, {}, "")


def usable(names: Sequence[str]) -> bool:
    """Tell whether a table with such columns can be read without ``--map``."""
    try:
        layout(names, given={}, file="")
    except BadInput:
        return False
    return True


def ms_per_unit(name: str) -> int | None:
    """Read the unit of a duration from its column's name: milliseconds of one, None if it does not say.

    >>> ms_per_unit("msPlayed"), ms_per_unit("duration_s"), ms_per_unit("length")
    (1, 1000, None)
    """
    squashed = _squash(name)
    if squashed.startswith("ms") or squashed.endswith("ms"):
        return 1
    return 1000 if "sec" in squashed or name.lower().endswith("_s") else None


def _holds(columns: Mapping[str, int], names: Sequence[str], given: Mapping[str, str]) -> tuple[str, bool]:
    """Tell what the rows are, and whether that is unsure."""
    if "user" not in columns:
        return _without_user(columns, names, given)
    if "tag" in columns:
        return "tags", False
    # "name" beside age or gender is the listener's, not a track's.
    a_name = "title" in columns and _squash(names[columns["title"]]) == "name"
    if a_name and columns.keys() & _ABOUT_LISTENERS and not columns.keys() & _ABOUT_LISTENING:
        return "profiles", False
    return "listens" if "time" in columns else "counts", False


def _is_bare_id(columns: Mapping[str, int], names: Sequence[str], given: Mapping[str, str]) -> bool:
    if "item" not in columns or "item" in given or columns.keys() & _NAMED:
        return False
    return _squash(names[columns["item"]]) == "id"


def _without_user(columns: Mapping[str, int], names: Sequence[str], given: Mapping[str, str]) -> tuple[str, bool]:
    """Tell one person's history from a catalogue or a chart: by the name of the time, and what stands beside it."""
    if "time" not in columns:
        return "items", False
    if "time" in given or "ms_played" in columns or _squash(names[columns["time"]]) in _LISTENING:
        return "listens", False
    a_chart = "plays" in columns or not _CHART.isdisjoint(map(_squash, names))
    return "items" if a_chart else "listens", True


def _columns(names: Sequence[str], given: Mapping[str, str], file: str) -> dict[str, int]:
    columns = {ours: _given(ours, theirs, names, file) for ours, theirs in given.items() if _is_ours(ours) and theirs}
    free = {_squash(name): index for index, name in reversed(list(enumerate(names)))}
    free = {name: index for name, index in free.items() if index not in columns.values()}
    for ours, synonyms in SYNONYMS.items():
        if ours in given:
            continue
        for name in map(_squash, synonyms):
            # In a table with listeners a bare "id" numbers the rows.
            if name in free and not (name == "id" and "user" in columns):
                columns[ours] = free.pop(name)
                break
    return columns


def _is_ours(name: str) -> bool:
    if name in SYNONYMS:
        return True
    raise BadInput(
        f"{name}=…: no such column of ours",
        did_you_mean(name, SYNONYMS),
        code="field_unknown",
        values={"name": name},
    )


def _given(ours: str, theirs: str, names: Sequence[str], file: str) -> int:
    if theirs in names:
        return list(names).index(theirs)
    squashed = [_squash(name) for name in names]
    if _squash(theirs) in squashed:
        return squashed.index(_squash(theirs))
    raise BadInput(
        f"{file}: {ours}={theirs}: the file has no column {theirs!r}; it has {_listed(names)}",
        did_you_mean(theirs, names),
        code="no_such_column",
        values={"file": str(file), "name": theirs},
    )


def _no_item(names: Sequence[str], file: str) -> BadInput:
    return BadInput(
        reason("no_item", file=file, columns=_listed(names)),
        reason("no_item_hint"),
        code="no_item_column",
        values={"file": str(file)},
    )


def _listed(names: Sequence[str], most: int = 30) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _squash(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


_KNOWN = frozenset(_squash(name) for names in SYNONYMS.values() for name in names)

"""What can be asked for, checked at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, get_args

from ml.features.keys import camelot, from_camelot
from ml.features.vocabulary import ACTIVITIES, MOODS, TIMES_OF_DAY
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.phrase import Language, require_language
from ml.playlist_generator.flow.arcs import Arc, read_arc
from ml.playlist_generator.flow.transitions import Weights

Fairness = Literal["leximin", "proportional", "average"]
FAIRNESS: tuple[Fairness, ...] = get_args(Fairness)
Effort = Literal["fast", "best"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)
#: Tracks, or minutes, of one list at most.
MOST_TRACKS, MOST_MINUTES = 500, 24 * 60.0
#: Listeners of one list at most.
MOST_LISTENERS = 15
#: How far a list may be from the length asked for.
TOLERANCE_S = 30.0
DEFAULT_MINUTES = 60.0

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlaylistRequest:
    """One playlist that is asked for.

    Parameters
    ----------
    theme : str, optional
        Anything of the following in words, English or German: "rainy Sunday, French, no vocals".
    mood, activity, time_of_day : str, optional
        Words of :mod:`ml.features.vocabulary`.
    genres, tags : tuple of str
        Tracks of at least one of the genres, with at least one of the tags.
    not_genres, not_tags : tuple of str
        No track of any of them.
    seeds, away : tuple of str
        Tracks, artists or stored playlists that the list is to be like, and unlike: ids or exact names.
    user_id : str, optional
        Whose taste counts.
    user_ids : tuple of str
        Several whose tastes count, 2 to 15.
    vetoes : mapping of str to tuple of str
        Tracks and artists that one of several will not have: by listener.
    fairness : {"leximin", "proportional", "average"}
        How several are brought together; see :class:`~ml.playlist_generator.sharing.fairness.Unfairness`.
    familiar_ratio : float in [0, 1], optional
        Share of tracks that the listener knows, of several that any of them does; None does not mind.
    minutes : float or None
        Length of the whole; None where ``count`` is given.
    count : int or None
        Tracks.
    tolerance_s : float
        How far the length may be off.
    years : (int, int), optional
    languages : tuple of str
        Of the songs; at least one of them.
    explicit : bool, optional
        False leaves out explicit tracks.
    instrumental : bool, optional
        True takes tracks without singing only, False those with.
    bpm, energy, loudness_lufs : (float, float), optional
        Bounds, ends included. A track whose value is unknown is outside.
    keys : tuple of int
        As :mod:`ml.features.keys` numbers them; empty takes all.
    artist_gap, album_gap : int >= 0
        Other tracks between two by an artist, or of an album, at least.
    max_per_artist : int >= 1, optional
    include, exclude : tuple of str
        Tracks that have to be in it; tracks and artists that must not.
    pins : mapping of int to str
        Tracks by position, from 1.
    not_played_days : float, optional
        Leaves out what the listener, or any of several, played in the last so many days.
    shares : mapping of str to (float, float)
        Least and most share of the list, by sort: :data:`SORTS`.
    arc : str or tuple of float, optional
        How energy goes along the list.
    weights : Weights
        Of the parts of a transition.
    effort : {"fast", "best"}
    seed : int
        The same seed and data give the same list.
    variety : float in [0, 1]
        How much chance has a say in which of the tracks that suit are taken.
    files_only : bool
        Whether only tracks with a file may be taken.
    language : {"en", "de"}
        Of reasons and notices.
    """

    theme: str | None = None
    mood: str | None = None
    activity: str | None = None
    time_of_day: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    user_id: str | None = None
    user_ids: tuple[str, ...] = ()
    vetoes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fairness: Fairness = "leximin"
    familiar_ratio: float | None = None
    minutes: float | None = None
    count: int | None = None
    tolerance_s: float = TOLERANCE_S
    years: tuple[int, int] | None = None
    languages: tuple[str, ...] = ()
    explicit: bool | None = None
    instrumental: bool | None = None
    bpm: Range | None = None
    energy: Range | None = None
    loudness_lufs: Range | None = None
    keys: tuple[int, ...] = ()
    artist_gap: int = 2
    album_gap: int = 0
    max_per_artist: int | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    pins: Mapping[int, str] = field(default_factory=dict)
    not_played_days: float | None = None
    shares: Mapping[str, Range] = field(default_factory=dict)
    arc: Arc | None = None
    weights: Weights = field(default_factory=Weights)
    effort: Effort = "fast"
    seed: int = 0
    variety: float = 0.2
    files_only: bool = False
    language: Language = "en"

    @classmethod
    def of(cls, **given: Any) -> Self:
        """Check what is given, and fill in the rest; None is as if it were not given.

        Raises
        ------
        BadInput
            Naming the argument, its value and what is allowed.
        """
        asked = {name: value for name, value in given.items() if value is not None}
        names = [each.name for each in fields(cls)]
        for name in asked:
            if name not in names:
                raise BadInput(f"a playlist has no {name!r}", did_you_mean(name, names))
        found = {name: _READ[name](name, value) for name, value in asked.items()}
        if "minutes" in found and "count" in found:
            raise BadInput("minutes and count", "give one of them: a list has a length, or a number of tracks")
        if not {"minutes", "count", "theme"} & set(found):
            found["minutes"] = DEFAULT_MINUTES
        for name in ("familiar_ratio", "not_played_days"):
            if name in found and not {"user_id", "user_ids"} & set(found):
                raise BadInput(f"{name} without user_id", "say whose: user_id=…, or user_ids=[…]")
        _check_listeners(found)
        return cls(**found)

    def to_dict(self) -> dict[str, Any]:
        """Give what was asked that is not the default, as it could be asked again."""
        default = type(self)()
        told: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != getattr(default, each.name):
                told[each.name] = value
        if "keys" in told:
            told["keys"] = [camelot(key) for key in self.keys]
        if "weights" in told:
            told["weights"] = {part.name: getattr(self.weights, part.name) for part in fields(self.weights)}
        return told


def _check_listeners(found: Mapping[str, Any]) -> None:
    user_ids = found.get("user_ids", ())
    if "user_id" in found and user_ids:
        raise BadInput("user_id and user_ids", "give one of them: a list is for one listener, or for several")
    for user_id in found.get("vetoes", {}):
        if user_id not in user_ids:
            raise BadInput(f"vetoes of {user_id!r}, who is none of user_ids", "name them there too: user_ids=[…]")
    if "fairness" in found and not user_ids:
        raise BadInput("fairness without user_ids", "say to whom: user_ids=['…', '…']")


def _listeners(name: str, value: object) -> tuple[str, ...]:
    found = texts(name, value)
    if not 2 <= len(found) <= MOST_LISTENERS:
        raise BadInput(f"{name}: {len(found)} listeners", f"give 2 to {MOST_LISTENERS}; for one, user_id=…")
    return found


def _vetoes(name: str, value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "give tracks and artists by listener: vetoes={'ann': ['…']}")
    return {_text(name, user_id): texts(f"{name} of {user_id}", each) for user_id, each in value.items()}


def _word(table: Any) -> Any:
    return lambda _name, value: table.match(value)


def texts(name: str, value: object) -> tuple[str, ...]:
    """Take a text or several, each once.

    >>> texts("genres", "rock"), texts("genres", ["rock", "pop", "rock"])
    (('rock',), ('rock', 'pop'))

    Raises
    ------
    BadInput
    """
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, Iterable) or isinstance(given, Mapping):
        raise BadInput(f"{name} = {value!r}", "give a text, or a list of texts")
    found = []
    for each in given:
        if not isinstance(each, str) or not each.strip():
            raise BadInput(f"{name}: {each!r} is no text", f"give texts: {name}=['…', '…']")
        found.append(each.strip())
    return tuple(dict.fromkeys(found))


def _number(low: float, high: float, *, whole: bool = False) -> Any:
    def read(name: str, value: object) -> Any:
        is_one = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not is_one or not low <= value <= high:  # type: ignore[operator]
            what = "a whole number" if whole else "a number"
            raise BadInput(f"{name} = {value!r}", f"give {what} from {low:g} to {high:g}")
        return value if whole else float(value)  # type: ignore[arg-type]

    return read


def _range(low: float, high: float, *, whole: bool = False) -> Any:
    def read(name: str, value: object) -> Any:
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
            raise BadInput(f"{name} = {value!r}", f"give two numbers: {name}=({low:g}, {high:g})")
        one = _number(low, high, whole=whole)
        least, most = one(name, value[0]), one(name, value[1])
        if least > most:
            raise BadInput(f"{name} = {value!r}", "the first number is the lower one")
        return least, most

    return read


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadInput(f"{name} = {value!r}", "give true or false")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{name} = {value!r}", "give a text")
    return value.strip()


def _keys(name: str, value: object) -> tuple[int, ...]:
    found = []
    for text in texts(name, value):
        key = from_camelot(text)
        if key is None:
            raise BadInput(f"{name}: {text!r} is no place on the Camelot wheel", "give places such as 8A or 12B")
        found.append(key)
    return tuple(found)


def _pins(name: str, value: object) -> dict[int, str]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "give tracks by position: pins={1: 'track id'}")
    read = _number(1, MOST_TRACKS, whole=True)
    found = {read("a pinned position", _whole(position)): _text(name, track) for position, track in value.items()}
    if len(set(found.values())) < len(found):
        raise BadInput(f"{name} = {dict(value)!r}", "a track comes once, at one position")
    return found


def _whole(value: object) -> object:
    """Take digits for their number: JSON and the command line know positions as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _shares(name: str, value: object) -> dict[str, Range]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "give shares by sort: shares={'language:fr': 0.5}")
    found: dict[str, Range] = {}
    for sort, share in value.items():
        kind, _, what = str(sort).partition(":")
        if kind not in SORTS or (kind != "new" and not what.strip()):
            raise BadInput(f"share of {sort!r}", f"shares are of: {', '.join(SORTS.values())}")
        least_only = isinstance(share, int | float) and not isinstance(share, bool)
        found[str(sort)] = _range(0, 1)(f"share of {sort!r}", (share, 1.0) if least_only else share)
    return found


#: What shares may be of, and how each is written.
SORTS = {"new": "new", "genre": "genre:rock", "language": "language:fr", "years": "years:1990-1999", "tag": "tag:live"}


def _one_of(known: Sequence[str]) -> Any:
    def read(name: str, value: object) -> str:
        if value not in known:
            raise BadInput(f"{name} = {value!r}", did_you_mean(str(value), known))
        return str(value)

    return read


def _weights(name: str, value: object) -> Weights:
    if isinstance(value, Weights):
        return value
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "give numbers by part: weights={'key': 0.5}")
    return Weights.of(**{str(part): number for part, number in value.items()})


_READ: dict[str, Any] = {
    "theme": _text,
    "mood": _word(MOODS),
    "activity": _word(ACTIVITIES),
    "time_of_day": _word(TIMES_OF_DAY),
    **dict.fromkeys(
        ("genres", "tags", "not_genres", "not_tags", "seeds", "away", "languages", "include", "exclude"), texts
    ),
    "user_id": _text,
    "user_ids": _listeners,
    "vetoes": _vetoes,
    "fairness": _one_of(FAIRNESS),
    "familiar_ratio": _number(0, 1),
    "minutes": _number(1, MOST_MINUTES),
    "count": _number(1, MOST_TRACKS, whole=True),
    "tolerance_s": _number(0, 3600),
    "years": _range(1, 9999, whole=True),
    "explicit": _flag,
    "instrumental": _flag,
    "bpm": _range(1, 1000),
    "energy": _range(0, 1),
    "loudness_lufs": _range(-100, 20),
    "keys": _keys,
    "artist_gap": _number(0, 100, whole=True),
    "album_gap": _number(0, 100, whole=True),
    "max_per_artist": _number(1, MOST_TRACKS, whole=True),
    "pins": _pins,
    "not_played_days": _number(0, 36_500),
    "shares": _shares,
    "arc": lambda _name, value: read_arc(value),
    "weights": _weights,
    "effort": _one_of(EFFORTS),
    "seed": _number(0, 2**63 - 1, whole=True),
    "variety": _number(0, 1),
    "files_only": _flag,
    "language": lambda _name, value: require_language(value),
}

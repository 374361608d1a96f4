"""What demands are called, and what was asked and came of them, in words: English and German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.features.language.languages import LANGUAGES
from ml.features.language.names import GERMAN
from ml.foundation.counting import minutes_of
from ml.foundation.phrase import Phrase, plain_number
from ml.playlist_generator.holding.conflicts import Relaxation
from ml.playlist_generator.results import Constraint

#: English and German by name.
_NAMES: Mapping[str, tuple[str, str]] = {
    "duration": ("length", "Länge"),
    "count": ("number of tracks", "Zahl der Titel"),
    "known_duration": ("known duration", "bekannte Dauer"),
    "artist_gap": ("distance between tracks by an artist", "Abstand zwischen Titeln eines Künstlers"),
    "album_gap": ("distance between tracks of an album", "Abstand zwischen Titeln eines Albums"),
    "max_per_artist": ("tracks by one artist", "Titel je Künstler"),
    "familiar_ratio": ("share of what is known", "Anteil des Bekannten"),
    "bpm": ("tempo", "Tempo"),
    "energy": ("energy", "Energie"),
    "loudness_lufs": ("loudness", "Lautstärke"),
    "keys": ("keys", "Tonarten"),
    "instrumental": ("instrumental", "instrumental"),
    "genres": ("genres", "Genres"),
    "not_genres": ("genres that are not wanted", "unerwünschte Genres"),
    "tags": ("tags", "Schlagwörter"),
    "not_tags": ("tags that are not wanted", "unerwünschte Schlagwörter"),
    "years": ("years", "Jahre"),
    "languages": ("languages", "Sprachen"),
    "explicit": ("explicit words", "explizite Texte"),
    "files_only": ("tracks with a file", "Titel mit Datei"),
    "exclude": ("exclusion", "Ausschluss"),
    "away": ("what it is to be unlike", "was es nicht sein soll"),
    "not_played_days": ("days without being played", "Tage ohne Wiedergabe"),
    "not_blocked": ("what is blocked", "Gesperrtes"),
    "not_repeated": ("nothing twice", "nichts doppelt"),
    "not_in_list": ("nothing of the list", "nichts aus der Liste"),
    "not_in_last_lists": ("nothing of the last lists", "nichts aus den letzten Listen"),
    "others": ("other tracks", "andere Titel"),
    "threshold": ("likeness to the list", "Ähnlichkeit mit der Liste"),
    "artists_with_room": ("artists with room", "Künstler mit Spielraum"),
    "in_catalogue": ("imported tracks", "importierte Titel"),
    "new_to_session": ("nothing twice", "nichts doppelt"),
    "resting": ("artists that rest", "ruhende Künstler"),
    "known_for_mood": ("a sound known well enough for the mood", "für die Stimmung bekannter Klang"),
    "known_for_activity": ("a sound known well enough for the activity", "für die Tätigkeit bekannter Klang"),
    "known_for_time_of_day": ("a sound known well enough for the time of day", "für die Tageszeit bekannter Klang"),
    "played": ("what was played", "Gespieltes"),
    "kept": ("what was kept", "Behaltenes"),
    "before": ("what was there", "was schon da war"),
}
#: The same, by what a name begins with; the rest of it is shown.
_BEGINNINGS: Mapping[str, tuple[str, str]] = {
    "include ": ("{what}", "{what}"),
    "not_blocked by ": ("what {what} blocks", "was {what} sperrt"),
    "veto of ": ("veto of {what}", "Veto von {what}"),
    "more ": ("more {what}", "mehr {what}"),
    "less ": ("less {what}", "weniger {what}"),
    "share new": ("share of new tracks", "Anteil neuer Titel"),
    "share ": ("share of {what}", "Anteil von {what}"),
}
_OF_SORTS = frozenset({"more ", "less ", "share "})
_SPANS = frozenset({"bpm", "energy", "loudness_lufs", "years"})
_AMOUNTS: Mapping[str, tuple[str, str]] = {
    "yes": ("yes", "ja"),
    "no": ("no", "nein"),
    "span": ("{low} to {high}", "{low} bis {high}"),
    "about": ("{length} (within {n} s)", "{length} (auf {n} s genau)"),
    "of": ("{n} of {all} tracks", "{n} von {all} Titeln"),
    "without": ("all but {n} tracks", "alle bis auf {n} Titel"),
    "without_one": ("all but one track", "alle bis auf einen Titel"),
    "at_least": ("at least {share}", "mindestens {share}"),
    "at_most": ("at most {share}", "höchstens {share}"),
    "place": ("place {n}", "Stelle {n}"),
    "missing": ("not in it", "nicht darin"),
    "instead": ("{name}: {enough} instead of {asked}", "{name}: {enough} statt {asked}"),
    "gone": ("without {name}", "ohne {name}"),
    "once": ("never twice", "nie zweimal"),
}


def _phrase(texts: tuple[str, str], **values: Any) -> Phrase:
    return Phrase(dict(zip(("en", "de"), texts, strict=True)), values)


def word(text: str) -> Phrase:
    """Give a word of the vocabulary, or the name of a feature, in both languages; what is none stays as it is.

    >>> from ml.foundation.phrase import spoken
    >>> spoken(word("calm"), "de"), word("tempo_bpm"), word("my tag")
    ('ruhig', 'tempo', 'my tag')
    """
    plain = text.removesuffix("_bpm").removesuffix("_lufs")
    if plain == "instrumentalness":
        return _phrase(("instrumentalness", "Instrumentales"))
    return _phrase((plain.replace("_", " "), GERMAN.get(plain.replace("_", " "), plain.replace("_", " "))))


def demand_name(name: str) -> Phrase:
    """Say what a demand is about.

    >>> from ml.foundation.phrase import spoken
    >>> demand_name("bpm"), spoken(demand_name("share genre:electronic"), "de"), demand_name("pin 3 Ada - Blue")
    ('tempo', 'Anteil von Elektronisch', 'Ada - Blue at place 3')
    """
    if name in _NAMES:
        return _phrase(_NAMES[name])
    if name.startswith("pin "):
        _, place, label = name.split(" ", 2)
        return _phrase(("{what} at place {n}", "{what} an Stelle {n}"), what=label, n=int(place))
    for beginning, texts in _BEGINNINGS.items():
        if name.startswith(beginning):
            what = name.removeprefix(beginning)
            return _phrase(texts, what=_sort(what) if beginning in _OF_SORTS else what)
    return _phrase((name, name))


def _sort(text: str) -> Phrase:
    kind, colon, what = text.partition(":")
    if kind == "language" and colon and what in LANGUAGES:
        english, german, *_ = LANGUAGES[what].synonyms.split(", ")
        return _phrase((english.capitalize(), german.capitalize()))
    return word(what if colon else text)


def amount(name: str, value: Any) -> Phrase | str:
    """Say what was asked of a demand, what came of it or what would be enough.

    >>> amount("duration", {"minutes": 60.0, "tolerance_s": 30.0}), amount("bpm", [120.0, 130.0])
    ('60:00 (within 30 s)', '120 to 130')
    >>> from ml.foundation.phrase import spoken
    >>> spoken(amount("bpm", {"tracks": 3, "without": 2}), "de"), spoken(amount("share new", 0.3), "de")
    ('3 von 5 Titeln', '30 %')
    """
    if isinstance(value, Mapping):
        return _of_mapping(value)
    if name.startswith("pin ") and not isinstance(value, str):
        return _phrase(_AMOUNTS["missing"]) if value is None else _phrase(_AMOUNTS["place"], n=value)
    if name.startswith("include ") and isinstance(value, bool):
        return _phrase(_AMOUNTS["missing"])
    if name in ("artist_gap", "album_gap") and value is None:
        return _phrase(_AMOUNTS["once"])
    if isinstance(value, bool):
        return _phrase(_AMOUNTS["yes" if value else "no"])
    if name == "familiar_ratio" or name.startswith("share "):
        return _share(*value) if isinstance(value, list | tuple) else _percent(value)
    if isinstance(value, list | tuple):
        if name in _SPANS:
            low, high = (str(end) if name == "years" else plain_number(float(end)) for end in value)
            return low if value[0] == value[1] else _phrase(_AMOUNTS["span"], low=low, high=high)
        return (
            Phrase({"en": "{each}", "de": "{each}"}, {"each": tuple(word(str(each)) for each in value)})
            if value
            else ""
        )
    if isinstance(value, int | float):
        return plain_number(value)
    return word(str(value))


def _of_mapping(value: Mapping[str, Any]) -> Phrase | str:
    match dict(value):
        case {"minutes": minutes, "tolerance_s": tolerance}:
            return _phrase(_AMOUNTS["about"], length=minutes_of(minutes * 60), n=plain_number(tolerance))
        case {"minutes": minutes}:
            return minutes_of(minutes * 60)
        case {"tracks": n, "without": others}:
            return _phrase(_AMOUNTS["of"], n=n, all=n + others)
        case {"tracks_without": n}:
            return _phrase(_AMOUNTS["without_one"] if n == 1 else _AMOUNTS["without"], n=n)
        case {"least": least, "most": most}:
            return _share(least, most)
        case {"from_s": low, "to_s": high}:
            return _phrase(_AMOUNTS["span"], low=minutes_of(low), high=minutes_of(high))
        case {"from": low, "to": high}:
            return _phrase(_AMOUNTS["span"], low=plain_number(low), high=plain_number(high))
    return ", ".join(f"{name} {each}" for name, each in value.items())


def _share(least: float, most: float) -> Phrase | str:
    if most >= 1:
        return _phrase(_AMOUNTS["at_least"], share=_percent(least))
    if least <= 0:
        return _phrase(_AMOUNTS["at_most"], share=_percent(most))
    return _phrase(_AMOUNTS["span"], low=_percent(least), high=_percent(most))


def _percent(value: float) -> str:
    return f"{round(100 * value)} %"


def relaxed(one: Relaxation) -> Phrase:
    """Say what would be possible.

    >>> relaxed(Relaxation("max_per_artist", 1, 3)), relaxed(Relaxation("bpm", [200.0, 200.0], None))
    ('tracks by one artist: 3 instead of 1', 'without tempo 200')
    """
    if one.enough is None:
        said = _phrase(
            ("{name} {asked}", "{name} {asked}"), name=demand_name(one.name), asked=amount(one.name, one.asked)
        )
        plain = one.name.startswith(("include ", "pin ")) or isinstance(one.asked, bool)
        return _phrase(_AMOUNTS["gone"], name=demand_name(one.name) if plain else said)
    enough, asked = one.enough, one.asked
    if isinstance(enough, Mapping) and isinstance(asked, Mapping) and "from_s" in enough:
        # What was asked lies within: only one end is new.
        shorter = enough["from_s"] < asked["minutes"] * 60 - asked.get("tolerance_s", 0)
        enough, asked = {"minutes": enough["from_s" if shorter else "to_s"] / 60}, {"minutes": asked["minutes"]}
    elif isinstance(enough, Mapping) and "from" in enough and isinstance(asked, int):
        enough = enough["from"] if enough["from"] < asked else enough["to"]
    told = amount(one.name, enough)
    return _phrase(_AMOUNTS["instead"], name=demand_name(one.name), enough=told, asked=amount(one.name, asked))


def unmet(one: Constraint) -> Phrase:
    """Say what was asked, and what came of it.

    >>> unmet(Constraint("include Ada - Blue", "Ada - Blue", False, False))
    'Ada - Blue: not in it'
    >>> unmet(Constraint("count", 9, 5, False))
    'number of tracks: asked for 9, got 5'
    """
    name, got = demand_name(one.name), amount(one.name, one.got)
    if one.name.startswith(("include ", "pin ")):
        return _phrase(("{name}: {got}", "{name}: {got}"), name=name, got=got)
    texts = ("{name}: asked for {asked}, got {got}", "{name}: verlangt {asked}, erreicht {got}")
    return _phrase(texts, name=name, asked=amount(one.name, one.asked), got=got)

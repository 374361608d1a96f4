"""What commands print around an answer, in English and in German: one phrase a line, as the engine's own words are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.app import App
from ml.foundation.phrase import Language, Phrase, require_language, spoken

#: English and German by the name of the phrase.
PRINTED: Mapping[str, tuple[str, str]] = {
    "note": ("note:", "Hinweis:"),
    "familiar": ("familiar", "vertraut"),
    "new": ("new to the listener", "neu für den Hörer"),
    # Search.
    "understood": ("understood as {words}", "verstanden als {words}"),
    "did_you_mean": ("did you mean {name}? ({share} sure)", "meintest du {name}? (zu {share} sicher)"),
    "heard": ("heard: {name} ({share} sure)", "gehört: {name} (zu {share} sicher)"),
    "or_heard": ("or: {names}", "oder: {names}"),
    "begin_talking": ("Press Enter, say a name", "Eingabetaste drücken, einen Namen sagen"),
    "begin_humming": (
        "Press Enter, then hum, or let me hear music",
        "Eingabetaste drücken, dann summen oder mich Musik hören lassen",
    ),
    "end_talking": ("listening; Enter ends", "ich höre zu; Eingabetaste beendet"),
    "nothing_found": ("nothing found for {text}", "nichts gefunden zu {text}"),
    "artist": ("artist", "Künstler"),
    "album": ("album", "Album"),
    "track": ("track", "Titel"),
    "name": ("name", "Name"),
    "year": ("year", "Jahr"),
    "length": ("length", "Länge"),
    "score": ("score", "Wert"),
    "why": ("why", "warum"),
    # The interview.
    "keys": (
        "y: I like them   n: I do not   Enter: never heard of them   q: enough",
        "y: mag ich   n: mag ich nicht   Enter: nie gehört   q: genug",
    ),
    "other_key": ("y, n, Enter or q", "y, n, Enter oder q"),
    "ask_next": ("Ask next", "Als Nächstes fragen"),
    "after_none": ("nothing is answered yet", "noch ist nichts beantwortet"),
    "after_one": ("after one answer", "nach einer Antwort"),
    "after": ("after {n} answers", "nach {n} Antworten"),
    "worth": (
        "{bits} bits, {percent}% of the listeners like them",
        "{bits} Bit, {percent} % der Hörer mögen sie",
    ),
    # Playlists.
    "n_track": ("{n} track", "{n} Titel"),
    "n_tracks": ("{n} tracks", "{n} Titel"),
    "cost": ("cost {cost}", "Kosten {cost}"),
    "bound": ("no such list costs less than {bound}", "keine solche Liste kostet weniger als {bound}"),
    "not_met": ("not met:", "nicht erfüllt:"),
    "possible": ("possible:", "möglich:"),
    "together": ("possible, together:", "möglich, zusammen:"),
    "title": ("title", "Titel"),
    "bpm": ("BPM", "BPM"),
    "key": ("key", "Tonart"),
    "energy": ("energy", "Energie"),
    "n_list": ("{n} list", "{n} Liste"),
    "n_lists": ("{n} lists", "{n} Listen"),
    "left_out": ("left out: {tracks}", "bleiben außen vor: {tracks}"),
    "not_carried": ("not carried by the format: {what}", "das Format hält nicht: {what}"),
    "lost_of": ("{what} of {tracks}", "{what} von {tracks}"),
    "lost_of_list": ("the list's {what}", "{what} der Liste"),
    "more_in_json": ("and {n} more: --json lists all", "und {n} weitere: --json nennt alle"),
    "today": ("its list of today:", "ihre Liste von heute:"),
    "no_recipes": ("no recipes yet:", "noch keine Rezepte:"),
    "forgotten": ("{name} is forgotten", "{name} ist vergessen"),
    "lists_removed": ("{lists} removed", "{lists} entfernt"),
    "lists_kept": ("{lists} kept", "{lists} behalten"),
    "and_more": ("{before}, and {added}", "{before}, und {added}"),
    "not_together": ("not together:", "nicht zusammen:"),
    "against": ("against {previous}", "gegenüber {previous}"),
    "same_order": ("{n} in the same order", "{n} in derselben Reihenfolge"),
    "added": ("new:", "neu:"),
    "removed": ("gone:", "weg:"),
    "moved": ("moved:", "verschoben:"),
    "daily": ("daily", "täglich"),
    "weekly": ("weekly", "wöchentlich"),
    "recipe": ("recipe", "Rezept"),
    "rhythm": ("rhythm", "Rhythmus"),
    "asks_for": ("asks for", "verlangt"),
    "last": ("last", "letzte"),
    "kept_since": ("kept since", "besteht seit"),
    "lists_column": ("lists", "Listen"),
    # Events.
    "recorded": ("{event} of {title} by {user} at {at}", "{event}: {title}, von {user}, {at}"),
    "event": ("event {n}", "Ereignis {n}"),
    "is_paused": (
        "the history of {user} is paused since {since}: what is played is not kept",
        "der Verlauf von {user} ist seit {since} angehalten: was gehört wird, wird nicht gespeichert",
    ),
    "is_kept": ("what {user} plays is kept", "was {user} hört, wird gespeichert"),
}


def printed(name: str, language: Language, /, **values: Any) -> str:
    """Give a text in a language.

    >>> printed("after", "de", n=3)
    'nach 3 Antworten'
    """
    return spoken(Phrase(dict(zip(("en", "de"), PRINTED[name], strict=True)), values), language)


def number_in(n: int, one: str, language: Language) -> str:
    """Say how many there are.

    >>> number_in(1, "track", "en"), number_in(1200, "list", "de")
    ('1 track', '1.200 Listen')
    """
    return printed(f"n_{one}" if n == 1 else f"n_{one}s", language, n=n)


def answers(n: int, language: Language) -> str:
    """Say after how many answers.

    >>> answers(1, "en"), answers(0, "de")
    ('after one answer', 'noch ist nichts beantwortet')
    """
    few = ("after_none", "after_one")
    return printed(few[n], language) if n < len(few) else printed("after", language, n=n)


def decimals(value: float, language: Language, places: int = 2) -> str:
    """Write a number with so many decimals.

    >>> decimals(0.5, "de")
    '0,50'
    """
    return f"{value:.{places}f}".replace(".", "," if language == "de" else ".")


def language_of(app: App, language: str | None) -> Language:
    """Give the language that was asked for, else that of the settings.

    Raises
    ------
    BadInput
        If nothing is said in it.
    """
    return require_language(app.settings.recommendation_engine.language if language is None else language)

"""What the engine says, in English and in German: one phrase a line, each language beside the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from ml.data.ingest.countries import country_name
from ml.foundation.phrase import LANGUAGES, Language, Phrase
from ml.recommendation_engine.explanation_words import EXPLAINED

#: English and German by the name of the phrase.
PHRASES: Mapping[str, tuple[str, str]] = {
    # Why an item is in a list.
    "once": ("once", "einmal"),
    "times": ("{n} times", "{n}-mal"),
    "said_like": ("you liked it, kept it or went back in it", "du hast es gemocht, behalten oder darin zurückgespult"),
    "played": ("you played it {often}", "du hast es {often} gehört"),
    "played_last": ("you played it {often}, last on {last}", "du hast es {often} gehört, zuletzt am {last}"),
    "because_played": ("because you played {names}", "weil du {names} gehört hast"),
    "because_like": ("because you like {names}", "weil du {names} magst"),
    "because_said": ("because you played, liked or kept {names}", "weil du {names} gehört, gemocht oder behalten hast"),
    "unplayed": ("in the catalogue; nobody has played it yet", "im Katalog; noch niemand hat es gehört"),
    "popular_here": ("popular where you live", "beliebt, wo du lebst"),
    "popular_group": ("popular with listeners like you", "beliebt bei Hörern wie dir"),
    "popular": ("popular with other listeners", "beliebt bei anderen Hörern"),
    "suggested": ("suggested by {algorithm}", "vorgeschlagen von {algorithm}"),
    "suggested_taste": ("suits what is known of your taste", "passt zu dem, was von deinem Geschmack bekannt ist"),
    "no_tie": (
        "in the catalogue; the models see no tie to what you played",
        "im Katalog; die Modelle sehen keine Verbindung zu dem, was du gehört hast",
    ),
    "both": ("{first}; {second}", "{first}; {second}"),
    "comma": ("{first}, {second}", "{first}, {second}"),
    "mood": ("the mood {word}", "der Stimmung „{word}“"),
    "suits": ("suits {word}: {sound}", "passt zu {word}: {sound}"),
    "suits_times": (
        "suits {words}: {times} times as likely then as otherwise",
        "passt zu {words}: dann {times}-mal so wahrscheinlich wie sonst",
    ),
    "wish genres": ("{names}", "{names}"),
    "wish energy": ("energy {energy}", "Energie {energy}"),
    "as_wished": ("as you wished: {names}", "wie gewünscht: {names}"),
    # Notices.
    "nothing_left": (
        "nothing is left to recommend: everything is heard, blocked or of too few artists",
        "nichts bleibt zu empfehlen: alles ist gehört, gesperrt oder von zu wenigen Interpreten",
    ),
    "only_some": (
        "only {n} of {count}: nothing else fits the dial and the cap on artists",
        "nur {n} von {count}: nichts sonst passt zum Regler und zur Grenze je Interpret",
    ),
    "no_history": ("{user} has no history that the models know", "{user} hat keinen Verlauf, den die Modelle kennen"),
    "nobody": ("nobody here is called {user}", "niemand hier heißt {user}"),
    "popular_items": ("{who}; these are popular items", "{who}; das ist, was beliebt ist"),
    "unheard_items": (
        "{who}, and nobody has listened to these: import a history, or record a listen",
        "{who}, und niemand hat das hier gehört: importiere einen Verlauf, oder zeichne ein Hören auf",
    ),
    "newcomer": (
        "so little is known of {user} that {algorithm} answers, beside what listeners like them like",
        "von {user} ist so wenig bekannt, dass {algorithm} antwortet, neben dem, was ähnliche Hörer mögen",
    ),
    "lesser": (
        "{deep} answers as {base}: {why}; to mend it: {how}",
        "{deep} antwortet als {base}: {why}; Abhilfe: {how}",
    ),
    "no_library": (
        "'{library}' is not installed; it comes with the extra 'deep'",
        "'{library}' ist nicht installiert; es kommt mit dem Extra 'deep'",
    ),
    "no_model": ("the current models have no '{algorithm}'", "die jetzigen Modelle haben kein '{algorithm}'"),
    "no_deep": ("the current models have no deep part", "die jetzigen Modelle haben keinen tiefen Teil"),
    "paused": (
        "the history is paused since {day}: what is played changes nothing",
        "der Verlauf ist seit {day} angehalten: was gehört wird, ändert nichts",
    ),
    "not_kept": (
        "not stored: the history of this listener is paused; to go on: ml history resume LISTENER",
        "nicht gespeichert: der Verlauf dieses Hörers ist angehalten; um fortzufahren: ml history resume HÖRER",
    ),
    "took_back": ("took back event {event}: {kind}", "Ereignis {event} zurückgenommen: {kind}"),
    "suspended": (
        "experiment {experiment} is suspended, since it asks for {algorithm}: {why}",
        "Experiment {experiment} ruht, denn es verlangt {algorithm}: {why}",
    ),
    "histories_beside": (
        "histories are read only to say what was played, beside the lists",
        "Verläufe werden nur gelesen, um neben den Listen zu sagen, was gehört wurde",
    ),
    "all_pooled": (
        "no group has {n} artists and leaves as many beside it: all are pooled as other, and nothing is told apart",
        "keine Gruppe hat {n} Interpreten und lässt so viele neben sich: alle sind zusammengefasst (other)",
    ),
    "gone": (
        "items that the models know and that were removed since: {n}; train again: ml train",
        "Stücke, die die Modelle kennen und die seitdem entfernt wurden: {n}; neu trainieren: ml train",
    ),
    "filters_all": (
        "nothing in the catalogue is known to fit language, years and explicit words",
        "von nichts im Katalog ist bekannt, dass es zu Sprache, Jahren und anstößigen Wörtern passt",
    ),
    "context_unknown": (
        "the context changes nothing: the current models know nothing of situations; train again: ml train",
        "der Kontext ändert nichts: die jetzigen Modelle wissen nichts von Situationen; neu trainieren: ml train",
    ),
    "unused_beside": (
        "without effect: {parts} (nothing bears out that it matters beside {used})",
        "ohne Wirkung: {parts} (nichts belegt, dass es neben {used} zählt)",
    ),
    "unused": (
        "without effect: {parts} (neither listens nor publications say what suits)",
        "ohne Wirkung: {parts} (weder Hören noch Veröffentlichungen sagen, was passt)",
    ),
    "no_energy": (
        "energy_level changes nothing: no item's energy is known",
        "energy_level ändert nichts: von keinem Stück ist die Energie bekannt",
    ),
    "no_profiling": (
        "without profiling: nothing that is known of the listener was read; ranked by popularity{and_request}",
        "ohne Profiling: nichts, was über den Hörer bekannt ist, wurde gelesen; geordnet nach Beliebtheit{and_request}",
    ),
    "and_request": (" and by what the request itself says", " und nach dem, was die Anfrage selbst sagt"),
    "nothing": ("", ""),
    "needs_profiling": (
        "{algorithm} would need the listener's history: without profiling, {instead} answers",
        "{algorithm} bräuchte den Verlauf des Hörers: ohne Profiling antwortet {instead}",
    ),
    "one_of_two": (
        "experiment {experiment} mixes two rankings into one list: this is where {algorithm} alone puts it",
        "Experiment {experiment} mischt zwei Rangfolgen zu einer Liste: diesen Platz gibt {algorithm} allein",
    ),
    "replay_knows_all": (
        "familiar_ratio changes nothing with replay: it ranks what is familiar only",
        "familiar_ratio ändert mit replay nichts: es ordnet nur, was vertraut ist",
    ),
    "no_dial": (
        "familiar_ratio changes nothing without profiling: nothing is known to be familiar",
        "familiar_ratio ändert ohne Profiling nichts: von nichts ist bekannt, dass es vertraut ist",
    ),
    "no_new_items": (
        "exposure: there are no new items in this answer, so no group has a share of them",
        "exposure: in dieser Antwort gibt es keine neuen Stücke, also hat keine Gruppe einen Anteil daran",
    ),
    "shares_now": (
        "exposure: {ends} of the new items asked for from {group}; {here} of {n} are, {there} without",
        "exposure: {ends} der neuen Stücke sollen von {group} sein; {here} von {n} sind es, ohne das {there}",
    ),
    "shares_now_one": (
        "exposure: {ends} of the new items asked for from {group}; {here} of {n} is, {there} without",
        "exposure: {ends} der neuen Stücke sollen von {group} sein; {here} von {n} ist es, ohne das {there}",
    ),
    "rounded_down": (
        "{share} of {n} is {least} at least, rounded down",
        "{share} von {n} sind mindestens {least}, abgerundet",
    ),
    "rounded_up": (
        "{share} of {n} is {most} at most, rounded up",
        "{share} von {n} sind höchstens {most}, aufgerundet",
    ),
    "ends": ("{least} … {most}", "{least} … {most}"),
    "too_few": (
        "{n} were asked for, and nothing more of {group} is left for this listener",
        "{n} sollten es sein, und mehr von {group} bleibt für diesen Hörer nicht",
    ),
    "too_few_one": (
        "{n} was asked for, and nothing more of {group} is left for this listener",
        "{n} sollte es sein, und mehr von {group} bleibt für diesen Hörer nicht",
    ),
    "too_many": (
        "{n} at most were asked for, and nothing else is left for this listener",
        "höchstens {n} sollten es sein, und anderes bleibt für diesen Hörer nicht",
    ),
    "too_many_one": (
        "{n} at most was asked for, and nothing else is left for this listener",
        "höchstens {n} sollte es sein, und anderes bleibt für diesen Hörer nicht",
    ),
    "brought_forward": (
        "brought forward for the share of {group}",
        "vorgezogen für den Anteil von {group}",
    ),
    # Groups of artists.
    "group head": ("head", "den meistgehörten Interpreten"),
    "group mid": ("mid", "den Interpreten im Mittelfeld"),
    "group tail": ("tail", "den am wenigsten gehörten Interpreten"),
    "group country": ("artists of {country}", "Interpreten aus {country}"),
    # Events.
    "event play": ("play", "gehört"),
    "event skip": ("skip", "übersprungen"),
    "event like": ("like", "gemocht"),
    "event dislike": ("dislike", "nicht gemocht"),
    "event not_now": ("not_now", "gerade nicht erwünscht"),
    "event add_to_playlist": ("add_to_playlist", "in eine Playlist aufgenommen"),
    "event seek": ("seek", "gespult"),
    "event block": ("block", "gesperrt"),
    "event unblock": ("unblock", "nicht mehr gesperrt"),
    "event hide_artist": ("hide_artist", "Interpret ausgeblendet"),
    "event show_artist": ("show_artist", "Interpret wieder eingeblendet"),
    "event undo": ("undo", "zurückgenommen"),
    # How something sounds.
    "sound energetic": ("energetic", "energiegeladen"),
    "sound gentle": ("gentle", "sanft"),
    "sound bright": ("bright", "hell"),
    "sound dark": ("dark", "dunkel"),
    "sound acoustic": ("acoustic", "akustisch"),
    "sound without words": ("without words", "ohne Worte"),
    "sound danceable": ("danceable", "tanzbar"),
    # Parts of a context.
    "part mood": ("mood", "Stimmung"),
    "part activity": ("activity", "Tätigkeit"),
    "part time_of_day": ("time_of_day", "Tageszeit"),
    "part weekday": ("weekday", "Wochentag"),
    "part location": ("location", "Ort"),
    "part device": ("device", "Gerät"),
}

#: German for the canonical words of :mod:`ml.features.vocabulary`, and for the two kinds of days.
WORDS: Mapping[str, str] = {
    "happy": "fröhlich",
    "excited": "begeistert",
    "energetic": "energiegeladen",
    "tense": "angespannt",
    "angry": "wütend",
    "gloomy": "düster",
    "sad": "traurig",
    "sleepy": "müde",
    "calm": "ruhig",
    "romantic": "romantisch",
    "commute": "Pendeln",
    "drive": "Autofahren",
    "work": "Arbeit",
    "focus": "Konzentration",
    "workout": "Sport",
    "walk": "Spazieren",
    "party": "Feiern",
    "relax": "Entspannen",
    "sleep": "Schlafen",
    "dinner": "Essen",
    "cook": "Kochen",
    "clean": "Putzen",
    "play": "Spielen",
    "morning": "Morgen",
    "midday": "Mittag",
    "afternoon": "Nachmittag",
    "evening": "Abend",
    "night": "Nacht",
    "monday": "Montag",
    "tuesday": "Dienstag",
    "wednesday": "Mittwoch",
    "thursday": "Donnerstag",
    "friday": "Freitag",
    "saturday": "Samstag",
    "sunday": "Sonntag",
    "weekend": "Wochenende",
    "home": "zu Hause",
    "bed": "Bett",
    "office": "Büro",
    "school": "Schule",
    "gym": "Fitnessstudio",
    "car": "Auto",
    "transit": "Bahn und Bus",
    "outdoors": "draußen",
    "club": "Club",
    "restaurant": "Restaurant",
    "phone": "Handy",
    "tablet": "Tablet",
    "computer": "Computer",
    "speaker": "Lautsprecher",
    "tv": "Fernseher",
    "watch": "Uhr",
    "console": "Konsole",
}


_TEXTS: Mapping[str, Mapping[Language, str]] = {
    name: {"en": english, "de": german} for name, (english, german) in {**EXPLAINED, **PHRASES}.items()
}


def say(name: str, /, **values: Any) -> Phrase:
    """Make a phrase.

    >>> from ml.foundation.phrase import spoken
    >>> spoken(say("played", often=often(3)), "de"), str(say("played", often=often(1)))
    ('du hast es 3-mal gehört', 'you played it once')
    """
    return Phrase(_TEXTS[name], values)


def counted(name: str, number: int, /, **values: Any) -> Phrase:
    """Make the phrase for one, or for another number.

    >>> str(counted("rank_new", 1, rank=1, n=1, algorithm="ease"))
    'rank 1 of 1 new item, by ease'
    """
    return say(f"{name}_one" if number == 1 else name, **values)


def phrase(pair: tuple[str, str], **values: Any) -> Phrase:
    """Make a phrase of an English and a German text."""
    texts: dict[Language, str] = {"en": pair[0], "de": pair[1]}
    return Phrase(texts, values)


def word(name: str) -> str:
    """Give a word of a situation as a phrase; one without a translation stays as it is."""
    return phrase((name, WORDS[name])) if name in WORDS else name


def group(name: str) -> Phrase:
    """Give a group of artists, as a request calls it, as a phrase.

    >>> from ml.foundation.phrase import spoken
    >>> [spoken(group(name), "de") for name in ("country:DE", "tail")]
    ['Interpreten aus Deutschland', 'den am wenigsten gehörten Interpreten']
    """
    kind, _, code = name.partition(":")
    if kind == "country" and code:
        return say("group country", country=Phrase({each: country_name(code, each) for each in LANGUAGES}))
    return say(f"group {name}")


def event_word(kind: str) -> Phrase:
    """Give a kind of event, such as ``"play"``, as a phrase."""
    return say(f"event {kind}")


def sound(name: str) -> str:
    """Give a word of :func:`ml.models.context.words.in_words` as a phrase; a tempo is the same in both languages."""
    return say(f"sound {name}") if f"sound {name}" in PHRASES else name


def chained(name: str, parts: Sequence[str]) -> str:
    """Put one text after another by a phrase of two; empty where there are none.

    >>> str(chained("comma", ["a", "b", "c"]))
    'a, b, c'
    """
    return reduce(lambda first, second: say(name, first=first, second=second), parts) if parts else ""


def often(n: int) -> Phrase:
    """Say how often.

    >>> often(1), often(1200)
    ('once', '1,200 times')
    """
    return say("once") if n == 1 else say("times", n=n)


def day(moment_ms: int) -> str:
    """Write a moment's day, UTC, as ISO 8601 does."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).date().isoformat()

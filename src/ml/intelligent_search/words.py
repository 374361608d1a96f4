"""What search says, in English and in German: one phrase a line, each language beside the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.phrase import Language, Phrase

#: English and German by the name of the phrase.
PHRASES: Mapping[str, tuple[str, str]] = {
    # Why a hit is there.
    "exact": ("called so", "heißt so"),
    "near": ("its name is {share} % like what was typed", "der Name gleicht dem Getippten zu {share} %"),
    "meaning": ("what is said of it means much the same", "was darüber gesagt wird, bedeutet Ähnliches"),
    "worded": ("has the words", "enthält die Wörter"),
    "some_words": ("has some of the words", "enthält einige der Wörter"),
    "suits": ("suits {words}", "passt zu {words}"),
    "like": ("is listened to by the same people", "wird von denselben Leuten gehört"),
    "company": (
        "the same people listen to what else fits best",
        "dieselben Leute hören, was sonst am besten passt",
    ),
    "heard": ("this recording, from {time} on", "diese Aufnahme, ab {time}"),
    "sounds like": ("sounds like it", "klingt ähnlich"),
    "hummed": ("its melody goes like that", "die Melodie verläuft so"),
    "said": ("sounds like what was said", "klingt wie das Gesagte"),
    # What should be known of the answer.
    "not_said": (
        "what was said is no name here that could be made out; the nearest is {name} ({share} % sure)",
        "was gesagt wurde, ist kein Name, der hier zu erkennen war; am nächsten kommt {name} (zu {share} % sicher)",
    ),
    "nothing_said": ("no words could be made out", "es waren keine Worte zu verstehen"),
    "fewer_names": (
        "a voice is compared with the {n} names that are played most, not with all",
        "eine Stimme wird mit den {n} meistgespielten Namen verglichen, nicht mit allen",
    ),
    "no_value": (
        "of no document is {name} known that was asked for: it has no say",
        "von keinem Dokument ist {name} wie gewünscht bekannt: es zählt nicht",
    ),
    "no_wish": (
        "nothing here is known to be {words}: it has no say",
        "nichts hier ist als {words} bekannt: es zählt nicht",
    ),
    "unused": (
        "no document says anything of this, so that it has no say: {words}",
        "kein Dokument sagt etwas darüber, es zählt also nicht: {words}",
    ),
    "no_change": (
        "of what was named it is not known how it sounds, so that this has no say: {words}",
        "vom Genannten ist nicht bekannt, wie es klingt, das zählt also nicht: {words}",
    ),
    "unknown_like": ("nothing here is called {name}: it has no say", "nichts hier heißt {name}: es zählt nicht"),
    "no_models": (
        "there are no models that know what goes together ({how}): likeness to {names} has no say",
        "es gibt keine Modelle, die wissen, was zusammenpasst ({how}): Ähnlichkeit zu {names} zählt nicht",
    ),
    "by_sound": (
        "no model knows who listens to {names}: hits sound like it",
        "kein Modell weiß, wer {names} hört: die Treffer klingen ähnlich",
    ),
    "no_taste": (
        "there are no models that know listeners ({how}): what they like has no say",
        "es gibt keine Modelle, die Hörer kennen ({how}): ihr Geschmack zählt nicht",
    ),
    "stranger": (
        "nobody knows {user_id}, or what they like: hits are the same for everybody",
        "niemand kennt {user_id} oder ihren Geschmack: die Treffer sind für alle dieselben",
    ),
    "no_situation": (
        "there are no models that know situations ({how}): the situation has no say",
        "es gibt keine Modelle, die Situationen kennen ({how}): die Situation zählt nicht",
    ),
    "nothing_suits": (
        "nothing is known of what suits {words}: the situation has no say",
        "was zu {words} passt, ist nicht bekannt: die Situation zählt nicht",
    ),
    "situation": ("suits the situation", "passt zur Situation"),
    "personal": ("suits the listener", "passt zum Hörer"),
    "chosen": ("was chosen for these words before", "wurde zu diesen Wörtern schon gewählt"),
    "unheard": (
        "{n} files of the library could not be read: their melodies are not known",
        "{n} Dateien der Bibliothek waren nicht lesbar: ihre Melodien sind nicht bekannt",
    ),
    "any_melody": (
        "a melody is compared in any key and tempo, and something is always nearest: listen before you believe it",
        "Melodien werden in jeder Tonart und jedem Tempo verglichen, und etwas ist immer am nächsten: erst hören",
    ),
    "rebuilt": ("the index was damaged and made again", "der Index war beschädigt und wurde neu angelegt"),
    "taken": ("{name} is taken as {taken}", "{name} steht für {taken}"),
    "cut": ("only the first {n} characters were read", "nur die ersten {n} Zeichen wurden gelesen"),
    "genres": ("the genre", "das Genre"),
    "languages": ("the language", "die Sprache"),
    "years": ("the year", "das Jahr"),
    "bpm": ("the tempo", "das Tempo"),
    "duration_s": ("the length", "die Länge"),
    "energy": ("the energy", "die Energie"),
    "musical_keys": ("the key", "die Tonart"),
    "artists": ("the artist", "der Künstler"),
    "explicit": ("explicit words", "explizite Texte"),
}


_TEXTS: Mapping[str, Mapping[Language, str]] = {
    name: {"en": english, "de": german} for name, (english, german) in PHRASES.items()
}


def say(name: str, /, **values: Any) -> Phrase:
    """Make a phrase.

    >>> from ml.foundation.phrase import spoken
    >>> spoken(say("near", share=86), "de")
    'der Name gleicht dem Getippten zu 86 %'
    """
    return Phrase(_TEXTS[name], values)

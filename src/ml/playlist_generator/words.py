"""What the generator says, in English and in German: one phrase a line, each language beside the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.phrase import Language, Phrase

#: English and German by the name of the phrase.
PHRASES: Mapping[str, tuple[str, str]] = {
    # What should be known of the list.
    "no_duration": (
        "tracks left out, since their duration is not known: {n}",
        "Titel, die außen vor bleiben, da ihre Dauer nicht bekannt ist: {n}",
    ),
    "no_region": (
        "nothing is known of which sound suits {word}: it has no say",
        "welcher Klang zu {word} passt, ist nicht bekannt: es zählt nicht",
    ),
    "unknown_features": (
        "of no track is this known: {features}; {word} rests on the rest",
        "von keinem Titel ist dies bekannt: {features}; {word} stützt sich auf das Übrige",
    ),
    "unheard": (
        "tracks left out of {word}, since nothing is known of their sound: {n}",
        "Titel, die bei {word} außen vor bleiben, da von ihrem Klang nichts bekannt ist: {n}",
    ),
    "unknown_value": (
        "tracks left out, since this is not known of them ({name}): {n}",
        "Titel, die außen vor bleiben, da dazu nichts bekannt ist ({name}): {n}",
    ),
    "octave": (
        "tracks that may be taken for half or double their tempo, as their analysis allows: {n}",
        "Titel, die auch mit halbem oder doppeltem Tempo gelten, wie ihre Analyse es zulässt: {n}",
    ),
    "silent": ("has no say in a playlist: {words}", "zählt bei einer Playlist nicht: {words}"),
    "stranger": (
        "nobody knows {user_id}, or what they like: the list is the same for everybody",
        "niemand kennt {user_id} oder ihren Geschmack: die Liste ist für alle dieselbe",
    ),
    "strangers": (
        "nobody knows {names}, or what they like: what is popular stands for it",
        "niemand kennt {names} oder deren Geschmack: was beliebt ist, steht dafür",
    ),
    "strangers_neutral": (
        "nobody knows {names}, or what they like: all tracks are equal to them",
        "niemand kennt {names} oder deren Geschmack: alle Titel gelten ihnen gleich",
    ),
    "no_models": (
        "there are no models that know listeners ({how}): what they like has no say",
        "es gibt keine Modelle, die Hörer kennen ({how}): ihr Geschmack zählt nicht",
    ),
    "undecided": (
        "whether everything can be met is unknown: the search ended before it was",
        "ob alles erfüllbar ist, ist unbekannt: die Suche endete vorher",
    ),
    "impossible": (
        "not everything can be met: these stand against each other: {names}",
        "nicht alles ist erfüllbar: dies steht gegeneinander: {names}",
    ),
    "impossible_one": (
        "not everything can be met: there is too little for this: {names}",
        "nicht alles ist erfüllbar: hierfür gibt es zu wenig: {names}",
    ),
    "gave": (
        "this list comes nearest; so that it keeps to all the rest, this gives way: {names}",
        "diese Liste kommt am nächsten; damit sie alles Übrige einhält, gibt dies nach: {names}",
    ),
    "unheard_transitions": (
        "of these tracks, the sound is not known of {n}: their transitions count as middling",
        "von diesen Titeln ist bei {n} der Klang nicht bekannt: ihre Übergänge zählen als mittelmäßig",
    ),
    "gone": (
        "{n} tracks of the list are not here any more and are left out",
        "{n} Titel der Liste gibt es hier nicht mehr, sie bleiben außen vor",
    ),
    "again": (
        "there are too few others: tracks that were let go come again",
        "es gibt zu wenig andere: Titel, die weichen sollten, kommen wieder",
    ),
    "lists_again": (
        "there are too few others: tracks of the last lists come again",
        "es gibt zu wenig andere: Titel der letzten Listen kommen wieder",
    ),
    "not_enough_like_it": (
        "only {n} more tracks are so much like the list, or fit behind it",
        "nur {n} weitere Titel sind der Liste so ähnlich oder passen dahinter",
    ),
    "not_storable": (
        "{n} tracks are files that no import has named, and are not in the stored list: ml import FOLDER",
        "{n} Titel sind Dateien, die kein Import benannt hat, und fehlen in der gespeicherten Liste: ml import ORDNER",
    ),
    "repeated": (
        "several times in it, and kept: {names}",
        "mehrmals darin und behalten: {names}",
    ),
    "not_here": (
        "{n} tracks of {name} are not among the tracks, and left out",
        "{n} Titel von {name} sind nicht unter den Titeln und bleiben außen vor",
    ),
    "smaller_gap": (
        "an artist has so many tracks that {got} others between two are possible, not {asked}",
        "ein Künstler hat so viele Titel, dass {got} andere zwischen zweien möglich sind, nicht {asked}",
    ),
    "no_way": (
        "nothing is known of how both {start} and {end} sound: there is no way to lead along",
        "es ist nicht bekannt, wie {start} und {end} beide klingen: es gibt keinen Weg dazwischen",
    ),
    "same_artist_ends": (
        "{start} and {end} are by one artist, who comes twice for that",
        "{start} und {end} sind von einem Künstler, der deshalb zweimal vorkommt",
    ),
    "understood": ("understood: {words}", "verstanden: {words}"),
    "one_only": ("a list has one of a sort: {word} has no say", "eine Liste hat nur eines davon: {word} zählt nicht"),
    "other_vocals": ("the other word on vocals", "das andere Wort zum Gesang"),
    "no_say": (
        "no track is of {words}, as far as is known: it has no say",
        "kein Titel ist, soweit bekannt, von {words}: es zählt nicht",
    ),
    "no_seed": (
        "more or less than what? name a track or an artist that it is to be like",
        "mehr oder weniger als was? nenne einen Titel oder Künstler, dem es gleichen soll",
    ),
    "no_change": (
        "this is not known of the seeds, and has no say: {features}",
        "dies ist von den Vorlagen nicht bekannt und zählt nicht: {features}",
    ),
    "like_and_unlike": (
        "asked for to be like and unlike, which cancels out, and left out itself: {names}",
        "zugleich als Vorbild und Gegenbild verlangt, was sich aufhebt, und selbst nicht dabei: {names}",
    ),
    # Why a track is in it.
    "mood": ("{word} ({share})", "{word} ({share})"),
    "activity": ("suits {word} ({share})", "passt zu {word} ({share})"),
    "time_of_day": ("suits the {word} ({share})", "passt zur Tageszeit {word} ({share})"),
    "genres": ("{names}", "{names}"),
    "tags": ("tagged {names}", "mit {names} verschlagwortet"),
    "seeds": ("like {names} ({share})", "wie {names} ({share})"),
    "away": ("unlike {names} ({share})", "anders als {names} ({share})"),
    "taste": ("your taste ({share})", "dein Geschmack ({share})"),
    "group": ("all of you ({share})", "ihr alle ({share})"),
    "for_listeners": ("for {names}", "für {names}"),
    "new": ("new to you", "neu für dich"),
    "known": ("you know it", "du kennst es"),
    "wanted": ("you asked for it", "du hast es verlangt"),
    "pinned": ("you put it at place {n}", "du hast es an Stelle {n} gesetzt"),
    "list": ("like the list ({share})", "wie die Liste ({share})"),
    "played": ("played already", "schon gespielt"),
    "kept": ("kept", "behalten"),
    "before": ("was there already", "war schon da"),
    "nearest": ("comes near what you asked for", "kommt dem nahe, was du verlangt hast"),
    "nothing_asked": ("keeps to what you asked for", "hält ein, was du verlangt hast"),
    # Why it is at this place.
    "on_the_way": ("{share} of the way", "{share} des Weges"),
    "opens": ("opens the list", "eröffnet die Liste"),
    "arc_place": (
        "energy {got} %, the arc wants {wanted} %",
        "Energie {got} %, der Bogen will {wanted} %",
    ),
    "tempo_same": ("same tempo", "gleiches Tempo"),
    "tempo_up": ("{n} BPM faster", "{n} BPM schneller"),
    "tempo_down": ("{n} BPM slower", "{n} BPM langsamer"),
    "tempo_half": ("half the tempo", "halbes Tempo"),
    "tempo_double": ("double the tempo", "doppeltes Tempo"),
    "key_same": ("same key", "gleiche Tonart"),
    "key_relative": ("relative key {key}", "parallele Tonart {key}"),
    "key_neighbour": ("neighbouring key {key}", "benachbarte Tonart {key}"),
    "key_lift": ("lifts the key to {key}", "hebt die Tonart auf {key}"),
    "key_far": ("far key {key}", "entfernte Tonart {key}"),
    "energy_up": ("more energy", "mehr Energie"),
    "energy_down": ("less energy", "weniger Energie"),
    "similar_sound": ("similar sound", "ähnlicher Klang"),
}
_TEXTS: dict[str, dict[Language, str]] = {name: {"en": en, "de": de} for name, (en, de) in PHRASES.items()}


def say(name: str, /, **values: Any) -> Phrase:
    """Make a phrase.

    >>> from ml.foundation.phrase import spoken
    >>> spoken(say("tempo_up", n=3), "de")
    '3 BPM schneller'
    """
    return Phrase(_TEXTS[name], values)

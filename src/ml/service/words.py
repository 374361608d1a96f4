"""What problems say to whoever asks over HTTP, a program or a page: by their codes, in English and German.

Conventions
-----------
- An error brings its English message, and a hint for whoever has a shell. Here is the hint for everybody else, who has
  none, and the German of both. What stands in braces is among the error's values.
- A text that is empty is the error's own: a hint that holds in a shell and out of it needs no other.
- An error without a code says what it says; what it says as a :class:`~ml.foundation.phrase.Phrase` is there in both
  languages all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

from ml.data.jobs import Job
from ml.foundation.errors import MLError
from ml.foundation.phrase import LANGUAGES, Language, Phrase, spoken
from ml.service.console.language import preferred


class Words(NamedTuple):
    """Of a code: what is wrong, in German, and what to do about it, in both languages."""

    german: str
    hint: str = ""
    german_hint: str = ""


_LISTED = "what is there is listed where it can be chosen"
_GELISTET = "was es gibt, steht dort, wo es gewählt wird"
_MUSIC = (
    "import a history or a folder with music first",
    "importiere erst einen Hörverlauf oder einen Ordner mit Musik",
)
_TRAIN = (
    "have models trained first, from what is imported",
    "lass erst Modelle trainieren, aus dem, was importiert ist",
)
_SCAN = (
    "the folder that the files lie in has to be scanned first, by whoever runs the service",
    "erst muss der Ordner gescannt werden, in dem die Dateien liegen, von dem, der den Dienst betreibt",
)
_ASK_LESS = ("ask for less, or import more music", "verlange weniger, oder importiere mehr Musik")
_OTHER_NAME = ("choose another name", "wähle einen anderen Namen")

#: By code of an error.
WORDS: Mapping[str, Words] = {
    # Whom and what something is asked about.
    "listener_unknown": Words("kein Hörer heißt „{text}“"),
    "listener_ambiguous": Words("„{text}“ sind mehrere Hörer"),
    "listeners_none": Words("kein Hörer heißt „{text}“", *_MUSIC),
    "item_unknown": Words("kein Titel und kein Künstler heißt „{text}“"),
    "item_no_near": Words(
        "kein Titel und kein Künstler heißt „{text}“",
        "write its exact name, or look for it in the search",
        "schreib den genauen Namen, oder suche in der Suche danach",
    ),
    "item_ambiguous": Words("„{text}“ kann mehreres bedeuten"),
    "listener_missing": Words("es fehlt, für wen", "say for which listener", "sag, für welchen Hörer"),
    "own_only": Words("als Hörer fragt man nur für sich selbst", "leave the listener out", "lass den Hörer weg"),
    "no_single_listeners": Words(
        "die Rolle „{role}“ darf nicht nach einzelnen Hörern fragen", "leave the listener out", "lass den Hörer weg"
    ),
    "not_yours": Words("„{name}“ darf das nicht", "ask an admin for it", "bitte einen Admin darum"),
    "factor_needed": Words(
        "Admins brauchen hier einen zweiten Faktor",
        "set one up, on the page of your account",
        "richte einen ein, auf der Seite deines Kontos",
    ),
    "factor_not_offered": Words(
        "zweite Faktoren gibt es hier nicht", "ask whoever runs the service", "frag, wer den Dienst betreibt"
    ),
    "no_key": Words(
        "niemand hat sich ausgewiesen",
        "log in, or send a key: Authorization: Bearer ml_…",
        "melde dich an, oder sende einen Schlüssel: Authorization: Bearer ml_…",
    ),
    "nothing_of_you": Words(
        "von dir ist noch nichts bekannt",
        "it begins with the first play that is told",
        "es beginnt mit dem ersten Titel, den du hörst",
    ),
    # Accounts, keys, invitations, sessions.
    "account_unknown": Words("kein Konto heißt „{name}“", _LISTED, _GELISTET),
    "last_admin": Words(
        "„{name}“ ist der letzte Admin", "make another admin first", "mach erst einen anderen zum Admin"
    ),
    "role_bound": Words(
        "die Rolle „Hörer“ gehört zu einem Hörer",
        "say to which one, by an outside id such as local:anna",
        "sag zu welchem, mit einer Kennung wie local:anna",
    ),
    "role_unbound": Words(
        "zu dieser Rolle gehört kein Hörer",
        "leave the listener out, or take the role of a listener",
        "lass den Hörer weg, oder nimm die Rolle „Hörer“",
    ),
    "admin_there": Words(
        "es gibt schon einen Admin", "ask an admin for an invitation", "bitte einen Admin um eine Einladung"
    ),
    "account_disabled": Words(
        "das Konto „{name}“ ist gesperrt", "have it enabled first", "lass es erst wieder freigeben"
    ),
    "key_unknown": Words("einen solchen Schlüssel gibt es nicht", _LISTED, _GELISTET),
    "key_past": Words(
        "der Schlüssel wäre schon abgelaufen", "choose a day that is to come", "wähle einen Tag, der noch kommt"
    ),
    "key_too_long": Words(
        "so weit reicht kein Kalender",
        "leave its end out: it is valid until it is revoked",
        "lass das Ende weg: dann gilt er, bis er widerrufen wird",
    ),
    "key_over": Words("der Schlüssel {id} gilt nicht mehr", "make another one", "mach einen neuen"),
    "invitation_unknown": Words("diese Einladung gibt es nicht mehr", _LISTED, _GELISTET),
    "session_unknown": Words("diese Anmeldung gibt es nicht mehr", _LISTED, _GELISTET),
    "no_password": Words(
        "ein Schlüssel hat kein Passwort", "log in with a password", "melde dich mit einem Passwort an"
    ),
    "factor_there": Words(
        "dieses Konto hat schon einen zweiten Faktor", "remove that first", "entferne erst den alten"
    ),
    "factor_not_begun": Words(
        "kein zweiter Faktor ist begonnen", "begin to set one up", "beginne damit, einen einzurichten"
    ),
    "audit_off": Words(
        "das Protokoll ist ausgeschaltet",
        "whoever runs the service switches it on: audit.on = true",
        "wer den Dienst betreibt, schaltet es ein: audit.on = true",
    ),
    # What is not there yet.
    "no_models": Words("es gibt noch keine Modelle", *_TRAIN),
    "models_do_not_know": Words(
        "die Modelle kennen „{text}“ nicht",
        "it is newer than they are, or was never played: have them trained again",
        "das ist neuer als sie oder wurde nie gespielt: lass sie neu trainieren",
    ),
    "models_do_not_know_it": Words(
        "die Modelle kennen das nicht",
        "it was never played, or is newer than they are: have them trained again",
        "es wurde nie gespielt oder ist neuer als sie: lass sie neu trainieren",
    ),
    "no_data": Words("hier gibt es noch keine Daten", *_MUSIC),
    "too_little": Words("zum Lernen ist es noch zu wenig", *_MUSIC),
    "nothing_to_search": Words("es gibt nichts zu durchsuchen", *_MUSIC),
    "no_tracks": Words("es gibt noch keine Titel für Playlists", *_MUSIC),
    "nothing_scanned": Words("noch wurde keine Audiodatei gescannt", *_SCAN),
    "not_scanned": Words("von diesem Titel wurde keine Datei gescannt", *_SCAN),
    "no_covers": Words("noch wurde kein Cover gescannt", *_SCAN),
    "no_sounds": Words("noch wurde kein Klang analysiert", *_SCAN),
    "map_too_small": Words(
        "zu wenig für eine Karte: {count} Punkte",
        "import or analyse more first",
        "importiere oder analysiere erst mehr",
    ),
    "map_none": Words("es gibt noch keine Karte", "have one made first", "lass erst eine machen"),
    "map_artists_only": Words(
        "die Modelle kennen Künstler und keine Titel", "ask for a map of artists", "nimm die Karte der Künstler"
    ),
    "set_unknown": Words("diesen Modellsatz gibt es nicht"),
    "set_first": Words(
        "davor war kein Modellsatz in Gebrauch", "choose a set by its name", "wähle einen Satz mit Namen"
    ),
    "set_needed": Words(
        "ein laufendes Experiment braucht ein Modell, das in diesem Satz fehlt",
        "stop the experiment first, or have that model trained too",
        "beende erst das Experiment, oder lass auch dieses Modell trainieren",
    ),
    # Search.
    "wish_unknown": Words("{name}: dazu ist zu wenig bekannt", "leave that wish out", "lass diesen Wunsch weg"),
    "nothing_asked": Words("es ist nichts gesucht", "write what to look for", "schreib, was du suchst"),
    "no_sound_in_it": Words(
        "{name}: still, oder weniger als eine Sekunde Klang",
        "give ten seconds of music, or hum as long",
        "nimm zehn Sekunden Musik auf, oder summe so lang",
    ),
    "no_voice_in_it": Words("{name}: keine Stimme ist herauszuhören"),
    "no_audio": Words(
        "{name}: kein Klang in einer Form, die hier bekannt ist",
        "is it an audio file at all, and complete? Forms are told by content, not by name",
        "ist es überhaupt eine Audiodatei, und ist sie vollständig? Es zählt der Inhalt, nicht der Name",
    ),
    "undecodable": Words(
        "{name}: die Datei lässt sich nicht dekodieren",
        "is the file complete, and without copy protection?",
        "ist die Datei vollständig und ohne Kopierschutz?",
    ),
    "undecodable_here": Words("diese Datei lässt sich nicht zeigen", *_SCAN),
    "no_picture": Words(
        "{name}: kein Bild, oder in keinem bekannten Format",
        "send a picture: JPEG, PNG, WebP",
        "nimm ein Bild: JPEG, PNG, WebP",
    ),
    "picture_size": Words("{name}: {width} × {height} Pixel"),
    "empty_file": Words(
        "{name}: die Datei ist leer", "is the copy or the download complete?", "ist die Kopie vollständig?"
    ),
    "wrong_kind_of_file": Words("{name}: ihrem Inhalt nach etwas anderes, als hier gefragt ist"),
    "search_unknown": Words("eine gespeicherte Suche „{name}“ gibt es nicht", _LISTED, _GELISTET),
    "search_unnamed": Words("die Suche hat keinen Namen", "give it one", "gib ihr einen"),
    "search_taken": Words("eine Suche heißt schon „{name}“", *_OTHER_NAME),
    # Playlists.
    "list_impossible": Words("daraus wird keine Liste", *_ASK_LESS),
    "sound_unknown": Words("von keinem Titel ist bekannt, wie er klingt", *_SCAN),
    "theme_not_understood": Words(
        "vom Thema „{theme}“ wird nichts verstanden",
        "say a mood, an activity, a genre, an era, a language, a tempo: calm jazz for dinner, 1960s",
        "nenne Stimmung, Anlass, Genre, Zeit, Sprache oder Tempo: ruhiger Jazz zum Abendessen, 1960er",
    ),
    "no_such_language": Words("kein Titel ist auf „{text}“ gesungen"),
    "no_such_genre": Words("kein Titel ist vom Genre „{genre}“"),
    "no_such_tag": Words("kein Titel hat das Schlagwort „{tag}“"),
    "none_of_these": Words("von {texts} ist kein Titel da", "name others", "nenne andere"),
    "artist_not_track": Words(
        "„{text}“ ist ein Künstler, gefragt ist ein Titel",
        "name one of their tracks: Artist - Title",
        "nenne einen Titel davon: Künstler - Titel",
    ),
    "track_gone": Words("„{text}“ ist nicht unter den Titeln", "name another", "nenne einen anderen"),
    "recipe_taken": Words("ein Rezept heißt schon „{name}“", *_OTHER_NAME),
    "list_unnamed": Words("die Liste hat keinen Namen", "give the list a name", "gib der Liste einen Namen"),
    "list_taken": Words("eine Liste heißt schon „{name}“", *_OTHER_NAME),
    "list_unknown": Words("diese Playlist gibt es nicht", _LISTED, _GELISTET),
    "list_of_import": Words(
        "diese Playlist kam mit einem Import und wäre mit ihm weg",
        "save the whole as another",
        "sichere das Ganze als neue",
    ),
    "list_not_kept": Words(
        "keiner dieser Titel lässt sich sichern", "import their files", "importiere die Dateien dazu"
    ),
    # Events.
    "whose_track": Words("von wem „{text}“ ist, weiß niemand", "block the track itself", "sperre den Titel selbst"),
    "undo_nothing": Words("da ist nichts zurückzunehmen", "it was taken back already", "es ist schon zurückgenommen"),
    "undo_paused": Words(
        "der Verlauf ist angehalten: das zuletzt Behaltene muss nicht das Letzte sein",
        "say which event, by the number that recording it gave",
        "sag welches Ereignis, mit der Nummer vom Aufzeichnen",
    ),
    "undo_item": Words(
        "zurückgenommen wird ein Ereignis, kein Titel",
        "name the event, or leave it out",
        "nenne das Ereignis, oder lass es weg",
    ),
    # Imports and jobs.
    "import_unknown": Words("einen Import {id} gibt es nicht", _LISTED, _GELISTET),
    "import_undone": Words("Import {id} wurde schon rückgängig gemacht"),
    "job_unknown": Words("einen Auftrag {id} gibt es nicht", _LISTED, _GELISTET),
    "job_over": Words(
        "Auftrag {id} läuft nicht mehr: abzubrechen ist nichts",
        "look at what came of it",
        "sieh nach, was daraus wurde",
    ),
    "job_left": Words(
        "der Prozess endete, bevor der Auftrag fertig war", "ask for it again", "gib den Auftrag noch einmal"
    ),
    "job_left_often": Words(
        "der Prozess endete {times}-mal, bevor der Auftrag fertig war",
        "whoever runs the service finds more in the runner's log; what was stored stays",
        "wer den Dienst betreibt, findet mehr im Log; was gespeichert ist, bleibt",
    ),
    "job_fault": Words(
        "ein Fehler von uns",
        "please report it; whoever runs the service finds more in the runner's log",
        "bitte melde ihn; wer den Dienst betreibt, findet mehr im Log",
    ),
    "is_demo": Words(
        "das ist die Demo-Welt, und Erfundenes wird nie mit Echtem gemischt",
        "begin your own workspace, on the page of imports",
        "beginne deinen eigenen Arbeitsbereich, auf der Seite der Importe",
    ),
    "never_mixed": Words(
        "hier liegen andere Daten, und Erfundenes wird nie mit Echtem gemischt",
        "another workspace is needed, from whoever runs the service",
        "dafür braucht es einen anderen Arbeitsbereich, von dem, der den Dienst betreibt",
    ),
    "workspace_there": Words("dein eigener Arbeitsbereich antwortet schon", "import into it", "importiere hinein"),
    "nothing_to_import": Words("darin ist nichts zu importieren"),
    "no_item_column": Words(
        "{file}: keine Spalte sagt, um welchen Titel oder Künstler es geht",
        "say which column is what; a file without a header line needs one",
        "sag, welche Spalte was ist; einer Datei ohne Kopfzeile fehlt eine",
    ),
    "field_unknown": Words("ein Feld „{name}“ gibt es nicht"),
    "no_such_column": Words("{file}: eine Spalte „{name}“ gibt es nicht"),
    "events_not_plays": Words(
        "{file}: Likes, Sperren und dergleichen, keine gehörten Titel: das lässt sich nicht importieren",
        "export plays instead",
        "exportiere stattdessen, was gehört wurde",
    ),
    "encoding_unknown": Words(
        "die Zeichenkodierung „{name}“ ist nicht bekannt",
        "examples: cp1252, latin-1, utf-16, shift_jis",
        "Beispiele: cp1252, latin-1, utf-16, shift_jis",
    ),
    "kind_unknown": Words("die Art „{kind}“ ist nicht bekannt"),
    "damaged_archive": Words(
        "{name}: das Archiv ist beschädigt", "download the export again", "lade den Export neu herunter"
    ),
    # Experiments.
    "experiment_unknown": Words("ein Experiment „{name}“ gibt es nicht"),
    "experiments_none": Words("ein Experiment „{name}“ gibt es nicht", "make one first", "lege erst eines an"),
    "experiment_taken": Words("ein Experiment heißt schon „{name}“", *_OTHER_NAME),
    "experiment_runs": Words(
        "„{name}“ läuft schon", "let in more listeners instead", "lass stattdessen mehr Hörer hinein"
    ),
    "experiment_draft": Words("„{name}“ ist noch ein Entwurf", "start it first", "starte es erst"),
    "experiment_over": Words(
        "„{name}“ ist beendet",
        "make a new experiment: who was in this one knows its variants",
        "lege ein neues an: wer in diesem war, kennt seine Varianten",
    ),
    "share_smaller": Words(
        "„{name}“ hat schon so viel oder mehr",
        "give a larger share, or stop it: sending back who is in would bias what is measured",
        "nimm einen größeren Anteil, oder beende es: Hörer wieder hinauszuschicken verfälscht die Messung",
    ),
    "experiment_stopped": Words("„{name}“ ist schon beendet", "read its report", "lies den Bericht"),
    "experiment_running": Words(
        "„{name}“ läuft: nur ein Entwurf lässt sich löschen",
        "stop it, which ends it",
        "beende es, dann läuft es nicht mehr",
    ),
    "experiment_was_run": Words(
        "„{name}“ ist gelaufen: nur ein Entwurf lässt sich löschen",
        "what it found stays to be read",
        "was herauskam, bleibt zu lesen",
    ),
    "experiment_no_metric": Words("die Metrik fehlt: was entscheidet?", "choose a metric", "wähle eine Metrik"),
    "layer_full": Words(
        "in der Ebene „{layer}“ ist dafür kein Platz",
        "stop an experiment there, or give a smaller share",
        "beende dort ein Experiment, oder nimm einen kleineren Anteil",
    ),
}
_RUNS = Phrase(
    {
        "en": "whoever runs the service finds more in its log",
        "de": "wer den Dienst betreibt, findet mehr in seinem Log",
    }
)
#: What to do, where the service itself is in trouble: by code of the kind of error.
TROUBLES: Mapping[str, Phrase] = {
    "busy": Phrase(
        {
            "en": "somebody else is writing: wait a moment and try again",
            "de": "gerade schreibt jemand anderes: warte einen Moment und versuche es noch einmal",
        }
    ),
    "disk_full": Phrase(
        {
            "en": "nothing was stored; whoever runs the service has to make room on its disk",
            "de": "gespeichert wurde nichts; wer den Dienst betreibt, muss auf der Platte Platz schaffen",
        }
    ),
}


def language_in(scope: Scope) -> Language:
    """Give the language that whoever asks would like to read."""
    return next(each for each in LANGUAGES if each == preferred(Headers(scope=scope).get("accept-language", "")))


def trouble(code: str) -> Phrase:
    """Give what to do where the service itself is in trouble."""
    return TROUBLES.get(code, _RUNS)


def told_in(job: Job, language: Language) -> Job:
    """Give a job whose error, if it has one, is said in a language, to somebody who need not have a shell."""
    if job.error is None or not job.error.get("code"):
        return job
    told = dict(job.error)
    code, values = told.pop("code"), told.pop("values", {})
    error = MLError(told["message"], told["hint"], code=code, values=values)
    return replace(job, error=told | {"message": message_of(error, language), "hint": hint_of(error, language)})


def message_of(error: MLError, language: Language) -> str:
    """Give what is wrong, in a language."""
    known = WORDS.get(error.code)
    if known is None or language == LANGUAGES[0]:
        return spoken(error.message, language)
    return spoken(Phrase({"en": known.german, "de": known.german}, error.values), language)


def hint_of(error: MLError, language: Language) -> str:
    """Give what to do about an error, to somebody who need not have a shell, in a language.

    >>> from ml.foundation.errors import NotTrained
    >>> hint_of(NotTrained("no models yet", "ml train", code="no_models"), "en")
    'have models trained first, from what is imported'
    """
    known = WORDS.get(error.code)
    if known is None or not known.hint:
        return spoken(error.hint, language)
    return known.hint if language == LANGUAGES[0] else known.german_hint

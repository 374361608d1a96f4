"""The one table of what an error becomes outside: an exit code of the command line, a status of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ml.foundation.errors import (
    AmbiguousId,
    BadInput,
    CorruptIndex,
    CorruptModel,
    CorruptSnapshot,
    DiskFull,
    EmptyWorkspace,
    Forbidden,
    Locked,
    MissingExtra,
    MLError,
    NotAuthenticated,
    NotTrained,
    ServerError,
    SettingsError,
    StoreBusy,
    StoreError,
    UnknownId,
)
from ml.foundation.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an error becomes.

    Parameters
    ----------
    exit_code : int
        Of the command line.
    status : int
        Of an HTTP answer.
    title : Phrase
        What is wrong with such an answer, the same for all of its kind.
    code : str
        The same for programs.
    """

    exit_code: int
    status: int
    title: Phrase
    code: str


def _outcome(exit_code: int, status: int, code: str, english: str, german: str) -> Outcome:
    return Outcome(exit_code, status, Phrase({"en": english, "de": german}), code)


#: By kind of error; a kind without a line has that of its nearest parent.
OUTCOMES: Mapping[type[MLError], Outcome] = {
    MLError: _outcome(1, 500, "failed", "This cannot be done", "Das geht nicht"),
    BadInput: _outcome(2, 400, "bad_input", "The request cannot be followed", "So geht es nicht"),
    SettingsError: _outcome(
        2, 500, "settings", "The service is not set up rightly", "Der Dienst ist nicht richtig eingerichtet"
    ),
    UnknownId: _outcome(3, 404, "unknown", "There is nothing of that name", "So heißt hier nichts"),
    AmbiguousId: _outcome(3, 409, "ambiguous", "The name means several things", "Der Name bedeutet mehreres"),
    EmptyWorkspace: _outcome(
        4, 409, "nothing_yet", "There is nothing to work on yet", "Hier ist noch nichts, womit sich arbeiten lässt"
    ),
    NotTrained: _outcome(4, 409, "not_trained", "There is no such model yet", "Ein solches Modell gibt es noch nicht"),
    MissingExtra: _outcome(
        5, 501, "missing_library", "The service lacks a library for this", "Dem Dienst fehlt dafür eine Bibliothek"
    ),
    StoreError: _outcome(
        6, 503, "store", "The database cannot be used now", "Die Datenbank ist gerade nicht zu gebrauchen"
    ),
    StoreBusy: _outcome(6, 503, "busy", "The database is busy", "Die Datenbank ist beschäftigt"),
    Locked: _outcome(6, 503, "locked", "The workspace is locked", "Der Arbeitsbereich ist verschlossen"),
    DiskFull: _outcome(6, 507, "disk_full", "No space is left", "Es ist kein Platz mehr"),
    CorruptModel: _outcome(7, 500, "corrupt_model", "A model is damaged", "Ein Modell ist beschädigt"),
    CorruptIndex: _outcome(7, 500, "corrupt_index", "An index is damaged", "Ein Index ist beschädigt"),
    CorruptSnapshot: _outcome(7, 500, "corrupt_snapshot", "A snapshot is damaged", "Ein Snapshot ist beschädigt"),
    ServerError: _outcome(
        8, 502, "other_server", "Another server does not answer rightly", "Ein anderer Server antwortet nicht richtig"
    ),
    NotAuthenticated: _outcome(
        9, 401, "not_authenticated", "It is not known who asks", "Es ist nicht bekannt, wer fragt"
    ),
    Forbidden: _outcome(10, 403, "forbidden", "This is not allowed", "Das ist nicht erlaubt"),
}


def outcome_of(error: MLError) -> Outcome:
    """Give what an error becomes.

    >>> from ml.foundation.errors import DiskFull, UnknownId
    >>> outcome_of(DiskFull("no space")).exit_code, outcome_of(UnknownId("who?")).status
    (6, 404)
    """
    return next(OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES)


def error_of(status: int, title: str, message: str, hint: str = "") -> MLError:
    """Give the error that became an answer.

    >>> error_of(409, "The name means several things", "'1' means two things")
    AmbiguousId("'1' means two things")
    >>> error_of(422, "The request is not understood", "count: not a number"), error_of(502, "", "Bad Gateway")
    (BadInput('count: not a number'), ServerError('Bad Gateway'))
    """
    by_title = {(outcome.status, str(outcome.title)): kind for kind, outcome in OUTCOMES.items()}
    otherwise = {400: BadInput, 401: NotAuthenticated, 403: Forbidden, 404: UnknownId}
    at_fault = BadInput if status < 500 and status != 429 else ServerError
    return by_title.get((status, title), otherwise.get(status, at_fault))(message, hint)

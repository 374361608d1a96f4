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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an error becomes.

    Parameters
    ----------
    exit_code : int
        Of the command line.
    status : int
        Of an HTTP answer.
    title : str
        What is wrong with such an answer, the same for all of its kind.
    """

    exit_code: int
    status: int
    title: str


#: By kind of error; a kind without a line has that of its nearest parent.
OUTCOMES: Mapping[type[MLError], Outcome] = {
    MLError: Outcome(1, 500, "This cannot be done"),
    BadInput: Outcome(2, 400, "The request cannot be followed"),
    SettingsError: Outcome(2, 500, "The service is not set up rightly"),
    UnknownId: Outcome(3, 404, "There is nothing of that name"),
    AmbiguousId: Outcome(3, 409, "The name means several things"),
    EmptyWorkspace: Outcome(4, 409, "There is nothing to work on yet"),
    NotTrained: Outcome(4, 409, "There is no such model yet"),
    MissingExtra: Outcome(5, 501, "The service lacks a library for this"),
    StoreError: Outcome(6, 503, "The database cannot be used now"),
    StoreBusy: Outcome(6, 503, "The database is busy"),
    Locked: Outcome(6, 503, "The workspace is locked"),
    DiskFull: Outcome(6, 507, "No space is left"),
    CorruptModel: Outcome(7, 500, "A model is damaged"),
    CorruptIndex: Outcome(7, 500, "An index is damaged"),
    CorruptSnapshot: Outcome(7, 500, "A snapshot is damaged"),
    ServerError: Outcome(8, 502, "Another server does not answer rightly"),
    NotAuthenticated: Outcome(9, 401, "It is not known who asks"),
    Forbidden: Outcome(10, 403, "This is not allowed"),
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
    by_title = {(outcome.status, outcome.title): kind for kind, outcome in OUTCOMES.items()}
    otherwise = {400: BadInput, 401: NotAuthenticated, 403: Forbidden, 404: UnknownId}
    at_fault = BadInput if status < 500 and status != 429 else ServerError
    return by_title.get((status, title), otherwise.get(status, at_fault))(message, hint)

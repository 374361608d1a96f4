"""Every error a user can meet: what is wrong, where, and what to do.

Conventions
-----------
An error of this module is a *user's* situation (a bad file, a missing library, an
empty workspace), so the command line prints it without a traceback and the service
turns it into a problem document. A fault of ours stays a plain exception.

``message`` says what is wrong and where; ``hint`` says what to do, as a command where
there is one. ``str(error)`` is both.

A command helps in a shell only. An error that reaches others as well has a ``code``: by
it and its ``values``, :mod:`ml.service.words` has the hint for whoever has no shell, and
the German of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class MLError(Exception):
    """A situation the user can mend.

    Parameters
    ----------
    message : str
        What is wrong, and where.
    hint : str
        What to do about it; may be empty.
    code : str
        Names what is wrong for programs, more closely than the kind of error does; may be empty.
    values : mapping of str to object
        What the message says of this case: text and numbers.
    """

    def __init__(
        self, message: str, hint: str = "", *, code: str = "", values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        self.values = values or {}

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class SettingsError(MLError):
    """A setting that does not exist or has a bad value; names itself and its source."""


class MissingExtra(MLError):
    """An optional library is not installed."""


class BadInput(MLError):
    """A file or an argument that cannot be used."""


class UnknownId(MLError):
    """An id that names nothing in this workspace."""


class AmbiguousId(MLError):
    """A short id that names more than one thing."""


class EmptyWorkspace(MLError):
    """There is nothing to work on yet."""


class NotTrained(MLError):
    """A model that has not been fitted, or a workspace without models."""


class CorruptModel(MLError):
    """A model folder whose files are not what its card says."""


class CorruptSnapshot(MLError):
    """A snapshot whose files are not what its manifest says."""


class CorruptIndex(MLError):
    """An index that cannot be read; it can be made again from the store."""


class StoreError(MLError):
    """The database cannot be used."""


class StoreBusy(StoreError):
    """Another process holds the database's write lock."""


class Locked(StoreError):
    """What is encrypted, and its key is not there."""


class DiskFull(StoreError):
    """No space is left where something has to be written."""


class ServerError(MLError):
    """A server that is away, or does not do what it is asked."""


class AccessDenied(ServerError):
    """A server that does not take the name and password, or token, that it is shown."""


class NotAuthenticated(MLError):
    """Nobody has shown who they are, or what they show is not valid."""


class Forbidden(MLError):
    """Somebody known who may not do this."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known words, or list them.

    >>> did_you_mean("hibrid", ["hybrid", "replay"])
    "did you mean 'hybrid'?"
    >>> did_you_mean("x", ["hybrid", "replay"])
    'known: hybrid, replay'
    """
    from ml.foundation.phrase import Phrase  # which knows errors

    names = sorted(known)
    near = get_close_matches(word, names, n=3)
    if near:
        return meant(near)
    return Phrase({"en": "known: {names}", "de": "bekannt: {names}"}, {"names": ", ".join(names)})


def meant(names: Iterable[str]) -> str:
    """Ask whether one of some names was meant.

    >>> meant(["hybrid", "replay"])
    "did you mean 'hybrid' or 'replay'?"
    """
    from ml.foundation.phrase import Phrase

    said = [f"{name!r}" for name in names]
    return Phrase(
        {"en": "did you mean {english}?", "de": "meinst du {german}?"},
        {"english": " or ".join(said), "german": " oder ".join(said)},
    )

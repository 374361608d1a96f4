"""Passwords and tokens: found where they may be kept, and never shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

_LARGEST_FILE = 1 << 16


class Secret:
    """A text that shows as ``***`` wherever it is printed, logged or part of a traceback.

    >>> secret = Secret("sesame")
    >>> secret, f"{secret}", secret.reveal()
    (***, '***', 'sesame')
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself."""
        return self._text

    def hide_in(self, text: str) -> str:
        """Blank the secret in another text, such as what a server answers."""
        return text.replace(self._text, "***") if self._text else text

    def __repr__(self) -> str:
        return "***"


def find_secret(
    what: str, *, variable: str, file: Path | str | None = None, option: str, ask: Callable[[], str] | None = None
) -> Secret:
    """Find a secret: in the file that was named, else in the environment, else by asking.

    Parameters
    ----------
    what : str
        For messages: ``"password"``.
    variable : str
        Name of the environment variable.
    file : Path or str, optional
        Its first line is the secret.
    option : str
        How a file is named on the command line, for messages.
    ask : callable, optional
        Asks a person; left out where nobody is there.

    Raises
    ------
    BadInput
        If it is nowhere, or empty.
    """
    if file is not None:
        return _read(what, expanded(file))
    text = os.environ.get(variable, "").strip()
    if not text and ask is not None:
        text = ask().strip()
    if not text:
        raise BadInput(f"no {what}", f"set {variable}, or name a file that holds it: {option} FILE")
    return Secret(text)


def _read(what: str, path: Path) -> Secret:
    try:
        with path.open("rb") as stream:
            lines = stream.read(_LARGEST_FILE).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})", "check its name and permissions") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is no text", f"write the {what} into its first line, as UTF-8") from None
    if not lines or not lines[0].strip():
        raise BadInput(f"{path}: its first line is empty", f"write the {what} there")
    return Secret(lines[0].strip())

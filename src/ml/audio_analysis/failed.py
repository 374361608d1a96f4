"""Files that could not be analysed: one shape and one wording, whoever tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml.data.audio_files import Problem, printable
from ml.foundation.errors import MissingExtra, MLError
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class FailedFile(Result):
    """A file or folder of which nothing can be said.

    Parameters
    ----------
    path : str
        Each byte that is no UTF-8 as a question mark.
    problems : tuple of Problem
        Why: ``"unreadable"``, ``"missing_library"``, ``"unnameable"`` (no database takes its name), ``"failed"`` (by a
        fault of ours); and of the process that was at it: ``"crashed"``, ``"stuck"``, ``"killed"``.
    """

    path: str
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, path: Path, error: Exception) -> FailedFile:
        """Say why a file could not be analysed."""
        return cls(printable(path), (why_failed(path, error),))

    @property
    def code(self) -> str:
        """The first problem's."""
        return self.problems[0].code

    @property
    def message(self) -> str:
        """The first problem's."""
        return self.problems[0].message


def why_failed(path: Path, error: Exception) -> Problem:
    """Say what an error means for a file, without its path.

    >>> why_failed(Path("a.mp3"), MissingExtra("a.mp3: is decoded by ffmpeg", "install it")).message
    'is decoded by ffmpeg: install it'
    >>> why_failed(Path("a.mp3"), PermissionError(13, "Permission denied"))
    Problem(code='unreadable', message='cannot be read (Permission denied)')
    """
    if isinstance(error, MLError):
        message = error.message.removeprefix(f"{printable(path)}: ")
        if isinstance(error, MissingExtra):
            return Problem("missing_library", f"{message}: {error.hint}")
        return Problem("unreadable", message)
    if isinstance(error, OSError):
        return Problem("unreadable", f"cannot be read ({error.strerror or error})")
    return Problem("failed", f"the analysis failed: {type(error).__name__}: {error}")

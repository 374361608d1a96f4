"""What libraries in C write to the terminal by themselves, kept from it."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

from ml.foundation.log import logger

_STDERR = 2
#: As libmpg123 writes it: file, function and line in brackets, then what is wrong.
_FAULT = re.compile(r"^\[[^\]]*\]\s*error:\s*(.+)$")


@contextmanager
def kept_aside() -> Iterator[list[str]]:
    """Keep what is written to the file of stderr, past Python, out of sight; it is logged as debugging.

    It holds for the whole process: for a command that does one thing at a time.

    Yields
    ------
    list of str
        The lines, once the block has ended.
    """
    lines: list[str] = []
    shown = os.dup(_STDERR)
    try:
        with tempfile.TemporaryFile() as aside, _python_goes_to(shown):
            os.dup2(aside.fileno(), _STDERR)
            try:
                yield lines
            finally:
                os.dup2(shown, _STDERR)
                aside.seek(0)
                lines += aside.read().decode("utf-8", "replace").splitlines()
    finally:
        os.close(shown)
        for line in lines:
            logger.debug("said by a library: %s", line)


@contextmanager
def _python_goes_to(number: int) -> Iterator[None]:
    """Let what Python writes to stderr go there, where it went to the terminal's."""
    try:
        is_stderr = sys.stderr.fileno() == _STDERR
    except (OSError, ValueError, io.UnsupportedOperation):
        is_stderr = False
    if not is_stderr:
        yield
        return
    with os.fdopen(number, "w", encoding="utf-8", buffering=1, closefd=False) as stream, redirect_stderr(stream):
        yield


def first_fault(lines: list[str]) -> str | None:
    """Give the first error among a decoder's lines, in its own words.

    >>> first_fault(["Note: Trying to resync...", "[src/layer3.c:f():18] error: dequantization failed!"])
    'dequantization failed'
    """
    found = (_FAULT.match(line) for line in lines)
    return next((match[1].rstrip(".!") for match in found if match), None)

"""What every form of tags can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

FIELDS = ("tempo", "key", "gain", "peak", "genre", "mood")
#: Texts by field.
Fields = Mapping[str, tuple[str, ...]]
_BLOCK = 1 << 20


class Unwritable(Exception):
    """The tags of this file cannot be written; the text says why."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file's tag says.

    Parameters
    ----------
    fields : mapping of str to tuple of str
        Those of :data:`FIELDS` that it has, as they are written there.
    others : tuple of bytes
        Everything else, in its order.
    """

    fields: Fields
    others: tuple[bytes, ...]


class Form(Protocol):
    """One way in which files carry tags."""

    def read(self, stream: BinaryIO) -> Tags:
        """Read the tag; Unwritable if it is damaged, or of a kind that is not known here."""
        ...

    def rewrite(self, stream: BinaryIO, out: BinaryIO, wanted: Fields) -> None:
        """Copy a file with some fields replaced."""
        ...

    def told(self, stream: BinaryIO, wanted: Fields) -> Fields:
        """Give the texts as they are written into this file; fields that it has no place for are left out."""
        ...


def copied(stream: BinaryIO, out: BinaryIO, begin: int, end: int | None = None) -> None:
    """Copy a stretch of a file; to its end, where none is given."""
    stream.seek(begin)
    left = end - begin if end is not None else None
    while left is None or left > 0:
        block = stream.read(_BLOCK if left is None else min(left, _BLOCK))
        if not block:
            break
        out.write(block)
        left = None if left is None else left - len(block)


def whole_number(text: str) -> str:
    """Round a tempo, where a form has whole numbers only.

    >>> whole_number("127.6")
    '128'
    """
    return str(int(float(text) + 0.5))

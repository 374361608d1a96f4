"""What a reader of one kind of thing finds at a place of a line."""

from __future__ import annotations

from dataclasses import dataclass

from ml.features.language.slots import Slot, Value
from ml.features.language.tokens import Line


@dataclass(frozen=True, slots=True)
class Reading:
    """Slots and the index of the token after them."""

    slots: tuple[Slot, ...]
    after: int


def reading(line: Line, first: int, after: int, kind: str, value: Value, word: str | None = None) -> Reading:
    """Give a reading of one slot that covers tokens."""
    start, end = line.span(first, after)
    return Reading((Slot(kind, value, start, end, word=word),), after)

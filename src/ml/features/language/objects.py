"""What is no wish of its own: places that are cleaned ("cleaning the house"), singing of a language."""

from __future__ import annotations

from collections.abc import Sequence

from ml.features.language.slots import Slot
from ml.features.language.tokens import Line, fold, words

_BETWEEN = words("the my our your up out die das den der mein meine meinen unsere unser dein deine this his her a")
#: Words of singing that say no more than the language next to them.
SUNG_IN = frozenset({"sung", "gesungen", "gesungene", "singing", "singen"})
_PLACED = words("in im at auf am beim fuer for from aus to inside zuhause")


def is_object(line: Line, before: Sequence[Slot], slot: Slot) -> bool:
    """Tell whether a place is what the activity before it cleans, or singing is said of the language before it."""
    if slot.kind == "vocals" and before and before[-1].kind == "language" and slot.word in SUNG_IN:
        return not line.text[before[-1].end : slot.start].strip()
    if slot.kind != "location" or not before or before[-1].value != "clean":
        return False
    between = line.text[before[-1].end : slot.start].split()
    return all(fold(word) in _BETWEEN for word in between)


def sung_in(line: Line, before: Sequence[Slot], slot: Slot) -> bool:
    """Tell whether the singing before a language only says that it is sung in it: "sung in Spanish"."""
    if slot.kind != "language" or not before or before[-1].word not in SUNG_IN or before[-1].kind != "vocals":
        return False
    return line.text[before[-1].end : slot.start].split() in (["in"], ["auf"])


def cleans_place(line: Line, before: Sequence[Slot], slot: Slot) -> bool:
    """Tell whether the last place is what an activity after it cleans."""
    if slot.value != "clean" or not before or before[-1].kind != "location":
        return False
    if line.text[before[-1].end : slot.start].split():
        return False
    earlier = [fold(word) for word in line.text[: before[-1].start].replace(",", " ").split()]
    while earlier and earlier[-1] in _BETWEEN:
        earlier.pop()
    return not earlier or earlier[-1] not in _PLACED - {"fuer", "beim"}

"""A request in words, English or German: a deterministic grammar that playlists and search share.

Conventions
-----------
- :func:`parse` never fails: what it does not understand is left in :attr:`Parse.rest`, in order.
- Each slot carries the characters that it was read from, so that a parse can be shown and edited.
- Moods, activities, genres, times, places, devices and energy are the words of :mod:`ml.features.vocabulary`.
"""

from ml.features.language.parse import Parse, parse
from ml.features.language.slots import KINDS, Change, Range, Slot, Term

__all__ = ["KINDS", "Change", "Parse", "Range", "Slot", "Term", "parse"]

"""In which situation each play was heard, as far as the source tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Codes = NDArray[np.int16]

#: The code of what is not known.
UNKNOWN = -1
# Words beyond so many are taken for unknown, the rarest first: codes are of 16 bits.
_MOST = 32_000


@dataclass(frozen=True)
class Situations:
    """Activity and device of plays, one row a play, in the source's own words: immutable.

    Parameters
    ----------
    activities, devices : int16 [shape=(n_plays,)]
        Positions in the names; -1 where unknown.
    activity_names, device_names : tuple of str
        Sorted.

    Examples
    --------
    >>> heard = Situations.of(["workout", None, "sleep"], ["phone", "phone", None])
    >>> heard.activities.tolist(), heard.activity_names
    ([1, -1, 0], ('sleep', 'workout'))
    >>> heard.take(np.array([2, 0])).devices.tolist()
    [-1, 0]
    """

    activities: Codes
    devices: Codes
    activity_names: tuple[str, ...] = ()
    device_names: tuple[str, ...] = ()

    @classmethod
    def of(cls, activities: Sequence[str | None] | pl.Series, devices: Sequence[str | None] | pl.Series) -> Situations:
        """Code words; of ``None`` nothing is known."""
        activity_codes, activity_names = coded(activities)
        device_codes, device_names = coded(devices)
        return cls(activity_codes, device_codes, activity_names, device_names)

    def with_unknown(self, n: int) -> Situations:
        """Add plays at the end of which nothing is known.

        >>> Situations.of(["work"], ["car"]).with_unknown(2).devices.tolist()
        [0, -1, -1]
        """
        unknown = np.full(n, UNKNOWN, dtype=np.int16)
        activities, devices = (np.concatenate([codes, unknown]) for codes in (self.activities, self.devices))
        return Situations(activities, devices, self.activity_names, self.device_names)

    def take(self, rows: NDArray[np.integer] | slice) -> Situations:
        """Keep some plays, in the order given."""
        return Situations(self.activities[rows], self.devices[rows], self.activity_names, self.device_names)


def coded(words: Sequence[str | None] | pl.Series) -> tuple[Codes, tuple[str, ...]]:
    """Give words as positions among the sorted different ones, -1 where there is none.

    Parameters
    ----------
    words : sequence of (str or None), or polars.Series of str
        A listener's few are quicker as they are, many are quicker in a column.

    Returns
    -------
    int16 [shape=(n,)], tuple of str
    """
    if not isinstance(words, pl.Series):
        found = tuple(sorted({word for word in words if word is not None}))
        places: dict[str | None, int] = {word: place for place, word in enumerate(found)}
        return np.fromiter((places.get(word, UNKNOWN) for word in words), np.int16, len(words)), found
    known = words.drop_nulls()
    names = known.unique().sort()
    if len(names) > _MOST:
        names = known.value_counts().sort("count", known.name, descending=[True, False])[known.name][:_MOST].sort()
    if not len(names):
        return np.full(len(words), UNKNOWN, dtype=np.int16), ()
    codes = words.cast(pl.Enum(names), strict=False).to_physical().cast(pl.Int16).fill_null(UNKNOWN)
    return codes.to_numpy(), tuple(names)

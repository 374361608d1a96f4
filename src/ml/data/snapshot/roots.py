"""What the store says to be the same thing, followed to its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.foundation.errors import StoreError

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Roots:
    """Keys that stand for another one.

    Parameters
    ----------
    keys : int64 [shape=(n,)]
        Sorted, without doubles.
    roots : int64 [shape=(n,)]
        What each of them stands for; none of these is among ``keys``.

    Examples
    --------
    >>> items = pl.DataFrame({"key": [1, 2, 3], "same_as": [None, 1, 2]})
    >>> Roots.of(items).apply(pl.Series([3, 1, 7])).to_list()
    [1, 1, 7]
    """

    keys: Keys
    roots: Keys

    @classmethod
    def of(cls, items: pl.DataFrame) -> Roots:
        """Follow ``same_as`` of items to the end; a pointer to an item that is gone counts as none.

        Parameters
        ----------
        items : polars.DataFrame
            With the columns ``key`` and ``same_as``.

        Raises
        ------
        StoreError
            If items point at each other in a circle.
        """
        pointing = items.filter(pl.col("same_as").is_in(items["key"].implode())).sort("key")
        keys = pointing["key"].to_numpy()
        ends = pointing["same_as"].to_numpy()
        for _ in range(len(keys).bit_length() + 1):
            # Every round doubles the length of the path behind each pointer.
            further = _look_up(ends, keys, ends)
            if np.array_equal(further, ends):
                break
            ends = further
        circular = np.isin(ends, keys)
        if circular.any():
            names = ", ".join(str(key) for key in keys[circular][:5])
            raise StoreError(
                f"items point at each other in a circle: {names}", f"ml identity split {keys[circular][0]}"
            )
        return cls(keys, ends)

    def apply(self, column: pl.Series) -> pl.Series:
        """Replace keys by what they stand for."""
        if not len(self.keys):
            return column
        values = column.to_numpy()
        top = int(self.keys[-1])
        if top > _DENSE_KEYS or self.keys[0] < 0:
            return pl.Series(column.name, _look_up(values, self.keys, self.roots))
        inside = (values >= 0) & (values <= top)
        return pl.Series(column.name, np.where(inside, self._dense[np.where(inside, values, 0)], values))

    @cached_property
    def _dense(self) -> Keys:
        # Keys come from a sequence: a table of all of them is small and quicker than a search.
        table = np.arange(self.keys[-1] + 1)
        table[self.keys] = self.roots
        return table


#: Above this, a table of all keys would take more than 256 MiB.
_DENSE_KEYS = 1 << 25


def _look_up(values: Keys, keys: Keys, roots: Keys) -> Keys:
    if not len(keys):
        return values
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return np.where(keys[place] == values, roots[place], values)

"""Running medians of five or nine values: by networks of exchanges, ten times as fast as a filter of any size."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ml.features.audio.framing import Floats

#: Which values are put in order, pair by pair, so that the middle one is the median (Devillard, "Fast median search: an
#: ANSI C implementation", 1998, after Paeth, "Median finding on a 3-by-3 grid", 1990).
NETWORKS: Mapping[int, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        5: ((0, 1), (3, 4), (0, 3), (1, 4), (1, 2), (2, 3), (1, 2)),
        9: (
            *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)),
            *((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
        ),
    }
)
#: Rows that are worked on together: they stay in a processor's second cache.
_ROWS = 128


def running_median(values: Floats, size: int, *, axis: int) -> Floats:
    """Give the median around each value; beyond the edges values are reflected, as by :func:`scipy.ndimage`.

    Parameters
    ----------
    values : float32 [shape=(n_rows, n_columns)]
    size : int
        5 or 9: how many values each median is of.
    axis : int
        0 along the rows, 1 along the columns.

    Returns
    -------
    float32, of the same shape

    Examples
    --------
    >>> running_median(np.array([[0, 9, 1, 2, 8, 3]], dtype=np.float32), 5, axis=1).tolist()
    [[1.0, 1.0, 2.0, 3.0, 3.0, 3.0]]
    """
    reach = size // 2
    found = np.empty_like(values)
    if not values.size:
        return found
    padded = np.pad(values, [(reach, reach) if place == axis else (0, 0) for place in (0, 1)], mode="symmetric")
    n_rows, n_columns = values.shape
    for begin in range(0, n_rows, _ROWS):
        end = min(n_rows, begin + _ROWS)
        if axis:
            sorted_ = [padded[begin:end, shift : shift + n_columns].copy() for shift in range(size)]
        else:
            sorted_ = [padded[begin + shift : end + shift].copy() for shift in range(size)]
        for low, high in NETWORKS[size]:
            less = np.minimum(sorted_[low], sorted_[high])
            np.maximum(sorted_[low], sorted_[high], out=sorted_[high])
            sorted_[low] = less
        found[begin:end] = sorted_[reach]
    return found

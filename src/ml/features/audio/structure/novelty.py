"""Where a sequence changes: a checkerboard along the diagonal of its self-similarity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: Standard deviation of the kernel's taper, as a share of its half.
_TAPER = 0.5
#: Rows from which the scale of distances is taken.
_SAMPLE = 256


def novelty(rows: Values, half: int) -> Values:
    """Give how much a sequence changes before each of its rows, in [-1, 1].

    Parameters
    ----------
    rows : float64 [shape=(n, n_columns)]
    half : int >= 1
        How many rows before and after are compared.

    Returns
    -------
    float64 [shape=(n,)]

    Notes
    -----
    Foote (2000). The similarity of two rows is exp(-d²/m), m the median of all d². Only the band that the kernel
    covers is worked out: memory grows with the length, not with its square.

    Examples
    --------
    >>> rows = np.repeat([0.0, 1.0], 8)[:, np.newaxis]
    >>> novelty(rows, 4).argmax().item()
    8
    """
    n = len(rows)
    scale = _scale(rows)
    padded = np.pad(rows, ((half, half), (0, 0)), mode="edge")
    place = (np.arange(-half, half) + 0.5) / half
    taper = np.exp(-0.5 * np.square(place / _TAPER))
    kernel = np.outer(taper, taper) * np.sign(np.outer(place, place))
    kernel /= np.abs(kernel).sum() / 2.0
    found = np.full(n, np.trace(kernel))
    for apart in range(1, 2 * half):
        alike = np.exp(-np.square(padded[apart:] - padded[:-apart]).sum(axis=1) / scale)
        found += 2.0 * np.correlate(alike, np.diagonal(kernel, apart), mode="valid")[:n]
    return np.asarray(found)


def _scale(rows: Values) -> float:
    """Give the median of the squared distances between rows, of some of them where there are many."""
    some = rows[:: -(-len(rows) // _SAMPLE)]
    power = np.square(some).sum(axis=1)
    squared = power[:, np.newaxis] + power - 2.0 * some @ some.T
    return max(float(np.median(squared)), 1e-9)


def peaks_apart(curve: Values, times_s: Values, *, least: float, apart_s: float) -> NDArray[np.int64]:
    """Choose places, the highest first, that are so high and so far apart, also from both ends.

    >>> peaks_apart(np.array([9, 1, 5, 4, 0, 3.0]), np.arange(6.0), least=2, apart_s=2).tolist()
    [2]
    """
    chosen: list[int] = []
    taken = [float(times_s[0]), float(times_s[-1])]
    for place in np.argsort(-curve, kind="stable").tolist():
        if curve[place] < least:
            break
        if np.abs(np.array(taken) - times_s[place]).min() >= apart_s:
            chosen.append(place)
            taken.append(float(times_s[place]))
    return np.array(sorted(chosen), dtype=np.int64)

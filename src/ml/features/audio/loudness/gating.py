"""From the power of short blocks to integrated loudness and loudness range.

Conventions
-----------
- Power is weighted and summed over channels, as mean square; loudness is ``-0.691 + 10 log10`` of it, in LUFS.
- Silence has no loudness: -inf along time, None where one number is asked for.

References
----------
ITU-R BS.1770-4 (gating), EBU R 128, EBU Tech 3341 (momentary 400 ms, short-term 3 s), EBU Tech 3342 (range).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Blocks under this loudness never count.
ABSOLUTE_GATE_LUFS = -70.0
#: Under the mean of the rest: for the integrated loudness, and for the range.
RELATIVE_GATE_LU, RANGE_GATE_LU = -10.0, -20.0
#: Percentiles between which the range lies.
LOW_PERCENT, HIGH_PERCENT = 10.0, 95.0
_OFFSET = -0.691


def to_lufs(power: ArrayLike) -> NDArray[np.float64]:
    """Give weighted powers as loudness; -inf for silence.

    >>> to_lufs([1.0, 0.0]).tolist()
    [-0.691, -inf]
    """
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET + 10.0 * np.log10(power))


def to_power(lufs: ArrayLike) -> NDArray[np.float64]:
    """Give loudness as weighted power: the inverse of :func:`to_lufs`."""
    return np.asarray(10.0 ** ((np.asarray(lufs, dtype=np.float64) - _OFFSET) / 10.0))


def integrated_lufs(momentary_power: NDArray[np.float64]) -> float | None:
    """Give the loudness of a whole programme.

    Parameters
    ----------
    momentary_power : float64 [shape=(n_blocks,)]
        Of blocks of 400 ms that overlap by three quarters.

    Returns
    -------
    float or None
        In LUFS; None if no block is above the absolute gate.

    Examples
    --------
    Pauses do not count:

    >>> round(integrated_lufs(to_power([-20.0] * 50 + [-80.0] * 50)), 6)
    -20.0
    """
    loud = momentary_power[momentary_power > to_power(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gate = to_power(to_lufs(loud.mean()) + RELATIVE_GATE_LU)
    return float(to_lufs(loud[loud > gate].mean()))


def range_lu(short_term_power: NDArray[np.float64]) -> float | None:
    """Give the loudness range: how far apart loud and soft passages are.

    Parameters
    ----------
    short_term_power : float64 [shape=(n_blocks,)]
        Of blocks of 3 s that overlap by at least two thirds.

    Returns
    -------
    float or None
        In LU; None if no block is above the absolute gate.

    Examples
    --------
    >>> round(range_lu(to_power([-20.0] * 50 + [-30.0] * 50)), 6)
    10.0
    """
    loud = short_term_power[short_term_power >= to_power(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gate = to_power(to_lufs(loud.mean()) + RANGE_GATE_LU)
    ordered = np.sort(to_lufs(loud[loud >= gate]))
    low, high = (ordered[round((len(ordered) - 1) * percent / 100.0)] for percent in (LOW_PERCENT, HIGH_PERCENT))
    return float(high - low)

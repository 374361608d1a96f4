"""K-weighting: the filters of BS.1770 at any rate, and what each channel counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# The analogue prototypes behind the tables that BS.1770 gives for 48 kHz: a high shelf (the head) and a high pass (the
# revised low-frequency B curve). Mapped back by the bilinear transform they give those tables to all their digits.
_SHELF_HZ, _SHELF_DB = 1681.974450955533, 3.999843853973347
_SHELF_Q, _SHELF_BAND = 0.7071752369554196, 0.4996667741545416
_PASS_HZ, _PASS_Q = 38.13547087602444, 0.5003270373238773

#: In Hz: under it half the rate comes so near to the shelf, or below it, that the filters are no K-weighting any more.
SLOWEST_HZ = 8_000

#: Weights by the number of channels, in the order of WAV: L R C, surrounds; the LFE of 5.1 and 7.1 does not count.
#: BS.1770 table 3 for five, and by azimuth (table 4) for the rear pair of 7.1.
WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.41, 1.41),
    5: (1.0, 1.0, 1.0, 1.41, 1.41),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),
}


def channel_weights(n_channels: int, weights: Sequence[float] | None = None) -> NDArray[np.float64]:
    """Give what the power of each channel counts [shape=(n_channels,)].

    Raises
    ------
    ValueError
        If the number of channels has no standard layout and no weights were given.

    Examples
    --------
    >>> channel_weights(5).tolist()
    [1.0, 1.0, 1.0, 1.41, 1.41]
    """
    chosen = WEIGHTS.get(n_channels) if weights is None else tuple(weights)
    if chosen is None or len(chosen) != n_channels:
        raise ValueError(f"{n_channels} channels: give one weight for each")
    return np.array(chosen, dtype=np.float64)


@lru_cache(maxsize=16)
def k_weighting(rate: int) -> NDArray[np.float64]:
    """Design the two filters for a rate, as second-order sections [shape=(2, 6)].

    Parameters
    ----------
    rate : int
        In Hz, from :data:`SLOWEST_HZ` on.

    Raises
    ------
    ValueError
        If the rate is a lower one.

    Examples
    --------
    The tables of BS.1770-4:

    >>> k_weighting(48000)[0].round(8).tolist()
    [1.53512486, -2.69169619, 1.19839281, 1.0, -1.69065929, 0.73248077]
    >>> k_weighting(48000)[1].round(8).tolist()
    [1.0, -2.0, 1.0, 1.0, -1.99004745, 0.99007225]
    """
    if rate < SLOWEST_HZ:
        raise ValueError(f"a rate of {rate} Hz: there is no K-weighting under {SLOWEST_HZ}")
    tangent = np.tan(np.pi * _SHELF_HZ / rate)
    high = 10.0 ** (_SHELF_DB / 20.0)
    band = high**_SHELF_BAND
    norm = 1.0 + tangent / _SHELF_Q + tangent**2
    shelf = [
        (high + band * tangent / _SHELF_Q + tangent**2) / norm,
        2.0 * (tangent**2 - high) / norm,
        (high - band * tangent / _SHELF_Q + tangent**2) / norm,
        1.0,
        2.0 * (tangent**2 - 1.0) / norm,
        (1.0 - tangent / _SHELF_Q + tangent**2) / norm,
    ]
    tangent = np.tan(np.pi * _PASS_HZ / rate)
    norm = 1.0 + tangent / _PASS_Q + tangent**2
    high_pass = [1.0, -2.0, 1.0, 1.0, 2.0 * (tangent**2 - 1.0) / norm, (1.0 - tangent / _PASS_Q + tangent**2) / norm]
    sections = np.array([shelf, high_pass])
    sections.flags.writeable = False
    return sections

"""Values of tracks in bins that hold equally many of them, and how crowded each bin is around some tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Rows = NDArray[np.int64]

BINS = 24


@dataclass(frozen=True)
class Facet:
    """One value of all tracks.

    Parameters
    ----------
    place : int8 [shape=(n,)]
        The bin of each track; -1 where the value is unknown.
    usual : float64 [shape=(BINS,)]
        Which share of the known tracks is in and around each bin.
    """

    place: NDArray[np.int8]
    usual: Doubles

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> Self:
        """Put values into bins; NaN is unknown."""
        known = np.isfinite(values)
        place = np.full(len(values), -1, dtype=np.int8)
        if known.any():
            from scipy.stats import rankdata  # late: it takes half a second to import

            shares = (rankdata(values[known]) - 0.5) / known.sum()
            place[known] = np.minimum(shares * BINS, BINS - 1).astype(np.int8)
        return cls(place, _around(place[known]))

    def log_ratio(self, rows: Rows, doubt: float) -> Floats:
        """Tell how much more crowded it is around each track's value among some tracks than among all.

        Parameters
        ----------
        rows : int64 [shape=(k,)]
        doubt : float > 0
            So many more tracks, as all are, are taken to be among them: few say little.

        Returns
        -------
        float32 [shape=(n,)]
            Logarithms; 0 where the value is unknown.
        """
        own = self.place[rows]
        own = own[own >= 0]
        mixed = (len(own) * _around(own) + doubt * self.usual) / (len(own) + doubt)
        ratio = np.log(np.divide(mixed, self.usual, out=np.ones(BINS), where=self.usual > 0))
        return np.where(self.place >= 0, ratio[self.place], 0).astype(np.float32)


def _around(places: NDArray[np.int8]) -> Doubles:
    """Count shares by bin, each track spread over the bins beside its own."""
    if not len(places):
        return np.zeros(BINS)
    return np.asarray(_SPREAD @ np.bincount(places, minlength=BINS) / len(places))


def _spread() -> Doubles:
    apart = np.arange(BINS)[:, None] - np.arange(BINS)[None, :]
    curve = np.exp(-(apart**2) / 2)
    return np.asarray(curve / curve.sum(axis=0))


_SPREAD = _spread()

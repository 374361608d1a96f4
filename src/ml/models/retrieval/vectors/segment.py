"""A stretch of vectors that lie together, sorted by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.retrieval.vectors.cells import cells_of
from ml.models.retrieval.vectors.codes import Codes, Floats, products, stretches

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segment:
    """Codes of vectors, and which rows of the index they are.

    Parameters
    ----------
    codes : int8 [shape=(n, size)]
        Sorted by cell; may be mapped from a file.
    scales : float32 [shape=(n,)]
    rows : int64 [shape=(n,)]
        The row of each.
    bounds : int64 [shape=(n_cells + 1,)]
        Cell ``c`` is the stretch ``bounds[c]:bounds[c + 1]``; ``[0, n]`` where there are no cells.
    """

    codes: Codes
    scales: Floats
    rows: Rows
    bounds: Rows

    @classmethod
    def of(cls, codes: Codes, scales: Floats, middles: Floats, *, first: int) -> Segment:
        """Sort vectors by their cells; their rows count from ``first``."""
        if not len(middles):
            return cls(codes, scales, np.arange(first, first + len(codes)), np.array([0, len(codes)]))
        cells = cells_of(codes, scales, middles)
        order = np.argsort(cells, kind="stable")
        bounds = np.concatenate(([0], np.cumsum(np.bincount(cells, minlength=len(middles)))))
        return cls(codes[order], scales[order], first + order, bounds)

    def __len__(self) -> int:
        return len(self.codes)

    def near(self, query: Floats, cells: Rows | None, mask: Mask | None) -> tuple[Rows, Floats]:
        """Give the rows of some cells and their products with a query.

        Parameters
        ----------
        query : float32 [shape=(size,)]
        cells : int64 [shape=(n,)] or None
            Into which is looked; None: into all.
        mask : bool [shape=(n_rows,)] or None
            By row of the index: which may be found.
        """
        if cells is None and mask is None:
            return self.rows, products(self.codes, self.scales, query)
        if cells is None:
            places = np.flatnonzero(mask[self.rows]) if mask is not None else np.arange(len(self))
            return self.rows[places], products(self.codes[places], self.scales[places], query)
        starts, ends = self.bounds[cells], self.bounds[cells + 1]
        places = _ranges(starts, ends)
        if mask is None:
            found = stretches(self.codes, zip(starts.tolist(), ends.tolist(), strict=True), query)
            return self.rows[places], found * self.scales[places]
        places = places[mask[self.rows[places]]]
        return self.rows[places], products(self.codes[places], self.scales[places], query)

    def by_row(self, rows: Rows, first: int) -> tuple[Codes, Floats]:
        """Give codes and scales of some rows, which count from ``first`` here."""
        place = np.empty(len(self), dtype=np.int64)
        place[self.rows - first] = np.arange(len(self))
        places = place[rows - first]
        return self.codes[places], self.scales[places]


def _ranges(starts: Rows, ends: Rows) -> Rows:
    """Count from each start to its end, one after the other."""
    lengths = ends - starts
    first = np.cumsum(lengths) - lengths
    found: Rows = np.arange(lengths.sum()) + np.repeat(starts - first, lengths)
    return found

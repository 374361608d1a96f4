"""Many vectors by row: what is near to one of them, exactly or by looking into the nearest cells only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.retrieval.vectors.cells import how_many, taught
from ml.models.retrieval.vectors.codes import Codes, Floats
from ml.models.retrieval.vectors.segment import Mask, Rows, Segment

#: Share of the cells that a search looks into.
PROBES = 0.03
#: So many rows are read at least: where no more are allowed, all of them.
_FEW = 20_000


@dataclass(frozen=True, slots=True)
class CellIndex:
    """Vectors in segments with common cells.

    Parameters
    ----------
    middles : float32 [shape=(n_cells, size)]
        Of the cells; none where every search reads all.
    segments : tuple of Segment
        Their rows are distinct.
    lengths : float32 [shape=(n_rows,)]
        What the product of a query with a row's direction is multiplied by; a row with 0 is not found.

    Examples
    --------
    >>> from ml.models.retrieval.vectors.codes import coded
    >>> index = CellIndex.of(*coded(np.eye(3, dtype=np.float32)), lengths=np.array([1, 1, 0.5], dtype=np.float32))
    >>> rows, near = index.search(np.array([0.1, 0.2, 0.9], dtype=np.float32), 2)
    >>> rows.tolist(), [round(float(one), 2) for one in near]
    ([2, 1], [0.45, 0.2])
    """

    middles: Floats
    segments: tuple[Segment, ...]
    lengths: Floats

    @classmethod
    def of(cls, codes: Codes, scales: Floats, *, lengths: Floats, seed: int = 0) -> CellIndex:
        """Build one of a single segment; row ``i`` is the i-th vector."""
        n_cells = how_many(len(codes))
        middles = np.zeros((0, codes.shape[1]), dtype=np.float32)
        if n_cells:
            middles = taught(codes, scales, n_cells, np.random.default_rng(seed))
        return cls(middles, (Segment.of(codes, scales, middles, first=0),), lengths)

    def __len__(self) -> int:
        return sum(map(len, self.segments))

    def search(
        self, query: Floats, count: int, *, mask: Mask | None = None, probes: float = PROBES, exact: bool = False
    ) -> tuple[Rows, Floats]:
        """Find the rows of the largest products, the largest first; of equal ones the lowest row first.

        Parameters
        ----------
        query : float32 [shape=(size,)]
        count : int >= 1
        mask : bool [shape=(n_rows,)], optional
            Which rows may be found. The fewer they are, the more cells are looked into; all where they are few.
        probes : float in (0, 1]
            Share of the cells that are looked into.
        exact : bool
            Whether to read everything.

        Returns
        -------
        rows : int64 [shape=(n,)]
            At most ``count``; only those with a product above 0.
        products : float32 [shape=(n,)]
        """
        query = np.ascontiguousarray(query, dtype=np.float32)
        cells = None if exact else self._cells(query, mask, probes, count)
        parts = [segment.near(query, cells, mask) for segment in self.segments if len(segment)]
        if not parts:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows = np.concatenate([rows for rows, _ in parts])
        near = np.concatenate([near for _, near in parts]) * self.lengths[rows]
        return best(rows, near, count)

    def _cells(self, query: Floats, mask: Mask | None, probes: float, count: int) -> Rows | None:
        """Choose the cells that are looked into; None for all."""
        if not len(self.middles):
            return None
        share = 1.0
        if mask is not None:
            n_allowed = int(np.count_nonzero(mask))
            if n_allowed <= max(_FEW, count):
                return None
            share = n_allowed / len(mask)
        wanted = len(self.middles) * max(probes, max(_FEW, 2 * count) / len(self)) / share
        if wanted >= len(self.middles):
            return None
        near = self.middles @ query
        return np.sort(np.argpartition(-near, int(wanted))[: int(wanted) + 1]).astype(np.int64)


def best(rows: Rows, near: Floats, count: int) -> tuple[Rows, Floats]:
    """Keep the largest above 0, the largest first; of equal ones the lowest row first."""
    if count < len(near):
        kept: NDArray[np.bool_] = near >= max(np.partition(near, len(near) - count)[len(near) - count], 0)
        rows, near = rows[kept], near[kept]
    positive = near > 0
    rows, near = rows[positive], near[positive]
    order = np.lexsort((rows, -near))[:count]
    return rows[order], near[order]

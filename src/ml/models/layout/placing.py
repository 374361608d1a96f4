"""New vectors placed into a layout that is there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.models.layout.neighbours import nearest_rows

Floats = NDArray[np.float32]
#: Those of the nearest that a new one lies among.
_AMONG = 10


def placed(new: Floats, known: Floats, points: Floats, *, rng: np.random.Generator) -> Floats:
    """Place vectors among their neighbours, float32 [shape=(len(new), 2)].

    A new one lies in the middle of its nearest ones, by medians, so that a neighbour that lies elsewhere does not drag
    it between two regions.

    Parameters
    ----------
    new : float32 [shape=(n, size)]
    known : float32 [shape=(m, size)]
    points : float32 [shape=(m, 2)]
        Where the known ones lie.
    rng : numpy.random.Generator

    Examples
    --------
    >>> known = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], dtype=np.float32)
    >>> points = np.array([[-5, 0], [-5, 1], [5, 0], [5, 1]], dtype=np.float32)
    >>> placed(known[2:3], known, points, rng=np.random.default_rng(0))[0].tolist()
    [5.0, 0.5]
    """
    k = min(_AMONG, max(1, len(known) // 2))
    found = nearest_rows(new, k, among=known, rng=rng)
    return np.asarray(np.median(points[found], axis=1), dtype=np.float32)

r"""t-SNE by descent: neighbours pull, everybody pushes.

Method
------
Every vector is joined to its k nearest; a pair that is joined one way weighs half of one that is joined both ways.
With k = 15 as much is kept as by affinities of the usual perplexity, 30, with a sixth of their edges. It begins with
the two directions in which vectors differ most, and neighbours pull twelve times as strongly for the first third, which
finds the large order; then the small one is found. The rate is n / exaggeration, and needs no other number for another
n.

References
----------
van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 9, 2008; Belkina et al., "Automated optimized parameters
for t-distributed stochastic neighbor embedding", Nature Communications 10, 2019; Kobak and Berens, "The art of using
t-SNE for single-cell transcriptomics", ibid.; Böhm, Berens and Kobak, "Attraction-repulsion spectrum in neighbor
embeddings", JMLR 23, 2022.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.steps import step
from ml.models.layout.neighbours import nearest_rows, unit
from ml.models.layout.repulsion import Repulsion

Floats = NDArray[np.float32]
NEIGHBOURS = 15
EARLY_STEPS, STEPS = 250, 500
_EXAGGERATION = 12.0
_SPREAD = 1e-4
_LEAST_GAIN = 0.01
#: How strongly all are drawn to the middle: too weakly to be seen, but parts that nothing joins do not part for ever.
_HOME = np.float32(1e-6)
_LONGEST = np.float32(5.0)
Told = Callable[[str, int, int], None]


def laid_out(
    vectors: Floats,
    *,
    start: Floats | None = None,
    rng: np.random.Generator,
    on_step: Told = lambda *_: None,
    neighbours: int = NEIGHBOURS,
    early_steps: int = EARLY_STEPS,
    steps: int = STEPS,
) -> Floats:
    """Lay vectors out in the plane.

    Parameters
    ----------
    vectors : float32 [shape=(n, size)]
    start : float32 [shape=(n, 2)], optional
        Where to begin: another layout of them, whose large order is kept.
    rng : numpy.random.Generator
    on_step : callable
        Told what is done, how much of it, and of how much.
    neighbours : int >= 1
    early_steps, steps : int >= 0
        With and without exaggeration.

    Returns
    -------
    float32 [shape=(n, 2)]
        Centred.
    """
    n = len(vectors)
    if n < 4:
        return _few(n)
    # Where all are near each other, nothing is.
    k = min(neighbours, max(3, n // 5), n - 1)
    found = nearest_rows(vectors, k, rng=rng, on_rows=lambda done, of: on_step(step("neighbours"), done, of))
    pulls = joined(found)
    if start is not None:
        early_steps = 0  # the large order is there
    points = _begin(vectors, rng) if start is None else (start - start.mean(axis=0)).astype(np.float32)
    descent = _Descent(points, pulls)
    all_steps = early_steps + steps
    for place in range(all_steps):
        early = place < early_steps
        descent.step(_EXAGGERATION if early else 1.0, 0.5 if early else 0.8)
        on_step(step("layout"), place + 1, all_steps)
    return descent.points


def joined(found: NDArray[np.integer]) -> csr_matrix:
    """Make the graph of who is near whom: weights of a symmetric matrix that sum to 1, float32."""
    n, k = found.shape
    rows = np.repeat(np.arange(n, dtype=np.int32), k)
    ones = np.ones(n * k, dtype=np.float32)
    directed = csr_matrix((ones, (rows, found.ravel())), shape=(n, n))
    both = (directed + directed.T).tocsr()
    both.sort_indices()
    return csr_matrix(both / both.sum())


class _Descent:
    """Points on their way."""

    def __init__(self, points: Floats, pulls: csr_matrix) -> None:
        self.points = points
        self._pulls = pulls
        self._rows = np.repeat(np.arange(len(points), dtype=np.int32), np.diff(pulls.indptr))
        self._speed, self._gains = np.zeros_like(points), np.ones_like(points)
        self._pushes = Repulsion()

    def step(self, exaggeration: float, momentum: float) -> None:
        """Go a step."""
        drawn = _HOME / len(self.points) * self.points
        slope = exaggeration * self._pull() - self._push() + drawn
        with_it = np.sign(slope) == np.sign(self._speed)
        self._gains = np.maximum(np.where(with_it, self._gains * 0.8, self._gains + 0.2), _LEAST_GAIN)
        # The factor 4 of the gradient is in the rate.
        rate = np.float32(max(len(self.points) / exaggeration, 50.0))
        speed = (momentum * self._speed - rate * self._gains * slope).astype(np.float32)
        # Nobody flies away: a grid for those who did would be too coarse for all others.
        length = np.linalg.norm(speed, axis=1, keepdims=True)
        self._speed = speed * np.minimum(1, _LONGEST / np.maximum(length, 1e-12))
        self.points = self.points + self._speed
        self.points -= self.points.mean(axis=0)

    def _pull(self) -> Floats:
        points, pulls = self.points, self._pulls
        apart = points[self._rows] - points[pulls.indices]
        weights = pulls.data / (1 + np.einsum("ed,ed->e", apart, apart))
        drawn = csr_matrix((weights, pulls.indices, pulls.indptr), shape=pulls.shape)
        total = np.add.reduceat(weights, pulls.indptr[:-1])
        return np.asarray(total[:, None] * points - drawn @ points, dtype=np.float32)

    def _push(self) -> Floats:
        pushes, whole = self._pushes.of(self.points)
        return np.asarray(pushes / np.float32(max(whole, 1e-12)), dtype=np.float32)


def _begin(vectors: Floats, rng: np.random.Generator) -> Floats:
    """Begin with the two directions in which vectors differ most, nearly in one point."""
    directions = unit(vectors)
    centred = directions - directions.mean(axis=0)
    _, turn = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    points = (centred @ turn[:, :-3:-1]).astype(np.float32)
    if points.shape[1] < 2:
        points = np.column_stack([points, np.zeros(len(points), dtype=np.float32)])
    # Equal vectors must be able to part.
    points = points / max(float(points[:, 0].std()), 1e-12) + 0.01 * rng.standard_normal(points.shape)
    return np.asarray(points * _SPREAD, dtype=np.float32)


def _few(n: int) -> Floats:
    """Lay out so few that there is nothing to choose: side by side."""
    across = np.arange(n, dtype=np.float32) - (n - 1) / 2
    return np.column_stack([across, np.zeros(n, dtype=np.float32)])

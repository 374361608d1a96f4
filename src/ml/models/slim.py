"""Few items, with weights that were learned, speak for an item."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from os import sched_getaffinity
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.item_knn import ItemKNN, spread
from ml.models.plays import UNDATED, Floats, Indices, Plays

#: Numbers of the Gram matrices that are swept together at most (32 MiB).
BATCH_NUMBERS = 1 << 23


@dataclass
class SLIM:
    r"""Score an item by a sparse linear model of the items of a history.

    .. math::

        s_{ui} = \sum_j x_{uj} W_{ji}, \qquad
        w_i = \arg\min_{w \ge 0,\, w_i = 0,\, w_j = 0 \text{ for } j \notin N_i}
        \tfrac12 \lVert x_i - X w \rVert^2 + \tfrac{\beta}{2} \lVert w \rVert^2 + \lambda \lVert w \rVert_1

    with x and X 1 where a listener played an item, and :math:`N_i` the candidates of item i: those
    nearest to it by cosine (the paper's fsSLIM). An item is no evidence for itself.

    Each column is an elastic net of its own, solved by coordinate descent on the candidates' Gram
    matrix. Many columns are swept together: step k of all of them is one operation on arrays.

    Parameters
    ----------
    l1 : float >= 0
        :math:`\lambda`, in listeners: so many that two items share in excess of chance count for
        nothing. Makes columns sparse.
    l2 : float > 0
        :math:`\beta`, in listeners.
    candidates : int >= 1
        How many items may speak for an item. The time of a fit grows with their square.
    sweeps : int >= 1
        How often each weight is improved at most.
    tolerance : float >= 0
        Sweeps end when no weight of a batch moves by more.

    References
    ----------
    Ning and Karypis, "SLIM: sparse linear methods for top-N recommender systems", ICDM 2011.
    Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
    coordinate descent", Journal of Statistical Software 33(1), 2010.

    Examples
    --------
    Two listeners share items 0 and 1, so that :math:`W_{01} = (2 - \lambda) / (2 + \beta)`.

    >>> plays = Plays.of([[0, 1], [0, 1], [2]], n_items=3)
    >>> data = TrainingData(plays, csr_matrix((3, 0)), np.full(3, -1))
    >>> model = SLIM(l1=0.5, l2=1).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=3)).round(3)
    array([[0. , 0.5, 0. ]], dtype=float32)
    """

    l1: float = 0.3
    l2: float = 20.0
    candidates: int = 200
    sweeps: int = 30
    tolerance: float = 1e-4
    name: ClassVar[str] = "slim"
    weights: csr_matrix | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.weights is None else self.weights.shape[0]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Choose the candidates, then solve the columns, batch by batch."""
        played = data.plays.counts.sign()
        near = self._candidates(played, data, rng)
        by_item = csr_matrix(played.T)
        columns = np.argsort(np.diff(near.indptr), kind="stable")
        columns = columns[np.diff(near.indptr)[columns] > 0]
        values = np.zeros(near.nnz, dtype=np.float32)

        def work(batch: NDArray[np.int64]) -> None:
            grams = _grams(by_item, near, batch)
            weights = elastic_net(*grams, l1=self.l1, l2=self.l2, sweeps=self.sweeps, tolerance=self.tolerance)
            for column, own in zip(batch, weights, strict=True):
                values[near.indptr[column] : near.indptr[column + 1]] = own[
                    : near.indptr[column + 1] - near.indptr[column]
                ]

        step = max(1, BATCH_NUMBERS // self.candidates**2)
        batches = [columns[first : first + step] for first in range(0, len(columns), step)]
        with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
            list(pool.map(work, batches))
        # Row i of the candidates is column i of the weights.
        by_column = csr_matrix((values, near.indices, near.indptr), shape=near.shape)
        self.weights = csr_matrix(by_column.T)
        self.weights.eliminate_zeros()
        return self

    def _candidates(self, played: csr_matrix, data: TrainingData, rng: np.random.Generator) -> csr_matrix:
        """Find the candidates of each item, in rows."""
        times = np.full(played.nnz, UNDATED)
        once = Plays(played.indptr.astype(np.int64), played.indices, played.data, times, data.n_items)
        nearest = ItemKNN(neighbours=self.candidates, shrinkage=0, weighting="none")
        near = nearest.fit(replace(data, plays=once), rng=rng).similarity
        assert near is not None
        return near

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.weights is not None
        return spread(history.counts, np.sign(history.counts.data), self.weights, items)

    def arrays(self) -> Arrays:
        """Give the weights, float32 [shape=(n_items, n_items)], in the three parts of their rows."""
        if self.weights is None:
            return {}
        return {"data": self.weights.data, "indices": self.weights.indices, "indptr": self.weights.indptr}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        n_items = len(arrays["indptr"]) - 1
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        self.weights = csr_matrix(parts, shape=(n_items, n_items))
        return self


def _grams(by_item: csr_matrix, near: csr_matrix, columns: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Count the common listeners of each column's candidates, and of them with the column.

    Returns
    -------
    grams : float32 [shape=(n_candidates, n_columns, n_candidates)]
        Filled up with zeros where a column has fewer candidates than another.
    targets : float32 [shape=(n_candidates, n_columns)]
    """
    size = int(np.diff(near.indptr)[columns].max())
    grams = np.zeros((size, len(columns), size), dtype=np.float32)
    targets = np.zeros((size, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        own = near.indices[near.indptr[column] : near.indptr[column + 1]]
        listeners = by_item[np.append(own, column)]
        common = (listeners @ listeners.T).toarray()
        grams[: len(own), place, : len(own)] = common[:-1, :-1]
        targets[: len(own), place] = common[-1, :-1]
    return grams, targets


def elastic_net(grams: Floats, targets: Floats, *, l1: float, l2: float, sweeps: int, tolerance: float) -> Floats:
    r"""Solve non-negative elastic nets together, by coordinate descent.

    Each minimises :math:`\tfrac12 w^\top G w - t^\top w + \tfrac{\beta}{2} w^\top w + \lambda \sum w` for
    :math:`w \ge 0`.

    Parameters
    ----------
    grams : float32 [shape=(d, n, d)]
        ``grams[:, p]`` is the matrix G of problem p.
    targets : float32 [shape=(d, n)]
        ``targets[:, p]`` is its t.
    l1, l2 : float
        :math:`\lambda \ge 0` and :math:`\beta > 0`.
    sweeps : int
    tolerance : float

    Returns
    -------
    float32 [shape=(n, d)]
    """
    size = len(grams)
    diagonals = np.einsum("kpk->kp", grams)
    scales = 1 / (diagonals + np.float32(l2))
    weights = np.zeros_like(targets)
    explained = np.zeros(grams.shape[1:], dtype=np.float32)
    for _ in range(sweeps):
        largest = 0.0
        for k in range(size):
            rest = targets[k] - explained[:, k] + diagonals[k] * weights[k]
            better = np.maximum(rest - np.float32(l1), 0) * scales[k]
            steps = better - weights[k]
            moved = np.flatnonzero(steps)
            if len(moved):
                explained[moved] += steps[moved, None] * grams[k, moved]
                weights[k] = better
                largest = max(largest, float(np.abs(steps).max()))
        if largest <= tolerance:
            break
    return np.ascontiguousarray(weights.T)

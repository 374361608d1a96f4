"""Taste as a vector: implicit alternating least squares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.alternation import approach, begin
from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.factors import Basis, Factorised
from ml.models.plays import Floats, Plays
from ml.models.rows import Rows, calm_blas, in_chunks, padded


@dataclass
class ImplicitALS(Factorised):
    r"""Score an item by the product of a listener's vector and its own.

    Listeners W and items H minimise

    .. math::

        \sum_{(u,i) \in S} c_{ui} (1 - w_u^\top h_i)^2 + \alpha \sum_{u,i} q_i (w_u^\top h_i)^2
        + \lambda \sum_u \frac{(n_u + \alpha I)^\nu}{Z_W} \lVert w_u \rVert^2
        + \lambda \sum_i \frac{(n_i + \alpha q_i U)^\nu}{Z_H} \lVert h_i \rVert^2

    with S the pairs that were played, :math:`c_{ui} = 1 + \kappa \log(\text{count})`, :math:`n_u` and
    :math:`n_i` the number of items of a listener and of listeners of an item, I items and U
    listeners. Regularisation that grows with the frequency is what makes this old model compete
    with new ones. :math:`Z_W` and :math:`Z_H` are the means of the powers above them: without them
    the same :math:`\lambda` that suits 20,000 items flattens a model of 1,000,000.

    An item that everybody knows and this listener did not play says more than one that few know:
    :math:`q_i \propto n_i^\mu`, of mean 1 (He et al.).

    Training starts from approximate singular vectors of the plays, each divided by the roots of
    its listener's and its item's frequency, which is worth more than an iteration and costs less
    than half of one. From there each half of an iteration takes a few steps of conjugate gradients
    for every row, from where the row was. With :math:`G = H^\top H = V E V^\top`, what all rows
    share is diagonal in the basis V, so that a step looks at the row's own items only.

    The defaults were chosen on validation sets (``make bench BENCH_ARGS=defaults``), as a middle
    way; without :math:`\mu` NDCG@20 falls by 1.5 to 5 %.
    Where users are many and histories short, as in Gowalla, more factors, a smaller :math:`\lambda`
    and two iterations do better: NDCG@20 rises there from 0.086 to 0.109 with 256 factors.

    A listener's vector is solved for exactly, in float64, when asked (*fold-in*), so that a listen
    of a moment ago counts and a listener unknown at training is no exception. A row of n items
    needs a system of n unknowns there where n is less than the number of factors (Woodbury's
    identity); most rows are that short.

    Parameters
    ----------
    factors : int >= 1
    regularization : float > 0
        :math:`\lambda`.
    alpha : float > 0
        :math:`\alpha`, the weight of every pair not played. (The library ``implicit`` calls the
        weight of the pairs that *were* played alpha.)
    exponent : float in [0, 1]
        :math:`\nu`, how regularisation follows frequency.
    confidence : float >= 0
        :math:`\kappa`, how much more a repeated play counts.
    popularity : float in [0, 1]
        :math:`\mu`, how much more a popular item counts that was not played.
    iterations : int >= 1

    References
    ----------
    Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008.
    Rendle et al., "Revisiting the performance of iALS on item recommendation benchmarks",
    RecSys 2022, arXiv 2110.14037.
    He et al., "Fast matrix factorization for online recommendation with implicit feedback", SIGIR
    2016, arXiv 1708.05024.
    Takács, Pilászy and Tikk, "Applications of the conjugate gradient method for implicit feedback
    collaborative filtering", RecSys 2011.
    Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53, 2011,
    arXiv 0909.4061.

    Examples
    --------
    Two circles of listeners; one who knows only item 0 is offered 1, not 2 or 3.

    >>> plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=4)
    >>> data = TrainingData(plays, csr_matrix((4, 0)), np.full(4, -1))
    >>> model = ImplicitALS(factors=2, regularization=0.1).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=4)).round(1) + 0.0
    array([[0.9, 0.9, 0. , 0. ]], dtype=float32)
    """

    factors: int = 64
    regularization: float = 4.0
    alpha: float = 0.03
    exponent: float = 1.0
    confidence: float = 0.0
    iterations: int = 10
    popularity: float = 0.4
    name: ClassVar[str] = "ials"
    frequency: float = field(default=1.0, init=False, repr=False)
    item_weights: Floats | None = field(default=None, init=False, repr=False)
    _basis: Basis | None = field(default=None, init=False, repr=False, compare=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Alternate between listeners and items."""
        by_user = self._confidences(data.plays)
        by_item = csr_matrix(by_user.T)
        weights = self._weights(np.diff(by_item.indptr))
        frequencies = self._frequencies(by_user)
        user_ridge, item_ridge = self._ridge(frequencies), self._ridge(self._frequencies(by_item, weights))
        with calm_blas():
            users, items = begin(by_user, by_item, self.factors, rng)
            # An item's equations, divided by its weight, are those of an item of weight 1.
            by_item.data /= np.repeat(weights, np.diff(by_item.indptr)).astype(by_item.dtype)
            for _ in range(self.iterations):
                users = approach(by_user, items, Basis.of(items, weights), self.alpha, user_ridge, users)
                items = approach(by_item, users, Basis.of(users), self.alpha, item_ridge / weights, items)
            learned = {"item_factors": items, "item_weights": weights.astype(np.float32)}
            return self.restore(learned | {"frequency": np.array(_mean(frequencies))})

    def _confidences(self, plays: Plays) -> csr_matrix:
        confidences = plays.counts.copy()
        confidences.data = self._confidence_of(confidences.data)
        return confidences

    def _confidence_of(self, counts: Floats) -> Floats:
        # A weight below one play would turn the logarithm negative.
        return np.asarray(1 + self.confidence * np.log(np.maximum(counts, 1)))

    def _weights(self, frequencies: NDArray[np.integer]) -> NDArray[np.float64]:
        weights = np.maximum(frequencies, 1.0) ** self.popularity
        return np.asarray(weights / _mean(weights))

    def _frequencies(self, rows: csr_matrix, weights: NDArray[np.float64] | float = 1.0) -> NDArray[np.float64]:
        unplayed = self.alpha * weights * rows.shape[1]
        return np.asarray((np.diff(rows.indptr) + unplayed) ** self.exponent, dtype=np.float64)

    def _ridge(self, frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.regularization * frequencies / _mean(frequencies)

    def fold_in(self, history: Plays) -> NDArray[np.float64]:
        """Solve for the vectors of listeners, float64 [shape=(n_users, factors)].

        Raises
        ------
        ml.foundation.errors.NotTrained
            Before :meth:`fit`.
        """
        require_fitted(self, history)
        assert self.item_factors is not None
        assert self._basis is not None
        counts = history.counts
        ridge = self.regularization * self._frequencies(counts) / self.frequency
        played, where = np.unique(counts.indices, return_inverse=True)
        rotated = self.item_factors[played].astype(np.float64) @ self._basis.vectors
        rows = Rows(counts.indptr, where, self._confidence_of(counts.data).astype(np.float64))
        return solve(rows, rotated, self.alpha * self._basis.values, ridge) @ self._basis.vectors.T

    def arrays(self) -> Arrays:
        """Give ``item_factors``, float32 [shape=(n_items, factors)], their weights, and listeners' mean frequency."""
        if self.item_factors is None or self.item_weights is None:
            return {}
        learned = {"item_factors": self.item_factors, "item_weights": self.item_weights}
        return learned | {"frequency": np.array(self.frequency)}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self._hold(arrays["item_factors"])
        self.frequency = float(arrays["frequency"])
        # Files of the first versions have none: all items weighed the same.
        self.item_weights = arrays.get("item_weights", np.ones(len(arrays["item_factors"]), dtype=np.float32))
        self._basis = Basis.of(arrays["item_factors"], self.item_weights)
        return self


def solve(
    rows: csr_matrix | Rows, factors: NDArray[Any], shared: NDArray[np.float64], own: NDArray[np.float64]
) -> NDArray[Any]:
    r"""Solve one ridge regression a row: :math:`(X^\top C X + D) w = X^\top C 1`.

    Parameters
    ----------
    rows : scipy.sparse.csr_matrix or Rows, > 0 [shape=(n_rows, n_columns)]
        The confidences C of each row.
    factors : float [shape=(n_columns, d)]
        Row u uses the rows X of its columns. Its type is the type of the computation.
    shared : float64 [shape=(d,)]
    own : float64 > 0 [shape=(n_rows,)]
        The diagonal D of row u is ``shared + own[u]``.

    Returns
    -------
    [shape=(n_rows, d)]
    """
    solved = np.zeros((len(rows.indptr) - 1, factors.shape[1]), dtype=factors.dtype)

    def work(chunk: NDArray[np.int64]) -> None:
        columns, confidences = padded(rows, chunk)
        diagonal = (shared + own[chunk, None]).astype(factors.dtype)
        method = _solve_short if columns.shape[1] < factors.shape[1] else _solve_long
        solved[chunk] = method(factors[columns], confidences.astype(factors.dtype), diagonal)

    in_chunks(work, rows, factors.shape[1])
    return solved


def _solve_short(x: NDArray[Any], confidences: NDArray[Any], diagonal: NDArray[Any]) -> NDArray[Any]:
    """Solve in the space of the row's items: fewer unknowns than factors."""
    roots = np.sqrt(confidences)
    scale = 1 / np.sqrt(diagonal)
    z = x * roots[:, :, None] * scale[:, None, :]
    kernel = z @ z.transpose(0, 2, 1)
    _add_to_diagonal(kernel, 1)
    duals = np.linalg.solve(kernel, roots[:, :, None])
    return np.asarray((z.transpose(0, 2, 1) @ duals)[:, :, 0] * scale)


def _solve_long(x: NDArray[Any], confidences: NDArray[Any], diagonal: NDArray[Any]) -> NDArray[Any]:
    """Solve in the space of the factors."""
    weighted = (x * confidences[:, :, None]).transpose(0, 2, 1)
    gram = weighted @ x
    _add_to_diagonal(gram, diagonal)
    return np.asarray(np.linalg.solve(gram, weighted.sum(axis=2)[:, :, None])[:, :, 0])


def _mean(values: NDArray[np.float64]) -> float:
    """Average, or 1 where nothing was played and nothing is divided by it."""
    return float(values.sum()) / max(1, len(values)) or 1.0


def _add_to_diagonal(matrices: NDArray[Any], values: Any) -> None:
    steps = np.arange(matrices.shape[1])
    matrices[:, steps, steps] += values

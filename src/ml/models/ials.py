"""Taste as a vector: implicit alternating least squares."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import sched_getaffinity
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays

#: Numbers gathered for one batch of systems at most: what fits into a core's second cache.
CHUNK_NUMBERS = 1 << 18

#: So few batches are solved sooner than threads are made for them; whoever asks for few has threads of their own.
FEW_CHUNKS = 64

#: Multiplications from which BLAS starts threads of its own (OpenBLAS; others are no worse for it).
BLAS_THREADS_FROM = 1 << 18


@dataclass
class ImplicitALS:
    r"""Score an item by the product of a listener's vector and its own.

    Listeners W and items H minimise

    .. math::

        \sum_{(u,i) \in S} c_{ui} (1 - w_u^\top h_i)^2 + \alpha \sum_{u,i} (w_u^\top h_i)^2
        + \lambda \sum_u \frac{(n_u + \alpha I)^\nu}{Z_W} \lVert w_u \rVert^2
        + \lambda \sum_i \frac{(n_i + \alpha U)^\nu}{Z_H} \lVert h_i \rVert^2

    with S the pairs that were played, :math:`c_{ui} = 1 + \kappa \log(\text{count})`, :math:`n_u` and
    :math:`n_i` the number of items of a listener and of listeners of an item, I items and U
    listeners. Regularisation that grows with the frequency is what makes this old model compete
    with new ones. :math:`Z_W` and :math:`Z_H` are the means of the powers above them: without them
    the same :math:`\lambda` that suits 20,000 items flattens a model of 1,000,000.

    Each half of an iteration solves every row exactly. With :math:`G = H^\top H = V E V^\top`,
    all systems share their eigenvectors apart from the row's own items, so in the basis V a row
    of n items needs a system of n unknowns where n is less than the number of factors
    (Woodbury's identity). Most rows are that short.

    The defaults were chosen on validation sets (``make bench BENCH_ARGS=defaults``), as a middle
    way: HetRec's listening wants :math:`\alpha` near 0.05, Gowalla's places less. A confidence of
    0.1, an exponent of 0.5 or 15 iterations each move the mean over the sets by less than 1 %.

    A listener's vector is solved for in float64 when asked (*fold-in*), so that a listen of a
    moment ago counts and a listener unknown at training is no exception.

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
    iterations : int >= 1

    References
    ----------
    Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008.
    Rendle et al., "Revisiting the performance of iALS on item recommendation benchmarks",
    RecSys 2022, arXiv 2110.14037.

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
    name: ClassVar[str] = "ials"
    item_factors: Floats | None = field(default=None, init=False, repr=False)
    frequency: float = field(default=1.0, init=False, repr=False)
    _basis: Basis | None = field(default=None, init=False, repr=False, compare=False)
    _columns: Floats | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.item_factors is None else len(self.item_factors)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Alternate between listeners and items."""
        by_user = self._confidences(data.plays)
        by_item = csr_matrix(by_user.T)
        n_items = data.n_items
        spread = 0.1 / np.sqrt(self.factors)
        items = rng.normal(0, spread, (n_items, self.factors)).astype(np.float32)
        for _ in range(self.iterations):
            users = self._other_side(by_user, items)
            items = self._other_side(by_item, users)
        return self.restore({"item_factors": items, "frequency": np.array(_mean(self._frequencies(by_user)))})

    def _confidences(self, plays: Plays) -> csr_matrix:
        confidences = plays.counts.copy()
        # A weight below one play would turn the logarithm negative.
        confidences.data = 1 + self.confidence * np.log(np.maximum(confidences.data, 1))
        return confidences

    def _other_side(self, rows: csr_matrix, factors: Floats) -> Floats:
        basis = Basis.of(factors)
        rotated = factors @ basis.vectors.astype(np.float32)
        frequencies = self._frequencies(rows)
        ridge = self.regularization * frequencies / _mean(frequencies)
        solved = solve(rows, rotated, self.alpha * basis.values, ridge)
        return solved @ basis.vectors.T.astype(np.float32)

    def _frequencies(self, rows: csr_matrix) -> NDArray[np.float64]:
        return np.asarray((np.diff(rows.indptr) + self.alpha * rows.shape[1]) ** self.exponent, dtype=np.float64)

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
        rows = self._confidences(history)
        ridge = self.regularization * self._frequencies(rows) / self.frequency
        played, where = np.unique(rows.indices, return_inverse=True)
        rotated = self.item_factors[played].astype(np.float64) @ self._basis.vectors
        rows = csr_matrix((rows.data.astype(np.float64), where, rows.indptr), shape=(history.n_users, len(played)))
        return solve(rows, rotated, self.alpha * self._basis.values, ridge) @ self._basis.vectors.T

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        users = self.fold_in(history).astype(np.float32)
        assert self.item_factors is not None
        if items is not None:
            return np.asarray(users @ self.item_factors[items].T)
        if self._columns is None:
            # BLAS reads the factors of all items twice as fast in this order.
            self._columns = np.ascontiguousarray(self.item_factors.T)
        return np.asarray(users @ self._columns)

    def arrays(self) -> Arrays:
        """Give ``item_factors``, float32 [shape=(n_items, factors)], and the mean frequency of listeners."""
        if self.item_factors is None:
            return {}
        return {"item_factors": self.item_factors, "frequency": np.array(self.frequency)}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.item_factors = arrays["item_factors"]
        self.frequency = float(arrays["frequency"])
        self._basis, self._columns = Basis.of(self.item_factors), None
        return self


class Basis(NamedTuple):
    """Eigenvectors, in columns, and eigenvalues of ``factors.T @ factors``, float64."""

    vectors: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, factors: Floats) -> Basis:
        """Decompose, block by block so that no second copy in float64 is held."""
        n_factors = factors.shape[1]
        gram = np.zeros((n_factors, n_factors))
        for first in range(0, len(factors), 8192):
            block = factors[first : first + 8192].astype(np.float64)
            gram += block.T @ block
        values, vectors = np.linalg.eigh(gram)
        return cls(vectors, np.maximum(values, 0))


def solve(
    rows: csr_matrix, factors: NDArray[Any], shared: NDArray[np.float64], own: NDArray[np.float64]
) -> NDArray[Any]:
    r"""Solve one ridge regression a row: :math:`(X^\top C X + D) w = X^\top C 1`.

    Parameters
    ----------
    rows : scipy.sparse.csr_matrix > 0 [shape=(n_rows, n_columns)]
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
    solved = np.zeros((rows.shape[0], factors.shape[1]), dtype=factors.dtype)

    def work(chunk: NDArray[np.int64]) -> None:
        columns, confidences = _padded(rows, chunk)
        diagonal = (shared + own[chunk, None]).astype(factors.dtype)
        method = _solve_short if columns.shape[1] < factors.shape[1] else _solve_long
        solved[chunk] = method(factors[columns], confidences.astype(factors.dtype), diagonal)

    chunks = list(_chunks(np.diff(rows.indptr), factors.shape[1]))
    if len(chunks) <= FEW_CHUNKS:
        for chunk in chunks:
            work(chunk)
    else:  # NumPy lets go of the interpreter's lock in matmul and solve
        with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
            list(pool.map(work, chunks))
    return solved


def _chunks(lengths: NDArray[np.integer], n_factors: int) -> Iterator[NDArray[np.int64]]:
    """Group rows of similar length; empty rows are left out: their solution is zero."""
    order = np.argsort(lengths, kind="stable")
    sizes = lengths[order]
    first = int(np.searchsorted(sizes, 1))
    while first < len(order):
        # Padding to the longest row of a chunk costs at most an eighth.
        similar = int(np.searchsorted(sizes, sizes[first] + sizes[first] // 8, side="right"))
        room = max(1, CHUNK_NUMBERS // int(sizes[similar - 1] * n_factors))
        last = min(similar, first + room)
        yield order[first:last]
        first = last


def _padded(rows: csr_matrix, chunk: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Lay rows out as a rectangle; what pads them has no confidence and so no say."""
    starts = rows.indptr[chunk, None]
    lengths = rows.indptr[chunk + 1, None] - starts
    steps = np.arange(lengths.max())
    inside = steps < lengths
    places = np.where(inside, starts + steps, 0)
    return rows.indices[places], np.where(inside, rows.data[places], 0)


def _solve_short(x: NDArray[Any], confidences: NDArray[Any], diagonal: NDArray[Any]) -> NDArray[Any]:
    """Solve in the space of the row's items: fewer unknowns than factors."""
    roots = np.sqrt(confidences)
    scale = 1 / np.sqrt(diagonal)
    z = x * roots[:, :, None] * scale[:, None, :]
    kernel = _product(z, z.transpose(0, 2, 1))
    _add_to_diagonal(kernel, 1)
    duals = np.linalg.solve(kernel, roots[:, :, None])
    return np.asarray((z.transpose(0, 2, 1) @ duals)[:, :, 0] * scale)


def _solve_long(x: NDArray[Any], confidences: NDArray[Any], diagonal: NDArray[Any]) -> NDArray[Any]:
    """Solve in the space of the factors."""
    weighted = (x * confidences[:, :, None]).transpose(0, 2, 1)
    gram = _product(weighted, x)
    _add_to_diagonal(gram, diagonal)
    return np.asarray(np.linalg.solve(gram, weighted.sum(axis=2)[:, :, None])[:, :, 0])


def _product(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Multiply in pieces that BLAS does on the calling thread: our threads hold every core, two kinds would fight."""
    inner = a.shape[2]
    step = max(1, (BLAS_THREADS_FROM - 1) // (a.shape[1] * b.shape[2]))
    product = a[:, :, :step] @ b[:, :step]
    for first in range(step, inner, step):
        product += a[:, :, first : first + step] @ b[:, first : first + step]
    return np.asarray(product)


def _mean(values: NDArray[np.float64]) -> float:
    """Average, or 1 where nothing was played and nothing is divided by it."""
    return float(values.sum()) / max(1, len(values)) or 1.0


def _add_to_diagonal(matrices: NDArray[Any], values: Any) -> None:
    steps = np.arange(matrices.shape[1])
    matrices[:, steps, steps] += values

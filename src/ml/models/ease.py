"""How much every item says about every other, solved in one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.item_knn import blocks
from ml.models.plays import Floats, Indices, Plays

#: Rows that are worked on at a time: enough for a product of matrices at full speed, few beside the matrix.
TILE = 1024


@dataclass
class EASE:
    r"""Score an item by a linear model of all others, without a limit on rank or neighbours.

    .. math::

        s_{ui} = \sum_j x_{uj} B_{ji}, \qquad
        B = I - P \operatorname{diag}(P)^{-1}, \quad P = (X^\top X + \lambda I)^{-1}

    with x and X 1 where a listener played an item. B is what minimises
    :math:`\lVert X - X B \rVert^2 + \lambda \lVert B \rVert^2` among the matrices whose diagonal
    is 0, so that an item is no evidence for itself. Weights may be negative.

    Where there are fewer listeners than items, the matrix of common items is inverted instead,
    which is the smaller one (Woodbury's identity): :math:`\lambda P = I - X^\top (X X^\top +
    \lambda I)^{-1} X`, and the factor cancels. A household need not wait for its catalogue.

    All is done in float32, in the place where it lies: with n items and at least as many listeners,
    a fit takes :math:`4 n^2` bytes and little more (20,000 items: 1.5 GiB) and :math:`n^3`
    operations; m < n listeners make that :math:`4 (n^2 + m^2)` bytes and :math:`m^3`
    operations. The model file has :math:`4 n^2` bytes. So beyond ``max_items`` only the items most
    listened to take part. **All others score 0 and say nothing**, as do items that nobody has
    played; the array ``kept`` lists those that take part.

    Parameters
    ----------
    regularization : float > 0
        :math:`\lambda`: how many listeners two items must share to be believed.
    max_items : int >= 1, optional
        How many items take part at most; None is all.

    References
    ----------
    Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019, arXiv 1905.03375.

    Examples
    --------
    Two listeners share items 0 and 1, so that :math:`B_{01} = 2 / (2 + \lambda)`.

    >>> plays = Plays.of([[0, 1], [0, 1], [2]], n_items=3)
    >>> data = TrainingData(plays, csr_matrix((3, 0)), np.full(3, -1))
    >>> model = EASE(regularization=1).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=3)).round(3) + 0.0
    array([[0.   , 0.667, 0.   ]], dtype=float32)
    """

    regularization: float = 100.0
    max_items: int | None = 20_000
    name: ClassVar[str] = "ease"
    n_items: int | None = field(default=None, init=False, repr=False)
    kept: Indices | None = field(default=None, init=False, repr=False)
    weights: Floats | None = field(default=None, init=False, repr=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Invert the matrix of common listeners.

        Raises
        ------
        ValueError
            If the regularisation is so small that float32 cannot hold the inverse.
        """
        played = data.plays.counts.sign()
        self.n_items, self.kept = data.n_items, self._most_played(played)
        played = csr_matrix(played[:, self.kept])
        played = played[np.diff(played.indptr) > 0]
        solve = _by_item if played.shape[0] >= played.shape[1] else _by_listener
        weights = solve(played, self.regularization)
        scale = -1 / np.diagonal(weights)
        for first in range(0, len(weights), TILE):
            weights[first : first + TILE] *= scale
        np.fill_diagonal(weights, 0)
        self.weights = weights
        return self

    def _most_played(self, played: csr_matrix) -> Indices:
        """List the items that take part, in order; one at least, so that no array is empty."""
        listeners = np.bincount(played.indices, minlength=played.shape[1])
        most = int(np.count_nonzero(listeners))
        if self.max_items is not None:
            most = min(most, self.max_items)
        return np.sort(np.argsort(-listeners, kind="stable")[: max(1, most)]).astype(np.int32)

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.kept is not None
        assert self.weights is not None
        place = np.full(history.n_items, -1, dtype=np.int32)
        place[self.kept] = np.arange(len(self.kept), dtype=np.int32)
        played = csr_matrix(history.counts.sign()[:, self.kept])
        if items is None:
            if len(self.kept) == history.n_items:
                return np.asarray(played @ self.weights)
            scores = np.zeros((history.n_users, history.n_items), dtype=np.float32)
            scores[:, self.kept] = played @ self.weights
            return scores
        scores = np.zeros((history.n_users, len(items)), dtype=np.float32)
        known = np.flatnonzero(place[items] >= 0)
        heard, where = np.unique(played.indices, return_inverse=True)
        own = csr_matrix((played.data, where, played.indptr), shape=(history.n_users, len(heard)))
        scores[:, known] = own @ self.weights[np.ix_(heard, place[items][known])]
        return scores

    def arrays(self) -> Arrays:
        """Give ``weights``, float32 [shape=(n_kept, n_kept)], and ``kept``, the items of its rows and columns."""
        if self.weights is None or self.kept is None or self.n_items is None:
            return {}
        return {"weights": self.weights, "kept": self.kept, "n_items": np.array(self.n_items)}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.weights, self.kept = arrays["weights"], arrays["kept"]
        self.n_items = int(arrays["n_items"])
        return self


def _by_item(played: csr_matrix, regularization: float) -> Floats:
    """Give P."""
    return _inverse_gram(csr_matrix(played.T), played, regularization)


def _by_listener(played: csr_matrix, regularization: float) -> Floats:
    """Give P up to a factor, by the smaller matrix of the listeners."""
    n_items = played.shape[1]
    by_item = csr_matrix(played.T)
    inverse = _inverse_gram(played, by_item, regularization)
    weights = np.empty((n_items, n_items), dtype=np.float32)
    for first in range(0, n_items, TILE):
        part = np.ascontiguousarray((by_item[first : first + TILE] @ inverse).T)
        weights[first : first + TILE] = (by_item @ part).T
    np.negative(weights, out=weights)
    weights[np.diag_indices(n_items)] += 1
    return weights


def _inverse_gram(rows: csr_matrix, columns: csr_matrix, ridge: float) -> Floats:
    """Invert the products of all pairs of rows plus a ridge; ``columns`` is the transpose."""
    gram = np.empty((rows.shape[0], rows.shape[0]), dtype=np.float32)
    for first, last in blocks(rows, columns):
        (rows[first:last] @ columns).toarray(out=gram[first:last])
    gram[np.diag_indices(len(gram))] += ridge
    try:
        invert(gram)
    except np.linalg.LinAlgError as error:
        raise ValueError(f"regularization={ridge} is too small for an inverse in float32") from error
    return gram


def invert(matrix: Floats) -> None:
    r"""Invert a symmetric, positive definite matrix where it lies.

    A block of rows and columns k at a time is swept: with D the inverse of its diagonal block,
    :math:`A_{kk} \to -D`, :math:`A_{ik} \to A_{ik} D` and :math:`A_{ij} \to A_{ij} - A_{ik} D A_{kj}`.
    Everything stays symmetric, so only the upper half is computed, and when all are swept,
    it is that of :math:`-A^{-1}`. Nearly all the time goes into products of large matrices. (LAPACK's
    ``spotrf`` and ``spotri`` would do; that of OpenBLAS 0.3.30, which SciPy 1.17 brings, crashes on large
    matrices with more than one thread.)

    Parameters
    ----------
    matrix : float32 [shape=(n, n)]
        Only the upper half is read; both are written.

    Raises
    ------
    numpy.linalg.LinAlgError
        If it is not positive definite.

    References
    ----------
    Goodnight, "A tutorial on the SWEEP operator", The American Statistician 33(3), 1979.
    """
    n = len(matrix)
    for first in range(0, n, TILE):
        last = min(first + TILE, n)
        own = matrix[first:last, first:last]
        root = np.linalg.inv(np.linalg.cholesky(own.astype(np.float64), upper=True))
        pivot = (root @ root.T).astype(np.float32)
        column = np.concatenate([matrix[:first, first:last], np.zeros_like(own), matrix[first:last, last:].T])
        through = column @ pivot
        for row in range(0, n, TILE):
            matrix[row : row + TILE, row:] -= through[row : row + TILE] @ column[row:].T
        matrix[:first, first:last] = through[:first]
        matrix[first:last, last:] = through[last:].T
        own[:] = -pivot
    for row in range(0, n, TILE):
        strip = matrix[row : row + TILE, row:]
        np.negative(strip, out=strip)
        own, rest = strip[:, :TILE], strip[:, TILE:]
        own[:] = np.triu(own) + np.triu(own, 1).T
        matrix[row + TILE :, row : row + TILE] = rest.T

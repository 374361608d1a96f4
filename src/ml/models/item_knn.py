"""Items that the same listeners listen to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays
from ml.models.rows import cut_out, entries_of, row_of_each

Weighting = Literal["log", "bm25", "tfidf", "none"]

#: Products of one block of the item × item matrix at most; each may take 12 bytes, twice while sorting.
BLOCK_PRODUCTS = 1 << 24

#: Histories of so many numbers are laid out in full: 4 MiB, and quicker than a sparse matrix is made.
DENSE = 1 << 20


@dataclass
class ItemKNN:
    r"""Score an item by its similarity to the items of a history.

    .. math::

        s_{ui} = \frac{\sum_j x_{uj} S_{ji}}{\lVert x_u \rVert}, \qquad
        S_{ji} = \frac{\sum_v y_{vj} y_{vi}}{\lVert y_j \rVert^{2a} \lVert y_i \rVert^{2(1 - a)} + \beta}

    where x is the logarithm of the listener's counts, y the weighted counts of the training
    listeners and row j of S keeps its largest entries only. An item is no evidence for itself.
    Dividing by the norm keeps listeners with long and short histories on one scale.

    S has a direction: from j, which was heard, to i, which may be offered. At a = 1/2 it is the cosine and there is
    none. Towards a = 1 the sum is held against what was heard alone, which makes it the share of j's listeners who
    know i: popular items are offered. Towards a = 0 it is held against what may be offered alone, the share of i's
    listeners who know j: rare items are offered.

    That two items meet in a long history says little: ``bm25`` takes that into account, and for
    the other weightings there is :math:`n^{-d}`, by which a training listener of n items is
    multiplied. y is scaled to a mean of 1.

    The defaults were chosen on validation sets (``make bench BENCH_ARGS=defaults``). There, ``log``
    with d = 0.5 is 1 % behind, and up to 400 neighbours gain 2 % more for four times the memory. An asymmetry of 0.6
    gains 1.5 % on Gowalla and loses half a per cent on HetRec.

    Parameters
    ----------
    neighbours : int >= 1
        How many neighbours of an item are kept.
    shrinkage : float >= 0
        :math:`\beta`: how many average listeners two items must share to be believed by half.
    weighting : {"log", "bm25", "tfidf", "none"}
        What a count c of a training listener becomes: ``log`` is :math:`\log(1 + c)`; ``tfidf``
        multiplies that with the item's rarity; ``bm25`` lets counts saturate instead and holds
        them against the length of the listener's history; ``none`` keeps c.
    damping : float >= 0
        The exponent d; 0 leaves it to the weighting. With ``log``, 0.5 is a good value.
    asymmetry : float in [0, 1]
        The exponent a: how much of the norms is that of what was heard; the rest is that of what may be offered.

    Raises
    ------
    ValueError
        By :meth:`fit`, if ``asymmetry`` lies outside.

    References
    ----------
    Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001.
    Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009.
    Aiolli, "Efficient top-n recommendation for very large scale binary rated datasets", RecSys 2013 (asymmetry).

    Examples
    --------
    Two listeners share items 0 and 1; one who knows only 0 is offered 1.

    >>> plays = Plays.of([[0, 1], [0, 1], [2]], n_items=3)
    >>> data = TrainingData(plays, csr_matrix((3, 0)), np.full(3, -1))
    >>> model = ItemKNN(shrinkage=0).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=3)).round(2)
    array([[0., 1., 0.]], dtype=float32)
    """

    neighbours: int = 100
    shrinkage: float = 40.0
    weighting: Weighting = "bm25"
    damping: float = 0.0
    asymmetry: float = 0.5
    name: ClassVar[str] = "item_knn"
    similarity: csr_matrix | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.similarity is None else self.similarity.shape[0]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Find the neighbours of every item, block by block."""
        if not 0 <= self.asymmetry <= 1:
            raise ValueError(f"asymmetry is {self.asymmetry}; it lies between 0 and 1")
        counts = weighted(data.plays.counts, self.weighting, damping=self.damping)
        by_item = csr_matrix(counts.T)
        norms = np.sqrt(np.asarray(by_item.multiply(by_item).sum(axis=1), dtype=np.float64)).ravel()
        heard, offered = norms ** (2 * self.asymmetry), norms ** (2 - 2 * self.asymmetry)
        stretches = blocks(by_item, counts)
        rows = [self._neighbours_of(by_item[first:last] @ counts, first, heard, offered) for first, last in stretches]
        self.similarity = csr_matrix(vstack(rows, format="csr"))
        return self

    def _neighbours_of(
        self, products: csr_matrix, first: int, heard: NDArray[np.float64], offered: NDArray[np.float64]
    ) -> csr_matrix:
        """Turn a block of sums of products into similarities and keep the largest of each row."""
        rows = row_of_each(products.indptr)
        lengths = heard[rows + first] * offered[products.indices] + self.shrinkage
        values = (products.data / lengths).astype(np.float32)
        values[products.indices == rows + first] = 0
        kept = _largest(values, products.indptr, self.neighbours)
        kept = kept[values[kept] > 0]
        indptr = np.searchsorted(kept, products.indptr)
        return csr_matrix((values[kept], products.indices[kept], indptr), shape=products.shape)

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.similarity is not None
        return spread(history.counts, _unit_rows(history.counts), self.similarity, items)

    def arrays(self) -> Arrays:
        """Give the similarity matrix in its three parts."""
        if self.similarity is None:
            return {}
        parts = self.similarity
        return {"data": parts.data, "indices": parts.indices, "indptr": parts.indptr}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        n_items = len(arrays["indptr"]) - 1
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        self.similarity = csr_matrix(parts, shape=(n_items, n_items))
        return self


def weighted(counts: csr_matrix, weighting: Weighting, *, damping: float) -> csr_matrix:
    """Weight counts for the comparison of items; gives a new matrix.

    Raises
    ------
    ValueError
        If there is no such weighting.
    """
    n_users, n_items = counts.shape
    listeners = np.bincount(counts.indices, minlength=n_items)
    rarity = np.log1p(n_users / np.maximum(listeners, 1))[counts.indices]
    match weighting:
        case "none":
            data = counts.data
        case "log":
            data = np.log1p(counts.data)
        case "tfidf":
            data = np.log1p(counts.data) * rarity
        case "bm25":
            totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
            relative = totals * n_users / max(totals.sum(), np.finfo(np.float64).tiny)
            saturation = 1.2 * (0.25 + 0.75 * np.repeat(relative, np.diff(counts.indptr)))
            data = rarity * counts.data * 2.2 / (counts.data + saturation)
        case _:
            raise ValueError(f"no weighting {weighting!r}; there are log, bm25, tfidf, none")
    lengths = np.diff(counts.indptr)
    data = data * np.repeat(lengths, lengths) ** -float(damping)
    data = (data / data.mean() if len(data) else data).astype(np.float32)
    return csr_matrix((data, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)


def spread(counts: csr_matrix, weights: Floats, near: csr_matrix, items: Indices | None) -> Floats:
    """Multiply histories with a sparse matrix of items by items, float32 [shape=(n_users, n_items or n)].

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix [shape=(n_users, n_items)]
        What each listener heard.
    weights : float [shape=(counts.nnz,)]
        In place of the counts.
    near : scipy.sparse.csr_matrix [shape=(n_items, n_items)]
    items : int32 [shape=(n,)], optional
        Only these columns.
    """
    if items is not None:
        return _spread_some(counts, weights, near, items)
    scores = np.empty(counts.shape, dtype=np.float32)
    for user in range(counts.shape[0]):
        own = slice(counts.indptr[user], counts.indptr[user + 1])
        scores[user] = _spread_one(counts.indices[own], weights[own], near)
    return scores


def _spread_one(heard: Indices, weights: Floats, near: csr_matrix) -> NDArray[np.float64]:
    """Add up the neighbours of one history: a third of the time of a product of sparse matrices."""
    places, lengths = entries_of(near.indptr, heard)
    values = near.data[places] * np.repeat(weights, lengths)
    return np.asarray(np.bincount(near.indices[places], values, near.shape[1]), dtype=np.float64)


def _spread_some(counts: csr_matrix, weights: Floats, near: csr_matrix, items: Indices) -> Floats:
    """Score a few items for all listeners in one product: what reasons ask for, of many histories that overlap."""
    heard, place = np.unique(counts.indices, return_inverse=True)
    chosen = cut_out(near, heard, items)
    if counts.shape[0] * len(heard) <= DENSE:
        dense = np.zeros((counts.shape[0], len(heard)), dtype=np.float32)
        dense[row_of_each(counts.indptr), place] = weights
        return np.asarray(dense @ chosen, dtype=np.float32)
    sparse = csr_matrix((weights, place, counts.indptr), shape=(counts.shape[0], len(heard)))
    return np.asarray(sparse @ chosen, dtype=np.float32)


def blocks(by_item: csr_matrix, counts: csr_matrix) -> Iterator[tuple[int, int]]:
    """Cut the items into stretches whose products fit into memory."""
    per_listener = np.diff(counts.indptr)
    cost = np.concatenate([[0], np.cumsum(per_listener[by_item.indices])])[by_item.indptr]
    first, n_items = 0, by_item.shape[0]
    while first < n_items:
        last = max(first + 1, int(np.searchsorted(cost, cost[first] + BLOCK_PRODUCTS, side="right")) - 1)
        yield first, min(last, n_items)
        first = last


def _largest(values: Floats, indptr: NDArray[np.integer], k: int) -> NDArray[np.int64]:
    """Give the positions of the k largest values of each row, in order of position."""
    keep = np.ones(len(values), dtype=np.bool_)
    for row in np.flatnonzero(np.diff(indptr) > k):
        start, end = indptr[row], indptr[row + 1]
        keep[start + np.argpartition(values[start:end], end - start - k)[: end - start - k]] = False
    return np.flatnonzero(keep)


def _unit_rows(counts: csr_matrix) -> Floats:
    """Give the logarithms of counts, divided by the norm of their row; float32 [shape=(counts.nnz,)]."""
    rows, logs = row_of_each(counts.indptr), np.log1p(counts.data)
    norms = np.sqrt(np.bincount(rows, logs.astype(np.float64) ** 2, minlength=counts.shape[0]))
    return np.asarray(logs / norms[rows], dtype=np.float32)

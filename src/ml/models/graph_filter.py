"""Listening as a graph, smoothed: what near listeners hear, and what the broad tastes hear."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from scipy.sparse import csr_matrix, linalg

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays

#: Up to so many listeners or items, all singular vectors are found at once.
DENSE = 512

#: The smallest share of the largest singular value that float32 tells from 0.
RANK_TOLERANCE = 1e-3

#: Numbers of one batch of listeners that are scored together at most.
CHUNK_NUMBERS = 1 << 23


@dataclass
class GraphFilter:
    r"""Score an item by a signal that a history sends through the graph of listeners and items.

    .. math::

        s_u = x_u D^{-g} (\tilde R^\top \tilde R - T\, V \Sigma^4 V^\top) D^g
        + \alpha\, x_u D^{-1/2} V (1 - T \Sigma^2) V^\top D^{1/2},
        \qquad \tilde R = D_U^{-d} R D^{-1/2} / \sigma_1

    with R and x 1 where a listener played an item, D and :math:`D_U` the numbers of listeners
    of the items and of items of the listeners, :math:`\sigma_1` the largest singular value of
    :math:`D_U^{-d} R D^{-1/2}`, and V and :math:`\Sigma` the right singular vectors of :math:`\tilde R` with
    the largest singular values. The first part lets through what near neighbours share;
    the second keeps only the lowest frequencies of the graph, which are broad tastes. Nothing is
    learned by descent; graph convolution networks approximate this.

    Both parts blur: they send on most of what everybody likes. Sharpening takes some of that back. It is one step,
    of length T, of the blurring process run backwards: with :math:`P = \tilde R^\top \tilde R`, a blurred signal b
    becomes :math:`b - T\, b P`. Here b is sharpened within the span of V only, where P has its weight and the step is
    a number for each vector; beyond V it would take two more products with the graph, and rank no better.

    With d = 1/2, T = 0 and g = 0 the model is GF-CF, whose authors take alpha = 0.3. The defaults were chosen on
    validation sets of three worlds (``make bench BENCH_ARGS=defaults`` prints both). With popularity in the first part
    the second adds nothing on the mean. Visitors of places (Gowalla) would have T = 0.9 and g = 0.4; what that reaches
    on the published split is in ``make bench BENCH_ARGS=reproduction``.

    The matrix of all pairs of items is never made: what is kept is :math:`\tilde R`, so **the model
    file holds the histories of the training listeners**, without names, and V.

    Parameters
    ----------
    alpha : float >= 0
        :math:`\alpha`, the weight of the second part; 0 leaves it out.
    vectors : int >= 1
        Columns of V; fewer where there are fewer listeners or items.
    damping : float in [0, 1]
        The exponent d: how much softer a training listener with a long history speaks.
    popularity : float in [0, 1]
        The exponent g: how much the first part favours items that many listen to, and what a history says by
        items that few listen to.
    sharpening : float in [0, 1]
        The length T of the step; 0 leaves it out. Beyond 1, broad tastes would count against an item.

    Raises
    ------
    ValueError
        By :meth:`fit`, if one of the last three lies outside.

    References
    ----------
    Shen et al., "How powerful is graph convolution for recommendation?", CIKM 2021,
    arXiv 2108.07567, where the model is called GF-CF.
    Choi et al., "Blurring-sharpening process models for collaborative filtering", SIGIR 2023,
    arXiv 2211.09324 (sharpening, there with the whole graph).

    Examples
    --------
    Two circles of listeners; one who knows only item 0 is offered 1, not 2 or 3.

    >>> plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=4)
    >>> data = TrainingData(plays, csr_matrix((4, 0)), np.full(4, -1))
    >>> gf_cf = GraphFilter(alpha=0.3, vectors=2, damping=0.5, popularity=0, sharpening=0)
    >>> gf_cf.fit(data, rng=np.random.default_rng(0)).score(Plays.of([[0]], n_items=4)).round(2) + 0.0
    array([[0.65, 0.65, 0.  , 0.  ]], dtype=float32)
    """

    alpha: float = 0.0
    vectors: int = 256
    damping: float = 0.3
    popularity: float = 0.3
    sharpening: float = 0.6
    name: ClassVar[str] = "graph_filter"
    graph: csr_matrix | None = field(default=None, init=False, repr=False)
    item_vectors: Floats | None = field(default=None, init=False, repr=False)
    values: Floats | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.graph is None else self.graph.shape[0]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Weigh the edges and find the lowest frequencies."""
        for setting in ("damping", "popularity", "sharpening"):
            if not 0 <= getattr(self, setting) <= 1:
                raise ValueError(f"{setting} is {getattr(self, setting)}; it lies between 0 and 1")
        by_item = csr_matrix(data.plays.counts.sign().T)
        by_item.sort_indices()
        listeners, items = np.diff(by_item.indptr), np.bincount(by_item.indices, minlength=by_item.shape[1])
        edges = np.sqrt(np.repeat(listeners, listeners)) * items[by_item.indices].astype(np.float64) ** self.damping
        by_item.data = (1 / edges).astype(np.float32)
        self.item_vectors, values = _lowest_frequencies(by_item, self.vectors, rng)
        largest = values.max(initial=0) or 1
        by_item.data /= largest
        self.graph, self.values = by_item, values / largest
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.graph is not None
        assert self.item_vectors is not None
        assert self.values is not None
        listeners = np.maximum(np.diff(self.graph.indptr), 1).astype(np.float32)
        fame, roots = listeners ** np.float32(self.popularity), np.sqrt(listeners)
        played = history.counts.sign()
        near = _divided(played, fame)
        shares = self.values**2
        tastes = (_divided(played, roots) @ self.item_vectors) * (self.alpha * (1 - self.sharpening * shares))
        surplus = (near @ self.item_vectors) * (self.sharpening * shares**2)
        graph, vectors = self.graph, self.item_vectors
        if items is not None:
            graph, vectors, fame, roots = graph[items], vectors[items], fame[items], roots[items]
        scores = np.empty((history.n_users, len(fame)), dtype=np.float32)
        step = max(1, CHUNK_NUMBERS // max(1, sum(self.graph.shape)))
        for first in range(0, history.n_users, step):
            some = slice(first, first + step)
            reached = (near[some] @ self.graph).toarray()
            scores[some] = (graph @ np.ascontiguousarray(reached.T)).T
            # Reading the vectors is what takes the time of a single listener: never for nothing.
            if self.sharpening:
                scores[some] -= surplus[some] @ vectors.T
            scores[some] *= fame
            if self.alpha:
                scores[some] += (tastes[some] @ vectors.T) * roots
        return scores

    def arrays(self) -> Arrays:
        """Give the graph, items by listeners, in its three parts, and the vectors with their singular values."""
        if self.graph is None or self.item_vectors is None or self.values is None:
            return {}
        parts = {"data": self.graph.data, "indices": self.graph.indices, "indptr": self.graph.indptr}
        spectrum = {"item_vectors": self.item_vectors, "values": self.values}
        return parts | {"n_users": np.array(self.graph.shape[1])} | spectrum

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        shape = (len(arrays["indptr"]) - 1, int(arrays["n_users"]))
        self.graph = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        self.item_vectors, self.values = arrays["item_vectors"], arrays["values"]
        return self


def _divided(played: csr_matrix, by: Floats) -> csr_matrix:
    """Divide each column by its number, float32; gives a new matrix."""
    return csr_matrix((played.data / by[played.indices], played.indices, played.indptr), shape=played.shape)


def _lowest_frequencies(graph: csr_matrix, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Give the left singular vectors of the largest singular values, float32 [shape=(n_items, <= count)], and these.

    Lanczos iterations find all of them, to the last; the values lie so close together that a randomised
    decomposition takes longer and still mixes the last ones with those beyond.
    """
    smaller = min(graph.shape)
    if smaller <= max(DENSE, 2 * count):
        vectors, values, _ = np.linalg.svd(graph.toarray(), full_matrices=False)
        vectors, values = vectors[:, :count], values[:count]
    else:
        start = rng.random(smaller).astype(np.float32)
        vectors, values, _ = linalg.svds(graph, k=count, v0=start, rng=rng, return_singular_vectors="u")
    # What no listener ever showed is no taste, and a direction that any other might replace.
    shown = values > RANK_TOLERANCE * values.max(initial=0)
    return np.ascontiguousarray(vectors[:, shown], dtype=np.float32), values[shown].astype(np.float32)

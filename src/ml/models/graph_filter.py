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

#: Singular values lie in [0, 1]; the smallest that float32 tells from 0.
RANK_TOLERANCE = 1e-3

#: Numbers of one batch of listeners that are scored together at most.
CHUNK_NUMBERS = 1 << 23


@dataclass
class GraphFilter:
    r"""Score an item by a signal that a history sends through the graph of listeners and items.

    .. math::

        s_u = x_u \tilde R^\top \tilde R + \alpha\, x_u D^{-1/2} V V^\top D^{1/2},
        \qquad \tilde R = D_U^{-1/2} R D^{-1/2}

    with R and x 1 where a listener played an item, D and :math:`D_U` the numbers of listeners
    of the items and of items of the listeners, and V the right singular vectors of
    :math:`\tilde R` with the largest singular values. The first part lets through what near neighbours share;
    the second keeps only the lowest frequencies of the graph, which are broad tastes. Nothing is
    learned by descent; graph convolution networks approximate this.

    The matrix of all pairs of items is never made: what is kept is :math:`\tilde R`, so **the model
    file holds the histories of the training listeners**, without names, and V.

    Parameters
    ----------
    alpha : float >= 0
        :math:`\alpha`, the weight of the second part.
    vectors : int >= 1
        Columns of V; fewer where there are fewer listeners or items.

    References
    ----------
    Shen et al., "How powerful is graph convolution for recommendation?", CIKM 2021,
    arXiv 2108.07567, where the model is called GF-CF.

    Examples
    --------
    Two circles of listeners; one who knows only item 0 is offered 1, not 2 or 3.

    >>> plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=4)
    >>> data = TrainingData(plays, csr_matrix((4, 0)), np.full(4, -1))
    >>> model = GraphFilter(alpha=0.3, vectors=2).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=4)).round(2) + 0.0
    array([[0.65, 0.65, 0.  , 0.  ]], dtype=float32)
    """

    alpha: float = 0.3
    vectors: int = 256
    name: ClassVar[str] = "graph_filter"
    graph: csr_matrix | None = field(default=None, init=False, repr=False)
    item_vectors: Floats | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.graph is None else self.graph.shape[0]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Weigh the edges and find the lowest frequencies."""
        by_item = csr_matrix(data.plays.counts.sign().T)
        by_item.sort_indices()
        items, listeners = np.diff(by_item.indptr), np.bincount(by_item.indices, minlength=by_item.shape[1])
        edges = np.repeat(items, items) * listeners[by_item.indices].astype(np.float64)
        by_item.data = (1 / np.sqrt(edges)).astype(np.float32)
        self.graph = by_item
        self.item_vectors = _lowest_frequencies(by_item, self.vectors, rng)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.graph is not None
        assert self.item_vectors is not None
        roots = np.sqrt(np.diff(self.graph.indptr)).astype(np.float32)
        played = history.counts.sign()
        spread = played.copy()
        spread.data *= np.float32(self.alpha) / np.maximum(roots, 1)[played.indices]
        tastes = spread @ self.item_vectors
        graph, vectors = self.graph, self.item_vectors
        if items is not None:
            graph, vectors, roots = graph[items], vectors[items], roots[items]
        scores = tastes @ vectors.T
        scores *= roots
        step = max(1, CHUNK_NUMBERS // max(1, sum(self.graph.shape)))
        for first in range(0, history.n_users, step):
            near = (played[first : first + step] @ self.graph).toarray()
            scores[first : first + step] += (graph @ np.ascontiguousarray(near.T)).T
        return np.asarray(scores)

    def arrays(self) -> Arrays:
        """Give the graph, items by listeners, in its three parts, and the vectors."""
        if self.graph is None or self.item_vectors is None:
            return {}
        parts = {"data": self.graph.data, "indices": self.graph.indices, "indptr": self.graph.indptr}
        return parts | {"n_users": np.array(self.graph.shape[1]), "item_vectors": self.item_vectors}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        shape = (len(arrays["indptr"]) - 1, int(arrays["n_users"]))
        self.graph = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        self.item_vectors = arrays["item_vectors"]
        return self


def _lowest_frequencies(graph: csr_matrix, count: int, rng: np.random.Generator) -> Floats:
    """Give the left singular vectors of the largest singular values, float32 [shape=(n_items, <= count)].

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
    return np.ascontiguousarray(vectors[:, values > RANK_TOLERANCE], dtype=np.float32)

"""Taste as a vector, learned from comparisons: what was heard before what was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.factors import Factorised
from ml.models.plays import Floats, Indices, Plays

#: Comparisons of one step at most; small data take smaller steps, so that an epoch has so many.
BATCH, STEPS = 8192, 16
#: Standard deviation of the vectors at the start.
SPREAD = 0.1
#: A draw has at most one contender for so many items: in a small catalogue the hardest is what will be liked next.
ITEMS_PER_CONTENDER = 500
#: Items that a history is compared with in fold-in; and steps of it: more fit a short history too well.
NEGATIVES, FOLD_STEPS = 1024, 4


@dataclass
class BPR(Factorised):
    r"""Score an item by the product of a listener's vector and its own, learned to rank.

    Listeners W and items H minimise, by stochastic gradient descent with Adagrad's step sizes,

    .. math::

        \sum_{(u,i,j)} -\ln \sigma\bigl(w_u^\top (h_i - h_j)\bigr)
        + \frac{\lambda}{2} \bigl(\lVert w_u \rVert^2 + \lVert h_i \rVert^2 + \lVert h_j \rVert^2\bigr)

    with i an item that u played and j one that u did not: the one with the highest score among a few
    that are drawn uniformly. With one contender that is BPR as published, which compares most
    plays with items that nobody would confuse; more contenders look at the top of the
    ranking (*dynamic negative sampling*).

    W is thrown away. A listener's vector is found when asked (*fold-in*), for the listeners of the
    training as for strangers: for given H it descends on the same sum, where j is not drawn but
    every item of a fixed sample, kept with the model, counts as often as it would be the highest
    of a draw. So the answer depends on the history alone. Each of a few steps solves the least
    squares problem that bounds the sum from above (Jaakkola and Jordan's bound).

    Parameters
    ----------
    factors : int >= 1
    regularization : float > 0
        :math:`\lambda`.
    learning_rate : float > 0
        Of Adagrad.
    epochs : int >= 1
        How often every play is compared with an item that was not played.
    contenders : int >= 1
        How many items are drawn for a comparison at most; fewer in small catalogues.

    References
    ----------
    Rendle et al., "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009,
    arXiv 1205.2618.
    Zhang et al., "Optimizing top-N collaborative filtering via dynamic negative item sampling",
    SIGIR 2013.
    Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 12, 2011.
    Jaakkola and Jordan, "Bayesian parameter estimation via variational methods", Statistics and
    Computing 10, 2000.

    Examples
    --------
    Two circles of listeners; one who knows only item 0 is offered 1, not 2 or 3.

    >>> plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=4)
    >>> data = TrainingData(plays, csr_matrix((4, 0)), np.full(4, -1))
    >>> model = BPR(factors=2).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=4)).round(1)
    array([[ 0.7,  0.6, -0.7, -0.6]], dtype=float32)
    """

    factors: int = 64
    regularization: float = 0.01
    learning_rate: float = 0.05
    epochs: int = 40
    contenders: int = 32
    name: ClassVar[str] = "bpr"
    negatives: Indices | None = field(default=None, init=False, repr=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Descend, a batch of comparisons at a time."""
        played = data.plays.counts
        users, items = _Side.drawn(played.shape[0], self.factors, rng), _Side.drawn(data.n_items, self.factors, rng)
        listeners = np.repeat(np.arange(played.shape[0], dtype=np.int32), np.diff(played.indptr))
        pairs = np.sort(_pair(listeners, played.indices, data.n_items))
        size = min(BATCH, max(1, len(pairs) // STEPS))
        for _ in range(self.epochs if data.n_items > 1 else 0):
            order = rng.permutation(len(pairs))
            for first in range(0, len(pairs), size):
                user, item = np.divmod(pairs[order[first : first + size]], data.n_items)
                other, valid = self._negatives(users.vectors[user], items.vectors, user, pairs, rng)
                self._step(users, items, user[valid], item[valid], other[valid])
        self._hold(items.vectors)
        self.negatives = np.sort(rng.choice(data.n_items, min(NEGATIVES, data.n_items), replace=False)).astype(np.int32)
        return self

    def _draws(self, n_items: int) -> int:
        return max(1, min(self.contenders, n_items // ITEMS_PER_CONTENDER))

    def _negatives(
        self,
        vectors: Floats,
        factors: Floats,
        users: NDArray[np.int64],
        pairs: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Draw an item that each listener has not heard, and tell whether one was found."""
        drawn = rng.integers(0, len(factors), (len(users), self._draws(len(factors))))
        scores = np.matmul(factors[drawn], vectors[:, :, None])[:, :, 0]
        scores[_among(_pair(users[:, None], drawn, len(factors)), pairs)] = -np.inf
        best = scores.argmax(axis=1)[:, None]
        other = np.take_along_axis(drawn, best, axis=1)[:, 0]
        return other, np.take_along_axis(scores, best, axis=1)[:, 0] > -np.inf

    def _step(
        self, users: _Side, items: _Side, user: NDArray[np.int64], item: NDArray[np.int64], other: NDArray[np.int64]
    ) -> None:
        w, better, worse = users.vectors[user], items.vectors[item], items.vectors[other]
        ahead = np.einsum("pf,pf->p", w, better - worse)
        # The derivative of -ln σ; tanh does not overflow.
        wrong = (0.5 - 0.5 * np.tanh(0.5 * ahead))[:, None].astype(np.float32)
        ridge = np.float32(self.regularization)
        users.descend(user, wrong * (worse - better) + ridge * w, self.learning_rate)
        gradients = np.concatenate([ridge * better - wrong * w, ridge * worse + wrong * w])
        items.descend(np.concatenate([item, other]), gradients, self.learning_rate)

    def fold_in(self, history: Plays) -> NDArray[np.float64]:
        """Find the vectors of listeners, float64 [shape=(n_users, factors)].

        Their length is 1, which keeps listeners with long and short histories on one scale; without history, 0.

        Raises
        ------
        ml.foundation.errors.NotTrained
            Before :meth:`fit`.
        """
        require_fitted(self, history)
        assert self.item_factors is not None
        assert self.negatives is not None
        played = history.counts
        others = self.item_factors[self.negatives].astype(np.float64)
        vectors = np.zeros((history.n_users, self.item_factors.shape[1]))
        for user in range(history.n_users):
            heard = played.indices[played.indptr[user] : played.indptr[user + 1]]
            unheard = others[~np.isin(self.negatives, heard)]
            if len(heard) and len(unheard):
                own = self.item_factors[heard].astype(np.float64)
                vector = _minimum(own, unheard, self.regularization, self._draws(history.n_items))
                vectors[user] = vector / (np.linalg.norm(vector) or 1)
        return vectors

    def arrays(self) -> Arrays:
        """Give ``item_factors``, float32 [shape=(n_items, factors)], and the items that fold-in compares with."""
        if self.item_factors is None or self.negatives is None:
            return {}
        return {"item_factors": self.item_factors, "negatives": self.negatives}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self._hold(arrays["item_factors"])
        self.negatives = arrays["negatives"]
        return self


@dataclass(frozen=True)
class _Side:
    """Vectors of listeners or of items, and the squares of their gradients so far."""

    vectors: Floats
    squares: Floats

    @classmethod
    def drawn(cls, size: int, factors: int, rng: np.random.Generator) -> _Side:
        vectors = SPREAD * rng.standard_normal((size, factors), dtype=np.float32)
        return cls(vectors, np.full_like(vectors, 1e-8))

    def descend(self, rows: NDArray[np.int64], gradients: Floats, rate: float) -> None:
        """Add up the gradients of each row and go down by one step."""
        own, place = np.unique(rows, return_inverse=True)
        ones = np.ones(len(rows), dtype=np.float32)
        total = csr_matrix((ones, (place, np.arange(len(rows)))), shape=(len(own), len(rows))) @ gradients
        squares = self.squares[own] + total * total
        self.squares[own] = squares
        self.vectors[own] -= np.float32(rate) * total / np.sqrt(squares)


def _minimum(heard: NDArray[np.float64], unheard: NDArray[np.float64], ridge: float, draws: int) -> NDArray[np.float64]:
    r"""Find the vector that ranks all of ``heard`` before ``unheard`` at the least regularised loss.

    With :math:`x_{ij} = w^\top (h_i - h_j)`, the loss :math:`-\ln \sigma(x)` is bounded by
    :math:`-\tfrac{x}{2} + \tfrac{c}{2} x^2` plus a constant, :math:`c = \tanh(x_0 / 2) / (2 x_0)`,
    and touched at :math:`x_0`, so that each step is a ridge regression.
    """
    n, m = len(heard), len(unheard)
    chances = np.diff((np.arange(m + 1) / m) ** draws)  # of being the highest of a draw, the lowest item first
    chances = chances[chances > 0.01 * chances[-1]]
    chances /= chances.sum()
    w = heard.sum(axis=0) - n * unheard.mean(axis=0)
    for _ in range(FOLD_STEPS):
        scores = unheard @ w
        top = np.argpartition(scores, m - len(chances))[m - len(chances) :] if len(chances) < m else np.arange(m)
        top = top[np.argsort(scores[top], kind="stable")]
        others = unheard[top]
        ahead = np.maximum(np.abs((heard @ w)[:, None] - scores[top]), 1e-6)
        c = np.tanh(0.5 * ahead) / (2 * ahead) * chances
        cross = heard.T @ c @ others
        curvature = (heard.T * c.sum(axis=1)) @ heard + (others.T * c.sum(axis=0)) @ others - cross - cross.T
        curvature[np.diag_indices(len(w))] += n * ridge
        w = np.linalg.solve(curvature, 0.5 * (heard.sum(axis=0) - n * chances @ others))
    return np.asarray(w)


def _pair(users: NDArray[np.integer], items: NDArray[np.integer], n_items: int) -> NDArray[np.int64]:
    return users.astype(np.int64) * n_items + items


def _among(values: NDArray[np.int64], ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.asarray(ordered[places] == values)

"""A few kinds of taste, and how each kind listens: what questions to a stranger tell apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays

#: Listeners that the groups are learned from, at most: more make them no clearer.
MOST = 20_000
#: Rounds of expectation and maximisation.
ROUNDS = 40
#: Listeners that a group is learned from, on average, at least.
LISTENERS = 20
#: A group that somebody belongs to with less probability says nothing.
NEGLIGIBLE = 1e-4

Shares = NDArray[np.float64]


@dataclass
class TasteGroups:
    r"""Score an item by how groups of listeners like it, weighted by how likely this listener belongs to each.

    A mixture of multinomials: a listener belongs to one of K groups, and each artist they like is drawn from the
    group's distribution. It is learned by expectation and maximisation from the artists that listeners like, each
    once; items without an artist are artists of their own.

    .. math::

        \pi_k(u) \propto \pi_k \prod_{a \in u} q_{ka}^{t}, \qquad
        q_{ka} = \frac{n_{ka} + s\, q_a}{N_k + s}, \qquad
        s_{ui} = \sum_k \pi_k(u)\, q_{ki}

    with :math:`q_a` the share of artist a among all listeners, s the smoothing, and t < 1 a temper: likings are not
    independent of each other, so that twenty of them are not twenty proofs. The score is given as its logarithm,
    like popularity's.

    Parameters
    ----------
    groups : int >= 1
        K, at most; fewer where there are not :data:`LISTENERS` for each.
    smoothing : float > 0
        s, in likings.
    temper : float in (0, 1]
        t.

    References
    ----------
    Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39, 1977.

    Examples
    --------
    >>> plays = Plays.of([[0, 1, 2], [3, 4, 5]] * 20, n_items=6)
    >>> data = TrainingData(plays, csr_matrix((6, 0)), np.arange(6))
    >>> model = TasteGroups(groups=2, smoothing=1).fit(data, rng=np.random.default_rng(0))
    >>> sorted(model.score(Plays.of([[0, 1]], n_items=6)).argsort()[0, 3:].tolist())
    [0, 1, 2]
    """

    groups: int = 64
    smoothing: float = 50.0
    temper: float = 0.5
    name: ClassVar[str] = "taste_groups"
    sizes: Shares | None = field(default=None, init=False, repr=False)
    likings: Floats | None = field(default=None, init=False, repr=False)
    known: Floats | None = field(default=None, init=False, repr=False)
    makers: Indices | None = field(default=None, init=False, repr=False)
    artists: Floats | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.likings is None else self.likings.shape[1]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn the groups from what listeners like of artists, then how each group likes the items."""
        makers = makers_of(data.artists)
        liked = data.plays.counts.sign()
        able = np.flatnonzero(np.diff(liked.indptr))
        drawn = np.sort(rng.choice(able, min(MOST, len(able)), replace=False))
        by_artist = by_maker(liked[drawn], makers)
        members = self._learn(by_artist, rng)
        self.__dict__.pop("_logs", None)
        self.makers = makers
        self.sizes = (members.sum(axis=0) + 1) / (members.sum() + members.shape[1])
        self.artists = self._distributions(members, by_artist).astype(np.float32)
        self.likings = self._distributions(members, liked[drawn]).astype(np.float32)
        # How many of an artist's listeners a group has, and of how many artists a listener is one.
        count = np.asarray(by_artist.sum(axis=0)).ravel()
        self.known = np.append(count, count.sum() / max(1, len(drawn))).astype(np.float32)
        return self

    def _learn(self, liked: csr_matrix, rng: np.random.Generator) -> Shares:
        """Give how much each listener belongs to each group, float64 [shape=(n_users, n_groups)]."""
        n_groups = max(1, min(self.groups, liked.shape[0] // LISTENERS))
        members = rng.dirichlet(np.full(n_groups, 0.1), liked.shape[0])
        for round_ in range(ROUNDS):
            logs = np.log(np.maximum(self._distributions(members, liked), np.finfo(np.float64).tiny))
            sizes = (members.sum(axis=0) + 1) / (members.sum() + n_groups)
            # Warmer at first, so that groups do not freeze where chance has put them.
            temper = self.temper * min(1.0, (round_ + 1) / (ROUNDS / 2))
            members = softmax(np.log(sizes) + temper * (liked @ logs.T))
        return members

    def _distributions(self, members: Shares, liked: csr_matrix) -> Shares:
        counts = np.asarray((liked.T @ members).T, dtype=np.float64)
        everybody = np.asarray(liked.sum(axis=0), dtype=np.float64).ravel()
        share = everybody / max(1.0, everybody.sum())
        return np.asarray((counts + self.smoothing * share) / (counts.sum(axis=1, keepdims=True) + self.smoothing))

    def belonging(self, history: Plays) -> Shares:
        """Give how likely each listener belongs to each group, float64 [shape=(n_users, n_groups)]."""
        require_fitted(self, history)
        assert self.makers is not None
        return self.after(by_maker(history.counts.sign(), self.makers))

    def after(self, liked: csr_matrix) -> Shares:
        """Give how likely somebody belongs to each group who likes artists, 1 or 0 [shape=(n_users, n_artists)]."""
        assert self.sizes is not None
        return softmax(np.log(self.sizes) + self.temper * (liked.astype(np.float32) @ self._logs))

    @cached_property
    def _logs(self) -> Floats:
        """Logarithms of the groups' shares of artists, float32 [shape=(n_artists, n_groups)]."""
        assert self.artists is not None
        logs = np.log(np.maximum(self.artists.T, np.finfo(np.float32).tiny))
        # What nobody has ever listened to tells no group from another.
        logs[self.artists.max(axis=0) == 0] = 0
        return np.ascontiguousarray(logs, dtype=np.float32)

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        return self.logarithm(self.shares(self.belonging(history), items=items))

    def shares(self, belonging: Shares, *, items: Indices | None = None) -> Floats:
        """Give each item's share of the likings of somebody who belongs to the groups so far.

        Parameters
        ----------
        belonging : float64 [shape=(n_users, n_groups)]
        items : int32 [shape=(n,)], optional

        Returns
        -------
        float32 [shape=(n_users, n_items or n)]
        """
        assert self.likings is not None
        weights = np.where(belonging > NEGLIGIBLE, belonging, 0).astype(np.float32)
        # Reading the likings of all groups takes a tenth of the time of copying those of some together.
        likings = self.likings if items is None else self.likings[:, items]
        return np.asarray(weights @ likings)

    def logarithm(self, shares: Shares | Floats) -> Floats:
        """Put shares on the scale of the scores, float32; it depends on the training alone."""
        scale = self._scale
        return np.asarray(np.log1p(shares * np.float64(scale)) / np.log1p(scale), dtype=np.float32)

    @property
    def _scale(self) -> float:
        assert self.known is not None
        return float(max(1.0, self.known[:-1].sum()))

    def arrays(self) -> Arrays:
        """Give sizes and likings of the groups, and how many know each artist."""
        if self.sizes is None or self.likings is None or self.known is None or self.artists is None:
            return {}
        assert self.makers is not None
        learned: Arrays = {"sizes": self.sizes, "likings": self.likings, "known": self.known}
        return learned | {"makers": self.makers, "artists": self.artists}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.sizes, self.likings, self.known = arrays["sizes"], arrays["likings"], arrays["known"]
        self.makers, self.artists = arrays["makers"], arrays["artists"]
        self.__dict__.pop("_logs", None)
        return self


def makers_of(artists: Indices) -> Indices:
    """Give each item the number of its artist, from 0 without a gap; an item of nobody is an artist of its own.

    >>> makers_of(np.array([7, -1, 7, 2], dtype=np.int32)).tolist()
    [1, 2, 1, 0]
    """
    unknown = np.flatnonzero(artists < 0)
    own = artists.astype(np.int64)
    own[unknown] = artists.max(initial=-1) + 1 + np.arange(len(unknown))
    return np.unique(own, return_inverse=True)[1].astype(np.int32)


def by_maker(liked: csr_matrix, makers: Indices) -> csr_matrix:
    """Turn likings of items into likings of artists, each once, float32 [shape=(n_users, n_artists)]."""
    shape = (liked.shape[0], int(makers.max(initial=-1)) + 1)
    ones = np.ones(len(liked.indices), dtype=np.float32)
    once = csr_matrix((ones, makers[liked.indices], liked.indptr.copy()), shape=shape)
    once.sum_duplicates()
    once.data = np.ones_like(once.data)
    return once


def softmax(logs: Shares) -> Shares:
    """Turn logarithms into shares, row by row."""
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))

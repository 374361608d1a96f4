"""Listeners left out of the training, and what they are like when little is known of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.plays import Plays


@dataclass(frozen=True)
class Newcomers:
    """Listeners of whom a model knew nothing when it learned.

    Parameters
    ----------
    plays : Plays
        Their whole histories.
    liked : scipy.sparse.csr_matrix [shape=(n_users, n_items)]
        For each item a listener likes, its place in the order they came to it, from 1.
    """

    plays: Plays
    liked: csr_matrix

    @classmethod
    def of(cls, plays: Plays, *, rng: np.random.Generator) -> Self:
        """Put each listener's items in order: by first play where there are dates, else drawn."""
        kept = plays.keep(plays.weights > 0)
        order = np.lexsort((rng.random(len(kept.items)), kept.times, kept.users))
        users, items = kept.users[order].astype(np.int64), kept.items[order]
        first = np.sort(np.unique(users * kept.n_items + items, return_index=True)[1])
        users, items = users[first], items[first]
        lengths = np.bincount(users, minlength=kept.n_users)
        place = np.arange(len(users)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1
        shape = (kept.n_users, kept.n_items)
        return cls(plays, csr_matrix((place.astype(np.float64), (users, items)), shape=shape))

    @classmethod
    def leave_out(
        cls, data: TrainingData, *, share: float, most: int, least_items: int, rng: np.random.Generator
    ) -> tuple[TrainingData, Self]:
        """Take listeners out of what is learned from.

        Parameters
        ----------
        data : TrainingData
        share : float in (0, 1)
            Of the listeners.
        most : int
        least_items : int
            How many items a listener must like to be taken: what is foreseen has to be there.
        rng : numpy.random.Generator

        Returns
        -------
        TrainingData, Newcomers
            The first without the plays of the second; its listeners are fewer, its items the same.
        """
        able = np.flatnonzero(np.diff(data.plays.counts.indptr) >= least_items)
        drawn = np.sort(rng.choice(able, min(most, len(able), int(data.plays.n_users * share)), replace=False))
        stay = np.setdiff1d(np.arange(data.plays.n_users), drawn)
        held_out = None if data.held_out is None else data.held_out[stay]
        rest = replace(data, plays=data.plays.select(stay), held_out=held_out)
        return rest, cls.of(data.plays.select(drawn), rng=rng)

    def knowing(self, n: int) -> tuple[Plays, csr_matrix]:
        """Give what is known when a listener has come to n items, and what they will come to like.

        Returns
        -------
        Plays, scipy.sparse.csr_matrix [shape=(n_users, n_items)]
            The plays of the first n liked items; 1 where an item comes later.
        """
        places = np.asarray(self.liked[self.plays.users, self.plays.items]).ravel()
        later = self.liked.copy()
        later.data = (later.data > n).astype(np.float64)
        later.eliminate_zeros()
        return self.plays.keep((places > 0) & (places <= n)), later

    def only(self, users: NDArray[np.integer]) -> Newcomers:
        """Keep some of them."""
        return Newcomers(self.plays.select(users), self.liked[users])

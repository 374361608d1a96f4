"""The items that a ranker looks at: those that the models name first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Plays
from ml.models.topk import top_k


@dataclass(frozen=True)
class Pairs:
    """Listeners and items, a pair each: sorted by listener, then by item.

    Parameters
    ----------
    users : int64 [shape=(n_pairs,)]
        Rows of a history.
    items : int64 [shape=(n_pairs,)]
    """

    users: NDArray[np.int64]
    items: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.users)

    def within(self, allowed: NDArray[np.bool_] | None) -> Pairs:
        """Keep those whose items are allowed; all where nothing is said."""
        if allowed is None:
            return self
        kept = allowed[self.items]
        return Pairs(self.users[kept], self.items[kept])

    def joined(self, others: Pairs) -> tuple[Pairs, NDArray[np.bool_]]:
        """Put two together, each pair once; tell which of them were among the first, bool [shape=(n_pairs,)].

        >>> pairs, first = Pairs(np.array([0, 1]), np.array([4, 2])).joined(Pairs(np.array([0, 0]), np.array([3, 4])))
        >>> pairs.items.tolist(), first.tolist()
        ([3, 4, 2], [False, True, True])
        """
        users, items = (np.concatenate(each) for each in ((self.users, others.users), (self.items, others.items)))
        order = np.lexsort((items, users))
        fresh = np.ones(len(order), dtype=np.bool_)
        fresh[1:] = (np.diff(users[order]) != 0) | (np.diff(items[order]) != 0)
        # Of two that are equal the first's own comes first: the sort is stable.
        kept = order[fresh]
        return Pairs(users[kept], items[kept]), kept < len(self)


def candidates(history: Plays, named: Iterable[tuple[Floats, int]], *, heard: bool) -> Pairs:
    """Put together the best items of several scores.

    Parameters
    ----------
    history : Plays
    named : iterable of (scores, n)
        Scores, float32 [shape=(n_users, n_items)], and how many of the best are taken.
    heard : bool
        Whether what a listener heard may be among them.
    """
    chosen = np.zeros((history.n_users, history.n_items), dtype=np.bool_)
    rows = np.arange(history.n_users)[:, np.newaxis]
    for scores, most in named:
        open_ = scores
        if not heard and len(history.items):
            open_ = scores.copy()
            open_[history.users, history.items] = -np.inf
        best = top_k(open_, min(most, history.n_items))[0]
        # A place that is not filled names the first one again.
        chosen[rows, np.where(best >= 0, best, np.maximum(best[:, :1], 0))] = True
    if not heard:
        chosen[history.users, history.items] = False
    users, items = np.nonzero(chosen)
    return Pairs(users.astype(np.int64), items.astype(np.int64))

"""The items that a ranker looks at: those that the models name first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.charts import ByChart
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

    def joined(self, others: Pairs) -> Pairs:
        """Put two together, each pair once, in the order of listeners and items.

        >>> pairs = Pairs(np.array([0, 1]), np.array([4, 2])).joined(Pairs(np.array([0, 0]), np.array([3, 4])))
        >>> pairs.users.tolist(), pairs.items.tolist()
        ([0, 0, 1], [3, 4, 2])
        """
        users, items = (np.concatenate(each) for each in ((self.users, others.users), (self.items, others.items)))
        both = np.unique(np.stack([users, items]), axis=1)
        return Pairs(both[0], both[1])


def candidates(history: Plays, named: Iterable[tuple[Floats | ByChart, int]], *, heard: bool) -> Pairs:
    """Put together the best items of several scores.

    Parameters
    ----------
    history : Plays
    named : iterable of (scores, n)
        Scores, float32 [shape=(n_users, n_items)] or by charts, and how many of the best are taken.
    heard : bool
        Whether what a listener heard may be among them.
    """
    n_items = history.n_items
    places = [np.empty(0, dtype=np.int64)]
    for scores, most in named:
        without = None if heard else history.actual
        if isinstance(scores, ByChart):
            users, items = scores.first(most, without)
        else:
            users, items = _best(scores, min(most, n_items), without)
        places.append(users * n_items + items)
    users, items = np.divmod(np.unique(np.concatenate(places)), max(1, n_items))
    return Pairs(users.astype(np.int64), items.astype(np.int64))


def _best(scores: Floats, most: int, history: Plays | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give listeners and the best items of each, without those of a history."""
    if history is None or not len(history.items):
        best = top_k(scores, most)[0]
    else:
        # Written into and put back: a copy of all scores would take longer than the ranking.
        open_ = scores if scores.flags.writeable else scores.copy()
        before = open_[history.users, history.items]
        open_[history.users, history.items] = -np.inf
        best = top_k(open_, most)[0]
        open_[history.users, history.items] = before
    users, column = np.nonzero(best >= 0)
    return users, best[users, column].astype(np.int64)

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

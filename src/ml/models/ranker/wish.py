"""What is asked for beside the listener: how much likelier items are for it, and which of them are wanted at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.context.shifting import likelier, shift
from ml.models.plays import Floats, Plays


@dataclass(frozen=True)
class Wish:
    """What a question asks for, item by item.

    Parameters
    ----------
    lift : float32, optional [shape=(n_items,)]
        Logarithm of how many times as likely an item is; None where nothing is moved.
    allowed : bool, optional [shape=(n_items,)]
        What may be recommended; None for everything.
    """

    lift: Floats | None = None
    allowed: NDArray[np.bool_] | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is asked for."""
        return self.lift is not None or self.allowed is not None

    def move(self, scores: Floats, history: Plays, *, heard: bool) -> Floats:
        """Move a model's scores by the lift, on their own scale; float32 [shape=(n_users, n_items)].

        Parameters
        ----------
        scores : float32 [shape=(n_users, n_items)]
        history : Plays
        heard : bool
            Whether what was heard may be recommended, and so belongs to the scale.
        """
        if self.lift is None:
            return scores
        moved = np.empty_like(scores)
        for row, own in enumerate(scores):
            open_ = own.copy()
            if not heard:
                open_[history.actual.heard(row)] = -np.inf
            moved[row] = own + shift(open_, self.lift)
        return moved

    def only(self, scores: Floats) -> Floats:
        """Give a copy in which what is not allowed is ``-inf``."""
        if self.allowed is None:
            return scores
        return np.where(self.allowed, scores, np.float32(-np.inf))

    def likelier(self, chances: Floats, items: NDArray[np.integer]) -> Floats:
        """Give the chances of items as they are with the lift; each has its own."""
        return chances if self.lift is None else likelier(chances, self.lift[items])

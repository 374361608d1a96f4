"""Who likes what, as capabilities that make lists ask a recommender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scores:
    """Scores of items by a model.

    Parameters
    ----------
    keys : int64 [shape=(n,)]
    scores : float32 [shape=(n,)]
        Higher is better; comparable with each other only.
    heard : bool [shape=(n,)]
        Which of them the listener knows.
    """

    keys: NDArray[np.int64]
    scores: NDArray[np.float32]
    heard: NDArray[np.bool_]

    def of(self, keys: Sequence[int]) -> NDArray[np.float64]:
        """Give the scores of some items, float64 [shape=(n,)]; NaN for those that the model does not know."""
        wanted = np.asarray(keys, dtype=np.int64)
        if not len(self.keys):
            return np.full(len(wanted), np.nan)
        order = np.argsort(self.keys, kind="stable")
        places = order[np.minimum(np.searchsorted(self.keys, wanted, sorter=order), len(order) - 1)]
        return np.where(self.keys[places] == wanted, self.scores[places].astype(np.float64), np.nan)


class Tastes(Protocol):
    """Who likes what: a recommender."""

    def taste(self, user_id: str) -> Scores | None:
        """Score all items for a listener; None for one nobody knows.

        Raises
        ------
        ml.foundation.errors.NotTrained, AmbiguousId
        """

    def beside(self, keys: Sequence[int]) -> Scores | None:
        """Score all items for somebody who has heard some only; None where no model knows these.

        Raises
        ------
        ml.foundation.errors.NotTrained
        """

    def suited(self, context: Mapping[str, str]) -> Scores | None:
        """Score all items for a situation: the logarithm of how many times as likely each is there; None: nobody knows.

        Parameters
        ----------
        context : mapping of str to str
            As ``ml recommend --context`` takes it, in canonical words.

        Raises
        ------
        ml.foundation.errors.NotTrained
        """

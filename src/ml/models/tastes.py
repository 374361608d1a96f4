"""Who likes what, as capabilities that make lists ask a recommender."""

from __future__ import annotations

from collections.abc import Sequence
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

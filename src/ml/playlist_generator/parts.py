"""What a generator is built from, and what it asks of others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.data.catalogue import Facts
from ml.data.store import Store
from ml.foundation.workers import WorkerPool


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


@dataclass(frozen=True)
class GeneratorParts:
    """What a generator is built from.

    Parameters
    ----------
    store : Store
    tastes : Tastes
    facts : callable
        Gives the facts of analysed sounds, or None where there are none.
    pool : WorkerPool
        Runs the work behind the ``await`` names.
    notices : tuple of str
        Said with every answer, such as that the data is synthetic.
    clock : callable
        Gives the moment of asking, UTC milliseconds.
    """

    store: Store
    tastes: Tastes
    facts: Callable[[], Facts | None] = lambda: None
    pool: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    notices: tuple[str, ...] = ()
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000

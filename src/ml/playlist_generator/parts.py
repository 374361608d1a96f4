"""What a generator is built from, and what it asks of others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ml.data.catalogue import Facts
from ml.data.store import Store
from ml.foundation.workers import WorkerPool
from ml.models.tastes import Scores, Tastes

__all__ = ["GeneratorParts", "Scores", "Tastes"]


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

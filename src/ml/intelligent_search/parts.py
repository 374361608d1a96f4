"""What a search engine is built from, and what it asks of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from ml.data.catalogue import Facts
from ml.data.store import Store
from ml.foundation.workers import WorkerPool
from ml.models.tastes import Tastes


class Meaning(Protocol):
    """Documents by what they mean."""

    def refresh(self, documents: pl.DataFrame) -> object:
        """Bring the index up to date."""

    def find(self, text: str, count: int, allowed: Sequence[str] | None = None) -> Mapping[str, float]:
        """Give the cosines of the nearest documents, by uid."""


@dataclass(frozen=True)
class SearchParts:
    """What a search engine is built from.

    Parameters
    ----------
    store : Store
    folder : Path
        Where its indexes lie; it comes into being with them.
    tastes : Tastes
    facts : callable
        Gives the facts of analysed sounds, or None where there are none.
    pool : WorkerPool
        Runs the work behind the ``await`` names.
    notices : tuple of str
        Said with every answer, such as that the data is synthetic.
    """

    store: Store
    folder: Path
    tastes: Tastes
    facts: Callable[[], Facts | None] = lambda: None
    pool: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    notices: tuple[str, ...] = ()

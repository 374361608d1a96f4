"""What a search engine is built from, and what it asks of others."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from ml.data.catalogue import Facts
from ml.data.store import Store
from ml.foundation.workers import WorkerPool
from ml.intelligent_search.hearing.contract import Hearing
from ml.intelligent_search.history import SearchLog
from ml.models.tastes import Tastes


class Meaning(Protocol):
    """Documents by what is said of them."""

    def refresh(self, documents: pl.DataFrame) -> object:
        """Bring the index up to date."""

    def find(self, text: str, count: int) -> Mapping[str, float]:
        """Give the documents nearest in meaning, the nearest first: by uid, in (0, 1]."""


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
    meaning : callable
        Gives the index of meanings, or None where there is none; told whether one is to be made.
    pool : WorkerPool
        Runs the work behind the ``await`` names.
    log : SearchLog, optional
        Where searches are kept; None keeps none.
    hearing : callable
        Gives who knows the sounds of the library, or None where nobody does.
    speech_model : str
        Folder of a Whisper model that writes down what is said; empty hears names of the catalogue.
    spoken_names : int
        How many names a voice search knows.
    personal : bool
        Whether a listener's taste and languages, and a situation, may move hits.
    notices : tuple of str
        Said with every answer, such as that the data is synthetic.
    clock : callable
        Gives the moment of asking, UTC milliseconds.
    """

    store: Store
    folder: Path
    tastes: Tastes
    facts: Callable[[], Facts | None] = lambda: None
    meaning: Callable[[bool], Meaning | None] = lambda _: None
    pool: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    log: SearchLog | None = None
    hearing: Callable[[], Hearing | None] = lambda: None
    speech_model: str = ""
    spoken_names: int = 5_000
    personal: bool = True
    notices: tuple[str, ...] = ()
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000

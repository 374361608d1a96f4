"""What an engine is built from."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ml.data.store import Store
from ml.foundation.settings import Recommendation as Settings
from ml.foundation.workers import WorkerPool


@dataclass(frozen=True)
class EngineParts:
    """What an engine is built from.

    Parameters
    ----------
    store : Store
    models_root : Path
        Folder of the model files.
    settings : ml.foundation.settings.Recommendation
        Defaults of what a request leaves open.
    pool : WorkerPool
        Runs the work behind the ``await`` names.
    notices : tuple of str
        Said with every answer, such as that the data is synthetic.
    clock : callable
        Gives the moment of asking, UTC milliseconds: what a session is, and whether ``not_now`` is over.
    """

    store: Store
    models_root: Path
    settings: Settings = field(default_factory=Settings)
    pool: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    notices: tuple[str, ...] = ()
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000

"""A world of 100,000 tracks that is made and trained once, and copies of it to be served.

It is kept in the folder that ``ML_BENCH_CACHE`` names, otherwise in ``ml-benchmarks`` of the system's folder for
temporary files; making it takes a few minutes.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

from ml.app import App
from ml.data.demo import DemoSize, make_world
from ml.data.ingest import load
from ml.data.workspace import REAL
from ml.foundation.settings import Settings

LARGE = DemoSize(listeners=10_000, tracks=100_000, artists=8_000, listens=1_000_000)
SMALL = DemoSize(listeners=300, tracks=1_000, artists=100, listens=20_000)
#: Written last: a world without it is unfinished, and made anew.
_DONE = "made"


def cache_folder() -> Path:
    """Give the folder of what is made once."""
    return Path(os.environ.get("ML_BENCH_CACHE") or Path(tempfile.gettempdir()) / "ml-benchmarks")


def settings_of(home: Path, database_url: str = "") -> Settings:
    """Give the settings of a workspace, all others as they are by default."""
    settings = Settings()
    settings.storage.home, settings.storage.database_url = home, database_url
    return settings


def made(size: DemoSize) -> Path:
    """Give the folder of a trained workspace of this size, making it if it is not there; it is not to be changed."""
    name = f"service-{size.tracks}-{size.listeners}-{size.listens}"
    home = cache_folder() / name
    if (home / _DONE).exists():
        up_to_date(home)
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    app = App(settings_of(home))
    fill(app, size)
    for _ in range(2):  # one to go on from and one to go back to
        app.train(judge=False, deep=False)
    app.close()
    up_to_date(home)
    (home / _DONE).touch()
    return home


def up_to_date(home: Path) -> None:
    """Bring the store and the index of a world to the present version, so that no copy has to."""
    app = App(settings_of(home))
    app.search_engine.refresh()
    app.close()


def fill(app: App, size: DemoSize) -> None:
    """Store the world; its keys come from a seed, so that models of one store answer from another."""
    app.workspace.mark(REAL)  # files are imported into it, which a demo world refuses
    load(app.workspace.store, make_world(size, seed=0).batches(), draw=random.Random(0).getrandbits)


def copied(home: Path, to: Path) -> Path:
    """Copy a workspace."""
    return shutil.copytree(home, to)

"""What encryption costs: in looking up a listener, letting one in, importing new ones, and changing the key.

All of it is processor time. `hide_us` is what a recommendation takes more to find its listener: the blind index of an
outside id. `stamp_us` is the question by which a kept answer is found, as a whole, and `listener_key_us` letting in by
the key of a listener, each with encryption, and `plain_…` without. `import_s` is storing 100,000 new listeners with a
profile each, `init_s` encrypting as many that are there, `rotate_s` changing the key under which they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import polars as pl

from benchmarks.target import Target
from ml.data.access import Access
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.data.vault import RootKey, Vault
from ml.data.vault.rotation import rotate
from ml.data.vault.sealing import seal_workspace
from ml.data.vault.sources import KeyFile
from ml.recommendation_engine.stamps import _STATE

TARGETS = {"hide_us": Target(at_most=5), "import_s": Target(at_most=15)}
LISTENERS, ROUNDS, AT_ONCE = 100_000, 5_000, 10_000


def run(quick: bool) -> dict[str, float]:
    listeners, rounds = (1_000, 200) if quick else (LISTENERS, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        source = KeyFile(Path(folder) / "vault.key")
        source.write([RootKey.new()])
        root = source.read()[0].id
        plain, sealed = (
            Store(f"sqlite:///{folder}/{name}.db", vault=Vault(source, sealing=True)) for name in ("plain", "sealed")
        )
        try:
            seal_workspace(sealed, root)
            numbers = {
                "plain_import_s": seconds(lambda: load(plain, new(listeners))),
                "import_s": seconds(lambda: load(sealed, new(listeners))),
            }
            for name, store in (("plain_", plain), ("", sealed)):
                numbers |= {f"{name}{what}": found for what, found in asked(store, listeners, rounds).items()}
            numbers["init_s"] = seconds(lambda: seal_workspace(plain, root))
            numbers["rotate_s"] = seconds(lambda: rotate(sealed))
            return numbers
        finally:
            plain.close()
            sealed.close()


def new(listeners: int) -> list[Batch]:
    """Make listeners, with profiles."""
    return [
        Batch("", AT_ONCE, {"profiles": pl.DataFrame({"user_id": ids, "name": ids, "country": "DE", "age": 30})})
        for first in range(0, listeners, AT_ONCE)
        for ids in [[f"local:user-{n}@example.org" for n in range(first, min(first + AT_ONCE, listeners))]]
    ]


def asked(store: Store, listeners: int, rounds: int) -> dict[str, float]:
    """Measure what is asked at each request, in microseconds: medians."""
    names = [f"user-{n}@example.org" for n in np.random.default_rng(0).integers(0, listeners, rounds)]
    access = Access.to(store)
    _, token = access.keys.create("phone", role="listener", user_id=f"local:{names[0]}")
    each = {
        "hide_us": store.vault.hidden,
        "stamp_us": lambda name: store.first(_STATE, {"source": "local", "external": store.vault.hidden(name)}),
        "listener_key_us": lambda _: access.keys.authenticate(token),
    }
    return {
        what: 1e6 * float(np.median([seconds(lambda ask=ask, name=name: ask(name)) for name in names]))
        for what, ask in each.items()
    }


def seconds(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return process_time() - begin

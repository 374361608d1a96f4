"""How long it takes to tell who is asking, from a token to a principal, on SQLite with a thousand keys.

All of it is processor time of one thread: nothing here waits, and other work on the machine moves the medians little.
`key_us` and `session_us` are medians of 20,000, `…_p99_us` their 99th percentiles; `wrong_us` and `unknown_us` are the
same for a key whose secret is wrong and for one that does not exist, and `told_apart_us` is the difference of those two
with the ends of its 95 % bootstrap interval: what a stranger could learn about ids, which are no secret. `password_ms`
is the median of 15 log-ins with a wrong password, `nobody_ms` with a name that nobody has, taken in turn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from time import thread_time

import numpy as np

from benchmarks.target import Target
from ml.data.access import Access
from ml.data.store import Store
from ml.foundation.errors import NotAuthenticated

TARGETS = {"key_us": Target(at_most=100), "session_us": Target(at_most=100)}
KEYS, ROUNDS, LOG_INS = 1_000, 20_000, 15


def run(quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.at(Path(folder))
        try:
            return measure(Access.to(store), keys=50 if quick else KEYS, rounds=500 if quick else ROUNDS)
        finally:
            store.close()


def measure(access: Access, *, keys: int, rounds: int) -> dict[str, float]:
    tokens = [access.keys.create(f"key {number}", role="service")[1] for number in range(keys)]
    account = access.accounts.create("anna", role="admin", password="seven quiet herons")
    _, cookie, _ = access.sessions.open(account)
    good = tokens[keys // 2]
    asked = {
        "key": partial(access.keys.authenticate, good),
        "session": partial(access.sessions.authenticate, cookie),
        "wrong": partial(access.keys.authenticate, good[:20] + tokens[0][20:]),
        "unknown": partial(access.keys.authenticate, f"ml_{'0' * 16}_{tokens[0][20:]}"),
    }
    for ask in asked.values():
        timed(ask)
    # In turn, so that whatever else the machine does falls on all alike.
    took = np.array([[timed(ask) for ask in asked.values()] for _ in range(rounds)]) * 1e6
    middle = dict(zip(asked, np.median(took, axis=0), strict=True))
    numbers = {f"{name}_us": float(value) for name, value in middle.items()}
    numbers |= {
        f"{name}_p99_us": float(np.percentile(took[:, place], 99)) for place, name in ((0, "key"), (1, "session"))
    }
    apart = took[:, 2] - took[:, 3]
    draws = np.random.default_rng(0).integers(0, rounds, size=(200, rounds))
    low, high = np.percentile([np.median(apart[draw]) for draw in draws], [2.5, 97.5])
    numbers |= {"told_apart_us": float(np.median(apart)), "told_apart_low": float(low), "told_apart_high": float(high)}
    names = ("anna", "nobody")
    tries = [
        [timed(partial(access.accounts.verify, name, "a wrong password")) for name in names] for _ in range(LOG_INS)
    ]
    known, nobody = (1e3 * median(column) for column in zip(*tries, strict=True))
    return numbers | {"password_ms": known, "nobody_ms": nobody}


def timed(ask: Callable[[], object]) -> float:
    begin = thread_time()
    with suppress(NotAuthenticated):
        ask()
    return thread_time() - begin

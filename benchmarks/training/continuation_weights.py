"""How much each kind of evidence says of what goes on with a list.

``python -m benchmarks.training.continuation_weights`` prints the weights that make the hidden halves of the choosing
world's lists (see `playlist_continuation`) likeliest, with listeners and without, and what the generator has. By a
log-linear model: each track's chance is proportional to the exponential of the weighed sum of its evidence.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.playlist_continuation import PARTS, Listening, Rows, read, themed
from ml.app import App
from ml.data.demo import make_world
from ml.data.ingest import load
from ml.foundation.settings import Settings
from ml.playlist_generator.suiting.continuing import ALONE, HEARD, evidence

LISTS, SMALL = 300, 1e-4
Tables = list[tuple[NDArray[np.float32], Rows, Rows]]


def main() -> None:
    seed, _ = PARTS["choosing_"]
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(), home=Path(home))
        world = make_world(seed=seed)
        load(app.workspace.store, world.batches(), draw=random.Random(seed).getrandbits)
        app.train(judge=False, deep=False)
        listening, row_of = read(app, world)
        lists = [(np.unique(row_of[given]), row_of[hidden]) for given, hidden in themed(world, LISTS, seed)]
        for title, used in (("with listeners", HEARD), ("without", ALONE)):
            fitted = fit(tables(listening, lists, list(used), heard="listeners" in used))
            print(title, *(f"{name} {weight:.2f} ({used[name]})" for name, weight in zip(used, fitted, strict=True)))
        app.close()


def tables(listening: Listening, lists: Sequence[tuple[Rows, Rows]], names: list[str], *, heard: bool) -> Tables:
    """Give the evidence for all tracks, what is given and what is hidden, of each list."""
    found = []
    for given, hidden in lists:
        each = evidence(listening.tracks, given, listening.listened(given) if heard else None)
        found.append((np.stack([each[name] for name in names]), given, hidden))
    return found


def fit(lists: Tables) -> NDArray[np.float64]:
    """Find the weights that make what is hidden likeliest."""

    def unlikely(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        loss, slope = SMALL * float(weights @ weights), 2 * SMALL * weights
        for table, given, hidden in lists:
            sums = weights @ table
            sums[given] = -np.inf
            chances = np.exp(sums - sums.max())
            chances /= chances.sum()
            loss -= float(np.log(chances[hidden]).mean()) / len(lists)
            slope = slope - (table[:, hidden].mean(axis=1) - table @ chances) / len(lists)
        return loss, slope

    return np.asarray(minimize(unlikely, np.full(len(lists[0][0]), 0.1), jac=True, method="L-BFGS-B").x)


if __name__ == "__main__":
    main()

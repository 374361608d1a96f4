"""How near the best order the playlist generator's search comes, on 8 to 14 drawn tracks, against exact dynamic
programming.

`over_mean` and `over_most` are what the search costs above the optimum, as a share, before the generator takes the
exact order of few tracks; with an arc in half of the cases. `bound_share` is the bound over the optimum, without
the exact order.
"""

from __future__ import annotations

import numpy as np

from benchmarks.drawn_tracks import draw
from benchmarks.target import Target
from ml.playlist_generator.composing import EFFORTS, within
from ml.playlist_generator.flow.transitions import Weights, transition_costs
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.bound import lower_bound
from ml.playlist_generator.ordering.exact import best_order
from ml.playlist_generator.ordering.improving import Objective, search
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

TARGETS = {"over_mean": Target(at_most=0.01), "over_most": Target()}
CASES = 60


def run(quick: bool) -> dict[str, float]:
    over, under = [], []
    for case in range(6 if quick else CASES):
        rng = np.random.default_rng(case)
        n = 8 + case % 7
        tracks = draw(n, rng)
        steps = transition_costs(tracks.sounds, tracks.sounds, Weights())
        energy = within(tracks.features["energy"])
        fit = rng.random(n).astype(np.float32)
        table = Table.of(fit, steps, n, energy=energy, arc="peak" if case % 2 else None)
        rules = Rules(tracks.ground.duration_ms, np.arange(n), np.arange(n), np.arange(n), np.zeros(n, dtype=np.int64))
        _, best = best_order(table)
        effort = EFFORTS["best"]
        starts = list(beam_search(table, rules, width=effort.width)[: effort.starts])
        found = search(starts, Objective(table, rules), kicks=effort.kicks, rng=rng, replacing=False)
        over.append(float(table.cost(found[None, :])[0]) / best - 1)
        under.append(lower_bound(table, rules, best) / best)
    return {
        "cases": len(over),
        "over_mean": float(np.mean(over)),
        "over_most": float(np.max(over)),
        "bound_share": float(np.mean(under)),
    }

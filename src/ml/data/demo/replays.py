"""Which earlier listens the demo world's listeners come back to.

Method
------
A replay copies an earlier listen of the same listener, the one ``lag`` places ago with a
chance of about 1 / (lag + c): a memory in which both the recent and the frequent come back
[1]_ [2]_. Often it looks back over the listens of the same activity only, and often it goes
on where the replay before it left off. A discovery that was skipped is not copied. As a
replay points at a listen that may be a replay too, all pointers are followed together,
doubling the step each time.

References
----------
.. [1] H. A. Simon, "On a class of skew distribution functions", Biometrika 42, 1955.
.. [2] C. Cattuto, V. Loreto, L. Pietronero, "Semiotic dynamics and collaborative tagging",
   PNAS 104(5), 2007 (copying with a memory that fades).
"""

from __future__ import annotations

import numpy as np

from ml.data.demo import activities
from ml.data.demo.arrays import Doubles, Flags, Indices, Longs
from ml.data.demo.effects import Effects
from ml.data.demo.layout import Layout


def roots(layout: Layout, kept: Flags, effects: Effects, rng: np.random.Generator) -> Longs:
    """Find the discovery that each listen goes back to; a discovery is its own."""
    n = len(layout.replay)
    run = layout.replay & (rng.random(n, dtype=np.float32) < effects.run) & ~layout.opens
    run[1:] &= layout.replay[:-1]
    narrow = rng.random(n, dtype=np.float32) < effects.same_activity
    draw = rng.random(n)
    # A run keeps the lag and the memory of the replay that it continues, so it moves on one listen at a time.
    leader = np.maximum.accumulate(np.where(run, 0, np.arange(n)))
    wide_order = np.arange(n)
    group = layout.listener.astype(np.int64) * len(activities.ACTIVITIES) + layout.activity
    wide, _ = _sources(layout.listener, wide_order, kept, leader, draw, effects)
    same, has_past = _sources(group, np.argsort(group, kind="stable"), kept, leader, draw, effects)
    source = np.where((narrow & has_past)[leader], same, wide)
    return _resolve(np.where(layout.replay, source, wide_order))


def _sources(
    group: Longs | Indices, order: Longs, kept: Flags, leader: Longs, draw: Doubles, effects: Effects
) -> tuple[Longs, Flags]:
    """Point each listen at an earlier, kept one of its group; the flags tell where there is one.

    ``order`` sorts the listens by group, then by time.
    """
    n = len(group)
    memory = order[kept[order]]  # the listens that can come back
    count: Longs = np.cumsum(kept[order]) - kept[order]
    begins = np.diff(group[order], prepend=-1) > 0
    base = np.maximum.accumulate(np.where(begins, count, 0))
    place, past = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    place[order], past[order] = count, count - base
    c = effects.recency
    lag = np.floor(c * (((past + c) / c) ** draw - 1)).astype(np.int64) + 1
    lag = np.minimum(lag, np.maximum(past, 1))[leader]
    return memory[np.clip(place - lag, 0, len(memory) - 1)], past > 0


def _resolve(source: Longs) -> Longs:
    """Follow pointers to their ends, doubling the step each time.

    >>> _resolve(np.array([0, 0, 1, 2, 4])).tolist()
    [0, 0, 0, 0, 4]
    """
    while True:
        further = source[source]
        if np.array_equal(further, source):
            return source
        source = further

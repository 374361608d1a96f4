"""What a change of key costs, on the Camelot wheel.

Neighbours on the wheel share all notes but one; relatives share all. Beyond what the wheel joins, two moves that disc
jockeys use to lift the energy, a whole tone and a semitone up, cost less than their distance.

References
----------
Camelot wheel: Davis, *Beyond Beatmatching*, 2010. Distances between keys: Krumhansl and Kessler, 'Tracing the dynamic
changes in perceived tonal organization', Psychological Review 89, 1982, whose order of nearness it keeps: fifths and
relatives first, then the parallel key.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.keys import N_KEYS, NAMES, hour

Floats = NDArray[np.float32]

#: By hours on the wheel between two keys of one mode.
_HOURS = (0.0, 0.1, 0.45, 0.7, 0.85, 0.95, 1.0)
#: Where the mode changes too: the relative, then its neighbours, …
_HOURS_ACROSS = (0.1, 0.3, 0.6, 0.55, 0.9, 1.0, 1.0)
_WHOLE_TONE_UP, _SEMITONE_UP = 0.3, 0.4


def _table() -> Floats:
    costs = np.empty((N_KEYS, N_KEYS), dtype=np.float32)
    for a in range(N_KEYS):
        for b in range(N_KEYS):
            apart = (hour(b) - hour(a)) % len(NAMES)
            across = (a >= len(NAMES)) != (b >= len(NAMES))
            costs[a, b] = (_HOURS_ACROSS if across else _HOURS)[min(apart, len(NAMES) - apart)]
            if not across and (b - a) % len(NAMES) in {1, 2}:
                costs[a, b] = _SEMITONE_UP if (b - a) % len(NAMES) == 1 else _WHOLE_TONE_UP
    return costs


#: From each key, rows, to each other, columns.
KEY_COSTS: Floats = _table()
#: What a change costs on average, where one key is unknown.
MEAN_COST = float(KEY_COSTS.mean())


def key_costs(before: NDArray[np.integer], after: NDArray[np.integer], sure: Floats | float = 1.0) -> Floats:
    """Give what each change of key costs.

    Parameters
    ----------
    before, after : int [shapes that broadcast]
        As :mod:`ml.features.keys` numbers them; -1 where there is none.
    sure : float32 in [0, 1] [a shape that broadcasts]
        How likely both keys are right; the rest of it counts as unknown.

    Returns
    -------
    float32, in [0, 1]

    Examples
    --------
    >>> c, g, d, a_minor, f_sharp = 0, 7, 2, 21, 6
    >>> [round(float(key_costs(np.int8(c), np.int8(to))), 2) for to in (c, g, a_minor, d, f_sharp)]
    [0.0, 0.1, 0.1, 0.3, 1.0]
    """
    known = (before >= 0) & (after >= 0)
    costs = KEY_COSTS[np.maximum(before, 0), np.maximum(after, 0)]
    weight = np.where(known, np.asarray(sure, dtype=np.float32), np.float32(0))
    return np.asarray(weight * costs + (1 - weight) * np.float32(MEAN_COST), dtype=np.float32)

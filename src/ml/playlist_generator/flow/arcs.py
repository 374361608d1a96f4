"""How energy goes along a list: named arcs, and arcs that somebody drew.

Conventions
-----------
An arc gives the energy wanted at each place from 0, the beginning, to 1, the end, on a scale from 0 to 1 *within what
is at hand*: the calmest of the tracks that suit is 0, the most energetic 1. So an arc works in a calm list too.

References
----------
That albums go up and down from track to track, high first: Neto, Hartmann, Luck and Toiviainen, 'The algorithmic nature
of song-sequencing', arXiv 2408.04383, 2024.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import BadInput, did_you_mean

Floats = NDArray[np.float32]

#: Energy wanted at equal steps along the list; between them it is interpolated.
_SHAPES: dict[str, tuple[float, ...]] = {
    "warm-up": (0.15, 0.3, 0.5, 0.7, 0.9),
    "plateau": (0.6, 0.6),
    "peak": (0.3, 0.5, 0.75, 1.0, 0.6),
    "wind-down": (0.85, 0.65, 0.45, 0.3, 0.1),
    "wave": (0.4, 0.8, 0.3, 0.85, 0.35, 0.8, 0.4),
}
#: Albums begin high and fall, every other track above its neighbours.
_ALBUM_FALL, _ALBUM_STEP = (0.8, 0.45), 0.12
#: All that have a name.
ARCS: tuple[str, ...] = (*_SHAPES, "album")
#: Points of a drawn arc, at most.
MOST_POINTS = 1_000

Arc = str | tuple[float, ...]


def read_arc(given: object) -> Arc:
    """Take an arc by name, or as numbers from 0 to 1.

    >>> read_arc("Wind down"), read_arc([0.2, 1])
    ('wind-down', (0.2, 1.0))

    Raises
    ------
    BadInput
    """
    if isinstance(given, str):
        name = "-".join(given.lower().replace("_", " ").replace("-", " ").split())
        if name not in ARCS:
            raise BadInput(f"arc = {given!r}", did_you_mean(name, ARCS))
        return name
    if not isinstance(given, Sequence) or not 1 <= len(given) <= MOST_POINTS:
        raise BadInput(f"arc = {given!r}", f"give a name ({', '.join(ARCS)}) or numbers from 0 to 1")
    for place, value in enumerate(given, start=1):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise BadInput(f"arc: number {place} is {value!r}", "an arc is numbers from 0 (calm) to 1 (full energy)")
    return tuple(float(value) for value in given)


def along(arc: Arc, places: Floats) -> Floats:
    """Give what an arc wants at some places.

    Parameters
    ----------
    arc : str or tuple of float
        As :func:`read_arc` gives it.
    places : float [shape=(n,)]
        From 0 to 1.

    Returns
    -------
    float32 [shape=(n,)], in [0, 1]

    Examples
    --------
    >>> along((0.0, 1.0), np.array([0, 0.25, 1])).tolist()
    [0.0, 0.25, 1.0]
    """
    if arc == "album":
        fall = np.interp(places, (0, 1), _ALBUM_FALL)
        steps = np.where(np.arange(len(places)) % 2 == 0, _ALBUM_STEP, -_ALBUM_STEP)
        return (fall + steps).clip(0, 1).astype(np.float32)
    points = _SHAPES[arc] if isinstance(arc, str) else arc
    return np.interp(places, np.linspace(0, 1, len(points)) if len(points) > 1 else (0,), points).astype(np.float32)


def middles(n: int) -> Floats:
    """Give the places of ``n`` tracks of a list: the first is 0, the last 1.

    >>> middles(3).tolist(), middles(1).tolist()
    ([0.0, 0.5, 1.0], [0.0])
    """
    return np.linspace(0, 1, n).astype(np.float32)

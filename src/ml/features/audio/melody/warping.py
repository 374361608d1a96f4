"""Dynamic time warping of a melody onto a stretch of others (Sakoe and Chiba 1978; Müller 2007, chapter 4)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

#: No two values are farther apart than this, in semitones: a wrong note is wrong, however wrong it is.
FARTHEST = 4.0
#: What a step costs that goes twice as fast, or half as fast, as the other contour.
UNEVEN = 0.15
#: The same in a mix, and what a rest costs there: something else may sound meanwhile.
UNEVEN_IN_MIX, REST = 0.1, 0.45
#: Keys that a line is looked for in, in semitones.
KEY_STEP = 0.5


def subsequence_costs(query: Floats, others: Floats, offsets: Floats) -> Floats:
    """Give the least mean distance of a contour to a stretch of each of others, which may begin and end anywhere.

    Along the path the other contour goes on by one value for each of the query's, or by two, or by one for two.

    Parameters
    ----------
    query : float32 [shape=(n,)]
        Semitones.
    others : float32 [shape=(n_others, length)]
        Padded with infinity.
    offsets : float32 [shape=(n_others,)]
        How much higher the query is.

    Returns
    -------
    float32 [shape=(n_others,)]
        Semitones, at most :data:`FARTHEST` and some; infinite where the other is shorter than half of the query.

    Examples
    --------
    >>> query = np.array([5, 5, 7], dtype=np.float32)
    >>> others = np.array([[9, 0, 0, 2, 9], [0, 0, 0, 0, 0]], dtype=np.float32)
    >>> [round(one, 2) for one in subsequence_costs(query, others, np.array([5, 5], dtype=np.float32)).tolist()]
    [0.0, 0.67]
    """
    shifted = np.asarray(others + offsets[:, np.newaxis], dtype=np.float32)
    far = np.isinf(shifted)

    def distance(value: float) -> Floats:
        found: Floats = np.minimum(np.abs(shifted - np.float32(value)), np.float32(FARTHEST))
        found[far] = np.inf
        return found

    return _warped(map(distance, query), len(query), UNEVEN)


def salience_costs(line: Floats, salience: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Look for a line in a salience, in every key: how much what it passes falls short of what stands out most.

    Parameters
    ----------
    line : float32 [shape=(n,)]
        Semitones, NaN in rests, at the rate of the salience (:func:`ml.features.audio.melody.line_of`).
    salience : uint8 [shape=(n_frames, n_semitones)]
        See :func:`ml.features.audio.melody.lead_salience`.

    Returns
    -------
    costs : float32 [shape=(n_keys,)]
        Mean along the best path, in [0, 1] and some; infinite where the mix is shorter than half of the line.
    keys : float32 [shape=(n_keys,)]
        Place of the salience that the line's 0 lies at; halves are rounded up.

    Examples
    --------
    >>> salience = np.zeros((6, 20), dtype=np.uint8)
    >>> salience[[0, 1, 2, 3, 4, 5], [3, 3, 7, 7, 5, 5]] = 255
    >>> costs, keys = salience_costs(np.array([0, 0, 4, 4, 2, 2], dtype=np.float32), salience)
    >>> float(costs.min()), float(keys[costs.argmin()])
    (0.0, 2.5)
    """
    lowest, highest = float(np.nanmin(line)), float(np.nanmax(line))
    last = salience.shape[1] - 1
    keys = np.arange(-lowest, last - highest + KEY_STEP / 2, KEY_STEP, dtype=np.float32)
    if not len(keys):  # it is wider than the salience: its middle lies in the middle
        keys = np.array([(last - lowest - highest) / 2], dtype=np.float32)
    lacking = np.asarray(1.0 - salience.T / np.float32(255), dtype=np.float32)
    silent = np.full((len(keys), len(salience)), REST, dtype=np.float32)

    def cost(value: float) -> Floats:
        if np.isnan(value):
            return silent
        return np.asarray(lacking[np.clip(np.floor(value + keys + 0.5), 0, last).astype(np.intp)])

    return _warped(map(cost, line), len(line), UNEVEN_IN_MIX), keys


def _warped(costs: Iterator[Floats], n: int, uneven: float) -> Floats:
    """Warp all rows at once; each of the costs is what one value of the query has with all values of each row."""
    before = next(costs)
    slow = np.float32(uneven)
    here, older = before.copy(), np.full_like(before, np.inf)
    for each in costs:
        best = np.full_like(each, np.inf)
        best[:, 1:] = here[:, :-1]
        np.minimum(best[:, 2:], here[:, :-2] + slow, out=best[:, 2:])
        np.minimum(best[:, 1:], older[:, :-1] + before[:, 1:] + slow, out=best[:, 1:])
        best += each
        older, here, before = here, best, each
    return np.asarray(here.min(axis=1) / np.float32(n), dtype=np.float32)

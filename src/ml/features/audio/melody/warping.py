"""Dynamic time warping of a contour against a stretch of others (Sakoe and Chiba 1978; Müller 2007, chapter 4)."""

from __future__ import annotations

import numpy as np

from ml.features.audio.framing import Floats

#: No two values are farther apart than this, in semitones: a wrong note is wrong, however wrong it is.
FARTHEST = 4.0
#: What a step costs that goes twice as fast, or half as fast, as the other contour.
UNEVEN = 0.15


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
    >>> subsequence_costs(query, others, np.array([5, 5], dtype=np.float32)).round(2).tolist()
    [0.0, 0.67]
    """
    shifted = np.asarray(others + offsets[:, np.newaxis], dtype=np.float32)
    far = np.isinf(shifted)

    def distance(value: float) -> Floats:
        found: Floats = np.minimum(np.abs(shifted - np.float32(value)), np.float32(FARTHEST))
        found[far] = np.inf
        return found

    width = shifted.shape[1]
    uneven = np.float32(UNEVEN)
    before = distance(query[0])
    here, older = before.copy(), np.full_like(before, np.inf)
    for value in query[1:]:
        now = distance(value)
        best = np.full_like(now, np.inf)
        best[:, 1:] = here[:, :-1]
        if width > 2:
            np.minimum(best[:, 2:], here[:, :-2] + uneven, out=best[:, 2:])
        np.minimum(best[:, 1:], older[:, :-1] + before[:, 1:] + uneven, out=best[:, 1:])
        best += now
        older, here, before = here, best, now
    return np.asarray(here.min(axis=1) / np.float32(len(query)), dtype=np.float32)

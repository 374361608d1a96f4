"""Who keeps company with the best of what was found: what the same people listen to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ml.foundation.errors import NotTrained
from ml.intelligent_search.candidate import Candidate
from ml.models.tastes import Scores

#: Gives scores of all items beside some; None where no model knows these.
Beside = Callable[[Sequence[int]], Scores | None]

#: So many of the best are what others are put beside.
_BEST = 10


def company(beside: Beside, candidates: Sequence[Candidate]) -> list[float]:
    """Tell how well documents go with the best of them, as shares of the one that does best; empty where nobody knows.

    Parameters
    ----------
    beside : callable
    candidates : sequence of Candidate
        The best first. What the models do not know, such as artists where they know tracks, is taken for the middle.
    """
    try:
        scores = beside([one.shown.key for one in candidates[:_BEST] if one.shown.key is not None])
    except NotTrained:
        return []
    if scores is None:
        return []
    values = scores.of([-1 if one.shown.key is None else one.shown.key for one in candidates])
    known = np.isfinite(values)
    values = np.maximum(values, 0.0)
    best = float(values[known].max(initial=0.0))
    if not best:
        return []
    found: list[float] = (np.where(known, values, values[known].mean()) / best).tolist()
    return found

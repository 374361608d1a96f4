"""How good a ranking of documents is, by how relevant each is judged: one query at a time.

Conventions
-----------
- ``ranked`` are ids, best first, none twice; ``judged`` gives grades by id, of which more than 0 is relevant.
- Every metric is in [0, 1], larger is better, and ``nan`` where nothing is judged relevant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Judged = Mapping[str, float]


def graded_ndcg(ranked: Sequence[str], judged: Judged, *, k: int) -> float:
    r"""Give the normalised discounted cumulative gain of the first k, with the grades as gains.

    .. math:: \frac{\sum_{r=1}^{k} g_r / \log_2(r + 1)}{\sum_{r=1}^{k} g^*_r / \log_2(r + 1)}

    where :math:`g_r` is the grade of the document at rank r, and :math:`g^*` are all grades, the largest first.

    References
    ----------
    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002.

    Examples
    --------
    >>> round(graded_ndcg(["b", "a", "x"], {"a": 2, "b": 1}, k=10), 4)
    0.8597
    """
    ideal = _gain(sorted((grade for grade in judged.values() if grade > 0), reverse=True)[:k])
    return _gain([max(judged.get(one, 0.0), 0.0) for one in ranked[:k]]) / ideal if ideal else math.nan


def first_relevant(ranked: Sequence[str], judged: Judged, *, k: int) -> float:
    """Give 1 / rank of the first relevant document, 0 if it is not among the first k; its mean is the MRR.

    >>> first_relevant(["x", "a"], {"a": 1}, k=10)
    0.5
    """
    if not _relevant(judged):
        return math.nan
    return next((1 / place for place, one in enumerate(ranked[:k], start=1) if judged.get(one, 0) > 0), 0.0)


def found_relevant(ranked: Sequence[str], judged: Judged, *, k: int) -> float:
    """Give the share of the relevant documents that are among the first k: recall.

    >>> found_relevant(["x", "a"], {"a": 1, "b": 1}, k=10)
    0.5
    """
    there = _relevant(judged)
    return sum(judged.get(one, 0) > 0 for one in ranked[:k]) / there if there else math.nan


def _relevant(judged: Judged) -> int:
    return sum(grade > 0 for grade in judged.values())


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, start=1))

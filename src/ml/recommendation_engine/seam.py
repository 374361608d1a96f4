"""Which model answers whom: strangers, listeners of whom little is known, and all others.

Conventions
-----------
- To a stranger, popularity answers, among people like them where a profile says who that is.
- While the first guess has a voice beside the hybrid (see :mod:`ml.models.growing`), the hybrid answers with it, also
  in the place of ``hybrid_deep``, whose trees learned from listeners of long histories.
- All others are answered by what they asked for.
"""

from __future__ import annotations

import numpy as np

from ml.models.group_popularity import UNTOLD, Group, GroupPopularity, groups
from ml.models.growing import Growth
from ml.models.plays import Plays
from ml.models.ranker import Ranker
from ml.recommendation_engine.serving import BASE, DEEP, Serving
from ml.recommendation_engine.words import say

#: From so many known items on, ``hybrid_deep`` is not below the hybrid with its first guess. Chosen on listeners left
#: out of the training part of the demo world, who are reported on nowhere (``handover_…`` of ``make bench
#: BENCH_ARGS=cold_start``): NDCG@10 .405 and .418 at 5 items, .383 and .379 at 8.
HANDOVER = 8


def who_answers(serving: Serving, name: str, history: Plays) -> list[str]:
    """Name the model for each listener of a history, where ``name`` was asked for."""
    told, known = np.diff(history.counts.indptr), np.diff(history.actual.counts.indptr)
    ranker = serving.models.models.get(DEEP)
    # Without trees it is the hybrid, and the hybrid answers best with all of its voices.
    until = HANDOVER if isinstance(ranker, Ranker) and ranker.trees is not None else np.inf
    new = (known < until) & (Growth.of(serving.models.card).at(known) > 0) & (name == DEEP)
    answering = zip(told, new, groups(history), strict=True)
    return [(BASE if early else name) if n else _stranger(serving, name, group) for n, early, group in answering]


def _stranger(serving: Serving, name: str, group: Group) -> str:
    """Name the model for a listener without history."""
    if name.startswith("popularity"):
        return name
    alike = serving.models.models.get(GroupPopularity.name)
    told = isinstance(alike, GroupPopularity) and alike.nearest(group) != ("", UNTOLD)
    return GroupPopularity.name if told else "popularity"


def newcomer(user_id: str, asked: str, answered: str) -> tuple[str, ...]:
    """Say that somebody is answered by another model than they asked for because little is known of them.

    >>> newcomer("local:user/1", "hybrid_deep", "hybrid")
    ('so little is known of local:user/1 that hybrid answers, beside what listeners like them like',)
    >>> newcomer("local:user/1", "ease", "ease")
    ()
    """
    if asked == answered:
        return ()
    return (say("newcomer", user=user_id, algorithm=answered),)

"""Answers that rest on nothing that is known of the listener (Regulation (EU) 2022/2065, DSA, Article 38).

Conventions
-----------
- Of the store only what is said of items is read: no listens, no totals, no feedback, no blocks, no country and no age,
  and the listener is not even looked up. So everybody gets the same answer, and no experiment is met. Only where shares
  are asked for (``exposure``) is it counted how often items were heard by all listeners together.
- What is popular comes first, and what the request itself says (context, preferences) moves and filters it. What
  somebody likes is told to :meth:`RecommendationEngine.recommend_from <ml.recommendation_engine.engine.
  RecommendationEngine.recommend_from>`, which reads and keeps as little.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from ml.foundation.errors import BadInput
from ml.foundation.settings import Recommendation as Settings
from ml.models.plays import Plays
from ml.models.popularity import Popularity, RecentPopularity
from ml.models.replay import Replay
from ml.recommendation_engine.profile import UNDAMPED, Profiles
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.variants import named
from ml.recommendation_engine.words import say

#: Of answers with profiling there is nothing to say.
NOTHING_SAID: tuple[str, ...] = ()
#: Models that say the same to everybody.
SAME_TO_ALL = (Popularity.name, RecentPopularity.name)


def requested(settings: Settings, **asked: Any) -> tuple[Request, set[str], tuple[str, ...]]:
    """Check what is asked for of a listener, and turn it into what can be answered.

    Parameters
    ----------
    settings : Settings
    **asked
        As :meth:`Request.of` takes it.

    Returns
    -------
    request : Request
    fixed : set of str
        What of it the caller named; see :func:`ml.recommendation_engine.variants.named`.
    said : tuple of str
        What has to be said about it.

    Raises
    ------
    BadInput
    """
    request = Request.of(settings, **asked)
    open_ = ("algorithm", "familiar_ratio", "max_per_artist", "preferences", "exposure")
    fixed = named(*(asked.get(name) for name in open_))
    if request.profiling:
        idle = request.algorithm == Replay.name and "familiar_ratio" in fixed and request.familiar_ratio < 1
        return request, fixed, (say("replay_knows_all"),) if idle else NOTHING_SAID
    request, said = unprofiled(request, fixed)
    return request, fixed, said


def unprofiled(request: Request, fixed: Collection[str]) -> tuple[Request, tuple[str, ...]]:
    """Give a request as it can be answered without profiling, and what has to be said about it.

    Parameters
    ----------
    request : Request
    fixed : collection of str
        What the caller named; see :func:`ml.recommendation_engine.variants.named`.

    Raises
    ------
    BadInput
        If it is strict, and names an algorithm that needs a history.
    """
    asked, wishes = request.algorithm, request.wishes
    answering = same_to_all(asked)
    told = bool(request.asking or request.exposure or wishes.genres or wishes.filters or wishes.energy is not None)
    notices = [say("no_profiling", and_request=say("and_request" if told else "nothing"))]
    if "algorithm" in fixed and answering != asked:
        if request.strict:
            raise BadInput(
                f"{asked!r} needs the listener's history, and profiling is off",
                f"name one of {', '.join(SAME_TO_ALL)}, or leave strict out",
            )
        notices.append(say("needs_profiling", algorithm=asked, instead=answering))
    if "familiar_ratio" in fixed and request.familiar_ratio > 0:
        notices.append(say("no_dial"))
    return replace(request, algorithm=answering, familiar_ratio=0.0), tuple(notices)


def same_to_all(algorithm: str) -> str:
    """Give what answers everybody alike in the place of an algorithm.

    >>> same_to_all("hybrid"), same_to_all("popularity_recent")
    ('popularity', 'popularity_recent')
    """
    return algorithm if algorithm in SAME_TO_ALL else Popularity.name


def nobody(n_users: int, n_items: int, *, now: int) -> Profiles:
    """Make profiles in which nothing is known of anybody."""
    nothing = np.empty(0, dtype=np.int64)
    plays = replace(Plays.of([[]] * n_users, n_items=n_items, now=now), countries=[None] * n_users)
    undamped = [UNDAMPED] * n_users
    return Profiles(plays, plays, plays, [nothing] * n_users, undamped, undamped, [None] * n_users)

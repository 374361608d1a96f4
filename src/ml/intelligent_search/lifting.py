"""What moves hits a little: who asks, in which situation, and what others chose for the same words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, func, select

from ml.data.identity import find_user, outside_ids
from ml.data.schema import items, listens
from ml.foundation.errors import NotTrained, UnknownId
from ml.foundation.phrase import Phrase
from ml.intelligent_search.candidate import Candidate
from ml.intelligent_search.words import say
from ml.models.tastes import Scores, Tastes

#: How much a listener's taste, their languages and a situation together, and what was chosen, may lift a hit at most.
PERSONAL, CHOSEN = 0.05, 0.1


def lift(candidates: Sequence[Candidate], part: str, shares: Mapping[str, float], most: float) -> list[Candidate]:
    """Lift documents by their shares, and bring the best to the front; what is called exactly so stays there.

    Parameters
    ----------
    candidates : sequence of Candidate
    part : str
        Under which the lift is said.
    shares : mapping of str to float
        In [0, 1], by uid.
    most : float
        What a share of 1 adds to the score.
    """
    for one in candidates:
        share = shares.get(one.shown.uid, 0.0)
        if share:
            one.parts[part] = share
            one.score = min(one.score + most * share, 1.0)
    return sorted(candidates, key=lambda one: (-one.parts.get("exact", 0.0), -one.score))


def taste_of(
    tastes: Tastes, user_id: str, candidates: Sequence[Candidate], notices: list[Phrase]
) -> dict[str, float] | None:
    """Tell how well documents suit a listener: by uid, the share of all items that suit less; None for a stranger."""
    try:
        scores = tastes.taste(user_id)
    except NotTrained as error:
        notices.append(say("no_taste", how=error.hint or str(error)))
        return None
    if scores is None:
        notices.append(say("stranger", user_id=user_id))
        return None
    ranked = np.sort(scores.scores[np.isfinite(scores.scores)])
    values = _values(scores, candidates)
    return {uid: float(np.searchsorted(ranked, value)) / max(len(ranked) - 1, 1) for uid, value in values.items()}


def suited_to(
    tastes: Tastes, context: Mapping[str, str], candidates: Sequence[Candidate], notices: list[Phrase]
) -> dict[str, float]:
    """Tell how well documents suit a situation: 1 - 1 / n where they are n times as likely there, by uid."""
    try:
        scores = tastes.suited(context)
    except NotTrained as error:
        notices.append(say("no_situation", how=error.hint or str(error)))
        return {}
    if scores is None:
        notices.append(say("nothing_suits", words=tuple(context.values())))
        return {}
    return {uid: 1 - math.exp(-value) for uid, value in _values(scores, candidates).items() if value > 0}


def languages_of(connection: Connection, user_id: str, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Tell how often a listener plays songs in the language of each document, as a share of their most frequent one."""
    try:
        listener = find_user(connection, user_id)
    except UnknownId:
        return {}
    spoken = func.lower(items.c.language).label("language")
    played = (
        select(spoken, func.count())
        .join(listens, listens.c.item_key == items.c.key)
        .where(listens.c.user_key == listener, items.c.language.is_not(None), listens.c.incognito.is_not(True))
        .group_by(spoken)
    )
    counts = {str(name): int(n) for name, n in connection.execute(played)}
    keys = [one.shown.key for one in candidates if one.shown.key is not None]
    if not counts or not keys:
        return {}
    sung = select(items.c.key, spoken).where(items.c.key.in_(keys), items.c.language.is_not(None))
    known = {int(key): str(name) for key, name in connection.execute(sung)}
    most = max(counts.values())
    shares = {one.shown.uid: counts.get(known.get(one.shown.key or -1, ""), 0) / most for one in candidates}
    return {uid: share for uid, share in shares.items() if share}


def _values(scores: Scores, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Give the scores of the documents that a model knows, by uid."""
    values = scores.of([-1 if one.shown.key is None else one.shown.key for one in candidates])
    return {one.shown.uid: float(value) for one, value in zip(candidates, values, strict=True) if math.isfinite(value)}


def by_uid(connection: Connection, candidates: Sequence[Candidate], chosen: Mapping[str, float]) -> dict[str, float]:
    """Give shares by uid that are known by outside id."""
    keys = [one.shown.key for one in candidates if one.shown.key is not None]
    ids = outside_ids(connection, "item", keys) if keys and chosen else {}
    found = {one.shown.uid: chosen.get(ids.get(one.shown.key or -1, ""), 0.0) for one in candidates}
    return {uid: share for uid, share in found.items() if share}

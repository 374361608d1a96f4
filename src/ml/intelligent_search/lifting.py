"""What moves hits a little: who asks, and what others chose for the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Connection

from ml.data.identity import outside_ids
from ml.foundation.errors import NotTrained
from ml.foundation.phrase import Phrase
from ml.intelligent_search.candidate import Candidate
from ml.intelligent_search.words import say
from ml.models.tastes import Tastes

#: How much a listener's taste, and what was chosen, may lift a hit at most.
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


def taste_of(tastes: Tastes, user_id: str, notices: list[Phrase]) -> dict[str, float]:
    """Tell how well items suit a listener: the share of all items that suit them less, by uid; empty for a stranger."""
    try:
        scores = tastes.taste(user_id)
    except NotTrained as error:
        notices.append(say("no_taste", how=error.hint or str(error)))
        return {}
    if scores is None:
        notices.append(say("stranger", user_id=user_id))
        return {}
    values = np.nan_to_num(scores.scores.astype(np.float64), nan=-np.inf)
    places = np.empty(len(values))
    places[np.argsort(values, kind="stable")] = np.arange(len(values))
    shares = places / max(len(values) - 1, 1)
    return {f"{sort}{key}": float(share) for key, share in zip(scores.keys, shares, strict=True) for sort in ("a", "t")}


def by_uid(connection: Connection, candidates: Sequence[Candidate], chosen: Mapping[str, float]) -> dict[str, float]:
    """Give shares by uid that are known by outside id."""
    keys = [one.shown.key for one in candidates if one.shown.key is not None]
    ids = outside_ids(connection, "item", keys) if keys and chosen else {}
    found = {one.shown.uid: chosen.get(ids.get(one.shown.key or -1, ""), 0.0) for one in candidates}
    return {uid: share for uid, share in found.items() if share}

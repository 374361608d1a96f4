"""What some listeners know already, ranked by what they come back to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Plays, Times
from ml.recommendation_engine.profile import Profiles
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.session import lower
from ml.recommendation_engine.situation import Situation


@dataclass(frozen=True)
class Memory:
    """Scores of the items that some listeners heard.

    Parameters
    ----------
    heard : int32 [shape=(n,)]
        Items that any of them heard, sorted.
    plain : float32 [shape=(n_users, n)]
        By replay.
    here : float32 [shape=(n_users, n)]
        The same where plays in the situation asked for count more.
    situation : Situation
    """

    heard: NDArray[np.int32]
    plain: Floats
    here: Floats
    situation: Situation

    @classmethod
    def of(cls, serving: Serving, known: Plays, situation: Situation) -> Self:
        """Ask replay, twice where the situation changes what is remembered."""
        replay, heard = serving.model("replay"), np.unique(known.items)
        plain = replay.score(known, items=heard)
        remembered = situation.remembered(known)
        here = plain if remembered is known else replay.score(remembered, items=heard)
        return cls(heard, plain, here, situation)

    def ranked(self, row: int, own: Plays, profiles: Profiles) -> tuple[Iterator[tuple[int, float]], dict[int, float]]:
        """Rank what a listener knows, whose plays are ``own``; tell what the situation does to each score, by index."""
        known, place = np.unique(own.items, return_inverse=True)
        last = np.empty(len(known), dtype=np.int64)
        last[place] = own.times  # a history is in the order of time
        allowed = self.situation.allowed
        if len(profiles.left_out[row]) or allowed is not None:
            kept = ~np.isin(known, profiles.left_out[row])
            if allowed is not None:
                kept &= allowed[known]
            known, last = known[kept], last[kept]
        places = np.searchsorted(self.heard, known)
        plain, here = self.plain[row, places], self.here[row, places]
        if len(profiles.skipped[row].items):
            factors = profiles.skipped[row].of(known)
            plain, here = lower(plain, factors), lower(here, factors)
        if self.situation.lift is None and self.here is self.plain:
            return _ranked(known, plain, last), {}
        moved = self.situation.lift_known(here, known)
        return _ranked(known, moved, last), dict(zip(known.tolist(), (moved - plain).tolist(), strict=True))


def _ranked(known: NDArray[np.int32], scores: Floats, last: Times) -> Iterator[tuple[int, float]]:
    """Rank what a listener knows; what was only ever skipped is not offered again.

    Scores move with the clock and may meet in their last digit: the later play then goes first, as it did before.
    """
    order = np.lexsort((known, -last, -scores))
    order = order[scores[order] > 0]
    return zip(known[order].tolist(), scores[order].tolist(), strict=True)

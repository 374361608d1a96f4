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
    known : Plays
    heard : int32 [shape=(n,)]
        Items that any of them heard, sorted.
    plain : float32 [shape=(n_users, n)]
        By replay.
    here : float32 [shape=(n_users, n)]
        The same where plays in the situation asked for count more.
    situation : Situation
    """

    known: Plays
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
        return cls(known, heard, plain, here, situation)

    def ranked(self, row: int, profiles: Profiles) -> tuple[Iterator[tuple[int, float]], dict[int, float]]:
        """Rank what a listener knows, and tell what the situation does to each score, by index."""
        own = self.known.only(row)
        known, place = np.unique(own.items, return_inverse=True)
        last = np.empty(len(known), dtype=np.int64)
        last[place] = own.times  # a history is in the order of time
        kept = ~np.isin(known, profiles.left_out[row])
        if self.situation.allowed is not None:
            kept &= self.situation.allowed[known]
        known = known[kept]
        places, factors = np.searchsorted(self.heard, known), profiles.skipped[row].of(known)
        plain = lower(self.plain[row, places], factors)
        moved = self.situation.lift_known(lower(self.here[row, places], factors), known)
        effects = dict(zip(known.tolist(), (moved - plain).tolist(), strict=True))
        return _ranked(known, moved, last[kept]), effects


def _ranked(known: NDArray[np.int32], scores: Floats, last: Times) -> Iterator[tuple[int, float]]:
    """Rank what a listener knows; what was only ever skipped is not offered again.

    Scores move with the clock and may meet in their last digit: the later play then goes first, as it did before.
    """
    order = np.lexsort((known, -last, -scores))
    order = order[scores[order] > 0]
    return zip(known[order].tolist(), scores[order].tolist(), strict=True)

"""What somebody may like of whom little is known: their profile, and their first likings or answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from ml.models.base import Arrays, TrainingData
from ml.models.charts import KEPT
from ml.models.group_popularity import UNTOLD, Group, GroupPopularity, groups
from ml.models.plays import Floats, Indices, Plays
from ml.models.taste_groups import Shares, TasteGroups


@dataclass
class FirstGuess:
    r"""Score an item by what a listener's taste groups and the people of their country and age like.

    .. math:: p_{ui} \propto \sum_k \pi_k(u)\, q_{ki} \cdot \frac{p_{c(u)a(u)i}}{p_i}

    the first factor by :class:`~ml.models.taste_groups.TasteGroups`, the second by
    :class:`~ml.models.group_popularity.GroupPopularity`, as if the two had nothing to do with each other. Of a
    listener without history only the profile speaks, of one without profile only the history; with neither it is the
    world's popularity. The score is the logarithm of the share.

    Parameters
    ----------
    taste : TasteGroups
        Fitted.
    profile : GroupPopularity
        Fitted on the same items.
    """

    taste: TasteGroups
    profile: GroupPopularity
    name: ClassVar[str] = "first_guess"
    _skews: dict[Group, tuple[Shares, Shares]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary."""
        return self.taste.n_items

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Fit both."""
        self._skews.clear()
        self.taste.fit(data, rng=rng)
        self.profile.fit(data, rng=rng)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        return self.of(history, self.taste.belonging(history), items=items)

    def of(self, history: Plays, belonging: Shares, *, items: Indices | None = None) -> Floats:
        """Score for listeners whose groups are known from elsewhere, such as their answers; as :meth:`score`."""
        shares = self.taste.shares(belonging, items=items)
        scores = np.empty(shares.shape, dtype=np.float32)
        # Row by row, so that what was multiplied is still in the processor's cache when its logarithm is taken.
        for user, group in enumerate(groups(history)):
            share: Shares | Floats = shares[user]
            nearest = self.profile.nearest(group)
            if nearest != ("", UNTOLD):
                skew, sums = self._skew(nearest)
                # What the shares of all items add up to, whichever are asked for.
                total = max(float(belonging[user] @ sums), np.finfo(np.float64).tiny)
                share = share * ((skew if items is None else skew[items]) / total)
            scores[user] = self.taste.logarithm(share)
        return scores

    def _skew(self, group: Group) -> tuple[Shares, Shares]:
        """Give how much more an item is liked by a group than by all, and what that makes of each taste's shares."""
        found = self._skews.get(group)
        if found is None:
            assert self.taste.likings is not None
            world = self.profile.share(("", UNTOLD))
            skew = self.profile.share(group) / np.where(world > 0, world, 1.0)
            found = skew, (self.taste.likings @ skew.astype(np.float32)).astype(np.float64)
            if len(self._skews) >= KEPT:
                # One assignment: another thread goes on with the old ones.
                self._skews = {}
            self._skews[group] = found
        return found

    def arrays(self) -> Arrays:
        """Give nothing: its two models keep their own."""
        return {}

    def restore(self, arrays: Arrays) -> Self:  # noqa: ARG002
        """Take nothing back."""
        return self

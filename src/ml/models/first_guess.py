"""What somebody may like of whom little is known: their profile, and their first likings or answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from ml.models.base import Arrays, TrainingData
from ml.models.group_popularity import UNTOLD, GroupPopularity, groups
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

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary."""
        return self.taste.n_items

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Fit both."""
        self.taste.fit(data, rng=rng)
        self.profile.fit(data, rng=rng)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        return self.of(history, self.taste.belonging(history), items=items)

    def of(self, history: Plays, belonging: Shares, *, items: Indices | None = None) -> Floats:
        """Score for listeners whose groups are known from elsewhere, such as their answers; as :meth:`score`."""
        shares = self.taste.shares(belonging)
        world = self.profile.share(("", UNTOLD))
        asked = [self.profile.nearest(group) for group in groups(history)]
        for group in set(asked) - {("", UNTOLD)}:
            mine = [user for user, each in enumerate(asked) if each == group]
            shares[mine] *= self.profile.share(group) / np.where(world > 0, world, 1.0)
            shares[mine] /= np.maximum(shares[mine].sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        return self.taste.logarithm(shares if items is None else shares[:, items])

    def arrays(self) -> Arrays:
        """Give nothing: its two models keep their own."""
        return {}

    def restore(self, arrays: Arrays) -> Self:  # noqa: ARG002
        """Take nothing back."""
        return self

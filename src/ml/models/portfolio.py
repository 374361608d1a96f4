"""Models that complement each other, weighed by what each of them adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from ml.models import judging
from ml.models.base import Arrays, Model, TrainingData, config_of
from ml.models.blend import Blend
from ml.models.content import Content
from ml.models.dataset import Dataset
from ml.models.ease import EASE
from ml.models.graph_filter import GraphFilter
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.popularity import Popularity
from ml.models.splits import cut
from ml.models.weighing import Worth, collect, weigh

#: Listeners that the weights are learned from, at most.
JUDGES = 3_000


def portfolio_members() -> tuple[Model, ...]:
    """Make the members of the portfolio, not fitted yet: neighbours, linear, spectral, factors, content, popularity."""
    return (ItemKNN(), EASE(), GraphFilter(), ImplicitALS(), Content(), Popularity())


def _alike() -> dict[str, float]:
    return {member.name: 1.0 for member in portfolio_members()}


@dataclass
class Portfolio(Blend):
    """Score an item by the weighted sum of what several models say, with weights learned from the data.

    No one family of models is best everywhere: which is, and what the others add to it, depends on the
    data. A part of the training data is held out, by time where plays have dates, else of each listener's
    items; the members are fitted on the rest, and :mod:`ml.models.weighing` learns their weights on that
    part. A member that adds nothing for sure is off: it is fitted like the others, since a set of models has it
    under its own name, but it is not asked.

    The held-out part is carved out of the training data, so what an evaluation tests on is never looked at.

    Parameters
    ----------
    members : tuple of Model
        With different names.
    weights : mapping of str to float >= 0
        By the members' names; :meth:`fit` learns them anew, whatever they were.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> from ml.models.plays import Plays
    >>> rng = np.random.default_rng(0)
    >>> plays = Plays.of([rng.permutation(np.arange(u % 2, 30, 2))[:10].tolist() for u in range(60)], n_items=30)
    >>> data = TrainingData(plays, csr_matrix((30, 0)), np.full(30, -1))
    >>> model = Portfolio((ItemKNN(), Popularity()), {"item_knn": 1.0, "popularity": 1.0}).fit(data, rng=rng)
    >>> model.weights["item_knn"]
    1.0
    """

    members: tuple[Model, ...] = field(default_factory=portfolio_members)
    weights: Mapping[str, float] = field(default_factory=_alike)
    name: ClassVar[str] = "portfolio"
    worth: Mapping[str, Worth] = field(default_factory=dict, init=False, repr=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn the weights on a held-out part, then fit the members on everything."""
        self.worth = self._weighed(data, rng)
        learned = {name: worth.weight for name, worth in self.worth.items()}
        self.weights = learned or {member.name: 1.0 for member in self.members}
        return super().fit(data, rng=rng)

    def own_arrays(self) -> Arrays:
        """Give what the portfolio learned beside its members, the weights in their order among it."""
        own = super().own_arrays()
        return own | {"weights": np.array([self.weights[member.name] for member in self.members])} if own else {}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        names = [member.name for member in self.members]
        self.weights = dict(zip(names, arrays["weights"].tolist(), strict=True))
        return super().restore(arrays)

    def _weighed(self, data: TrainingData, rng: np.random.Generator) -> Mapping[str, Worth]:
        """Learn what each member is worth; nothing where nothing can be held out."""
        seed = int(rng.integers(2**31))
        # A skip is nothing that a list should foresee.
        liked = replace(data, plays=data.plays.keep(data.plays.weights > 0))
        split, _ = cut(Dataset.of(liked), seed=seed)
        judges = judging.draw_judges(split, JUDGES, rng=np.random.default_rng(seed))
        if not len(judges):
            return {}
        # Copies, so that what they learn on a part goes before the members themselves are fitted.
        members = tuple(type(member)(**config_of(member)) for member in self.members)
        trial = Blend(members, {member.name: 1.0 for member in members})
        trial.fit(split.train.data, rng=np.random.default_rng(seed))
        assert trial.scales is not None
        ballot = collect(members, trial.scales, split, judges)
        del trial, members
        return weigh(ballot, [member.name for member in self.members], rng=np.random.default_rng(seed))

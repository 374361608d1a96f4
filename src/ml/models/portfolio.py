"""Models that complement each other, weighed by what each of them adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ml.metrics.lists import Scores
from ml.models import judging
from ml.models.base import Arrays, Model, TrainingData, config_of
from ml.models.blend import Blend
from ml.models.content import Content
from ml.models.dataset import Dataset, Split
from ml.models.ease import EASE
from ml.models.graph_filter import GraphFilter
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.judging import Task
from ml.models.popularity import Popularity
from ml.models.replay import Replay
from ml.models.slim import SLIM
from ml.models.splits import cut
from ml.models.weighing import Worth, collect, weigh

#: Listeners that the weights are learned from, at most.
JUDGES = 3_000


def portfolio_members(task: Task = "discovery") -> tuple[Model, ...]:
    """Make the members of the portfolio, not fitted yet: one of each family, two of the linear one.

    Where repeats count, what a listener comes back to has a say too.
    """
    again = (Replay(),) if task == "next_listen" else ()
    return (ItemKNN(), EASE(), SLIM(), GraphFilter(), ImplicitALS(), Content(), Popularity(), *again)


def _alike() -> dict[str, float]:
    return {member.name: 1.0 for member in portfolio_members()}


@dataclass
class Portfolio(Blend):
    """Score an item by the weighted sum of what several models say, with weights learned from the data.

    No one family of models is best everywhere: which is, and what the others add to it, depends on the
    data. Weights are learned by :mod:`ml.models.weighing` on the part that the data have put aside for it. Where
    there is none, a part of the plays is held out, by time where plays have dates, else of each listener's
    items, and copies of the members are fitted on the rest first. A member that adds nothing for sure is off: it
    is fitted like the others, since a set of models has it under its own name, but it is not asked.

    Either part belongs to the training data, so what an evaluation tests on is never looked at.

    Parameters
    ----------
    members : tuple of Model
        With different names.
    weights : mapping of str to float >= 0
        By the members' names; :meth:`fit` learns them anew, whatever they were.
    task : str
        What they are learned for.

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
    task: Task = "discovery"
    name: ClassVar[str] = "portfolio"
    #: Its weights are learned without.
    lifts: ClassVar[float] = 1.0
    worth: Mapping[str, Worth] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, members: tuple[Model, ...], *, task: Task = "discovery") -> Self:
        """Take members that all count alike until weights are learned."""
        return cls(members, {member.name: 1.0 for member in members}, task)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn the weights on a held-out part, then fit the members on everything that may be learned from."""
        seed = int(rng.integers(2**31))
        if data.held_out is None:
            self._try(data, seed)
            return super().fit(data, rng=rng)
        for member in self.members:
            member.fit(data, rng=rng)
        split = Dataset.of(data).split_held_out()
        return self.learn(split, self._judges(split, seed), seed=seed)

    def learn(self, split: Split, judges: NDArray[np.integer], *, seed: int) -> Self:
        """Learn the weights of members that are fitted already.

        Parameters
        ----------
        split : Split
            The members were fitted on its training part.
        judges : int [shape=(n,)]
            Listeners to learn from; of none, all members count alike.
        seed : int
            Of the sample that sets the members' scales, and of the intervals.
        """
        self._equal()
        self.calibrate(split.train.data, rng=np.random.default_rng(seed))
        if not len(judges):
            return self
        assert self.scales is not None
        ballot = collect(self.members, self.scales, split, judges, task=self.task)
        self.worth = weigh(ballot, list(self.weights), rng=np.random.default_rng(seed))
        self.weights = {name: worth.weight for name, worth in self.worth.items()}
        return self

    def judge_crosswise(self, split: Split, judges: NDArray[np.integer], *, seed: int) -> dict[str, Scores]:
        """Judge members that are fitted already, each half of the judges by weights that the other half taught.

        The weights that stay are learned from all of them.

        Parameters
        ----------
        split : Split
            The members were fitted on its training part.
        judges : int [shape=(n,)]
        seed : int

        Returns
        -------
        dict
            As :func:`ml.models.judging.judge` gives it.
        """
        found: dict[str, Scores] = {}
        places = np.arange(len(judges))
        for half in (0, 1):
            self.learn(split, judges[places % 2 != half], seed=seed)
            for metric, scores in judging.judge(self, split, judges[places % 2 == half], task=self.task).items():
                found.setdefault(metric, np.empty(len(judges)))[places % 2 == half] = scores
        self.learn(split, judges, seed=seed)
        return found

    def own_arrays(self) -> Arrays:
        """Give what the portfolio learned beside its members, the weights in their order among it."""
        own = super().own_arrays()
        return own | {"weights": np.array([self.weights[member.name] for member in self.members])} if own else {}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        names = [member.name for member in self.members]
        self.weights = dict(zip(names, arrays["weights"].tolist(), strict=True))
        return super().restore(arrays)

    def _judges(self, split: Split, seed: int) -> NDArray[np.int64]:
        return judging.draw_judges(split, JUDGES, task=self.task, rng=np.random.default_rng(seed))

    def _equal(self) -> None:
        self.worth, self.weights = {}, {member.name: 1.0 for member in self.members}

    def _try(self, data: TrainingData, seed: int) -> None:
        """Learn the weights from copies that are fitted on a part; all alike where nothing can be held out."""
        # A skip is nothing that a list should foresee.
        liked = replace(data, plays=data.plays.keep(data.plays.weights > 0))
        split, _ = cut(Dataset.of(liked), seed=seed)
        judges = self._judges(split, seed)
        # Copies, so that what they learn on a part goes before the members themselves are fitted.
        trial = replace(self, members=tuple(type(member)(**config_of(member)) for member in self.members))
        trial._equal()  # noqa: SLF001
        if len(judges):
            for member in trial.members:
                member.fit(split.train.data, rng=np.random.default_rng(seed))
            trial.learn(split, judges, seed=seed)
        self.worth, self.weights = trial.worth, trial.weights

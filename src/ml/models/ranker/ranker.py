"""Candidates of several models, ranked by what followed in a later window of time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from ml.metrics.lists import Scores
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import judging
from ml.models.base import (
    Arrays,
    Model,
    TrainingData,
    arrays_of_members,
    config_of,
    parts_of,
    require_fitted,
    restore_members,
)
from ml.models.blend import Blend
from ml.models.charts import ByChart
from ml.models.dataset import Dataset, Split
from ml.models.judging import Task
from ml.models.plays import Floats, Indices, Plays
from ml.models.popularity import CountryPopularity, RecentPopularity
from ml.models.portfolio import Portfolio, portfolio_members
from ml.models.ranker.candidates import Pairs, candidates
from ml.models.ranker.facts import Facts
from ml.models.ranker.features import ABOUT, features
from ml.models.ranker.trees import Trees
from ml.models.ranker.wish import Wish
from ml.models.replay import Replay
from ml.models.splits import cut

#: Listeners that the trees learn from, at most.
JUDGES = 3_000
#: The metric by which trees stay.
DECIDES = f"ndcg@{judging.K}"
#: Members whose scores many listeners share.
CHARTED = (RecentPopularity, CountryPopularity)
#: Numbers of all members' scores that are held at a time.
SCORES = 1 << 24


def ranker_members(task: Task = "discovery", *, portfolio: bool = False) -> tuple[Model, ...]:
    """Make the members of the ranker, not fitted yet: a blend, its own members, and what is popular now and here.

    Where repeats count, what a listener comes back to has a say too.

    Parameters
    ----------
    task : str
    portfolio : bool
        Whether the blend is the portfolio instead of the hybrid.
    """
    base = Portfolio.of(portfolio_members(task), task=task) if portfolio else Blend()
    replay = (Replay(),) if task == "next_listen" and not portfolio else ()
    return (base, *base.members, RecentPopularity(), CountryPopularity(), *replay)


@dataclass
class Ranker:
    r"""Rank what several models name by the chance that it will be played.

    The best items of the first member, and those of the others that are no part of it, are candidates. Gradient-boosted
    trees estimate for each how likely the listener is to play it, from what every member says, from the item
    (popularity, age, skips) and from the listener's history with its artist. They are grown on a later window
    of time: members that were fitted before it name candidates, and what was played in it are the hits.

    A candidate scores :math:`1 + p`, above everything else, which scores :math:`b / (1 + |b|)` for the first
    member's score b, in its order. Without enough hits to learn from, or where trees add nothing, there are none, and
    the scores are the first member's.

    Parameters
    ----------
    members : tuple of Model
        With different names; the first names most candidates and ranks the rest.
    task : str
        Whether what was heard may be a candidate.
    named, named_by_others : int >= 1
        Candidates of the first member, and of each other that is no part of it.
    rounds : int >= 1
        Trees.
    on_trial : tuple of str
        Members that cost much to ask, and have to be worth it.

    References
    ----------
    Two-stage recommendation as in Covington et al., "Deep neural networks for YouTube recommendations", RecSys 2016.

    Examples
    --------
    Nobody has played anything later: no trees, and the hybrid's order.

    >>> from scipy.sparse import csr_matrix
    >>> data = TrainingData(Plays.of([[0, 1], [0, 1], [2]], n_items=3), csr_matrix((3, 0)), np.full(3, -1))
    >>> model = Ranker().fit(data, rng=np.random.default_rng(0))
    >>> history = Plays.of([[0]], n_items=3)
    >>> model.trees is None, model.score(history).argmax() == model.members[0].score(history).argmax()
    (True, np.True_)
    """

    members: tuple[Model, ...] = field(default_factory=ranker_members)
    task: Task = "discovery"
    named: int = 200
    named_by_others: int = 50
    rounds: int = 150
    on_trial: tuple[str, ...] = ("sequential",)
    name: ClassVar[str] = "hybrid_deep"
    facts: Facts | None = field(default=None, init=False, repr=False)
    trees: Trees | None = field(default=None, init=False, repr=False)
    gain: Interval | None = field(default=None, init=False, repr=False)
    worth: dict[str, Interval] = field(default_factory=dict, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.facts is None else len(self.facts.artists)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Grow the trees on a held-out part, then fit the members on everything that may be learned from."""
        seed = int(rng.integers(2**31))
        if data.held_out is not None:
            self.fit_members(data, seed=seed)
            split = Dataset.of(data).split_held_out()
            judges = self._judges(split, seed)
            self.trees, self.gain, self.worth = None, None, {}
            if len(judges):
                self.judge_crosswise(split, judges, seed=seed)
            return self.take_facts(data)
        # Copies, so that what they learn on a part goes before the members themselves are fitted.
        trial = replace(self, members=_copies(self.members))
        split, _ = cut(Dataset.of(data), seed=seed)
        judges = self._judges(split, seed)
        self.trees, self.gain, self.worth = None, None, {}
        if len(judges):
            trial.fit_members(split.train.data, seed=seed)
            trial.judge_crosswise(split, judges, seed=seed)
            self.trees, self.gain, self.worth = trial.trees, trial.gain, trial.worth
            self.keep({member.name for member in trial.members})
        self.fit_members(data, seed=seed)
        return self.take_facts(data)

    def keep(self, names: Collection[str]) -> None:
        """Let the members go that are not named."""
        self.members = tuple(member for member in self.members if member.name in names)

    def take_facts(self, data: TrainingData) -> Self:
        """Learn about the items, where members are fitted and trees are there or not needed."""
        self.facts = Facts.of(data)
        return self

    def learn(self, split: Split, judges: NDArray[np.integer], *, seed: int) -> Self:
        """Grow the trees of members that are fitted already.

        Parameters
        ----------
        split : Split
            The members were fitted on its training part.
        judges : int [shape=(n,)]
            Listeners to learn from.
        seed : int
        """
        if isinstance(self.members[0], Portfolio):
            # Who teaches the trees teaches the weights: who is judged by them has no part in either.
            self.members[0].learn(split, judges, seed=seed)
        self.take_facts(split.train.data)
        described, hit = self._lessons(split, judges)
        self.trees = Trees.grow(described, hit, self.feature_names, rounds=self.rounds, seed=seed)
        return self

    def judge_crosswise(self, split: Split, judges: NDArray[np.integer], *, seed: int) -> dict[str, Scores]:
        """Judge members that are fitted already, each half of the judges by trees that the other half taught.

        A member on trial goes where doing without it costs nothing for sure, in their order. The half that is judged
        has no say in that either: the half that teaches decides, on halves of its own. The members and trees that stay
        are chosen and grown by all judges; trees go where they are not above the first member for sure.

        Returns
        -------
        dict
            As :func:`ml.models.judging.judge` gives it.
        """
        whole = replace(self)
        self.members, self.worth = whole._try(split, judges, seed)  # noqa: SLF001
        found = whole._crosswise(split, judges, seed)  # noqa: SLF001
        base = self.members[0]
        if isinstance(base, Portfolio):
            plain = base.judge_crosswise(split, judges, seed=seed)
        else:
            plain = judging.judge(base, split, judges, task=self.task)
        self.gain = bootstrap_mean(found[DECIDES], baseline=plain[DECIDES], rng=np.random.default_rng(seed))
        if self.gain.low > 0:
            self.learn(split, judges, seed=seed)
            return found
        self.take_facts(split.train.data).trees = None
        return plain

    def without(self, name: str) -> Self:
        """Copy a ranker without one of its members, and without trees; the others are shared."""
        return replace(self, members=tuple(member for member in self.members if member.name != name))

    def ablate(self, split: Split, judges: NDArray[np.integer], *, seed: int) -> dict[str, Interval]:
        """Tell what each member but the first adds to the others, by NDCG@20 and judged crosswise; change nothing."""
        whole = replace(self, on_trial=())
        found = whole._crosswise(split, judges, seed)  # noqa: SLF001
        names = [member.name for member in self.members[1:]]
        return {name: whole._worth(name, found, split, judges, seed)[1] for name in names}  # noqa: SLF001

    def _try(
        self, split: Split, judges: NDArray[np.integer], seed: int
    ) -> tuple[tuple[Model, ...], dict[str, Interval]]:
        """Tell which members stay by these judges, and what those on trial add; change nothing but the trees."""
        staying, worth = replace(self, on_trial=()), {}
        tried = [member.name for member in self.members[1:] if member.name in self.on_trial]
        if not tried:
            return staying.members, {}
        found = staying._crosswise(split, judges, seed)  # noqa: SLF001
        for name in tried:
            others, worth[name] = staying._worth(name, found, split, judges, seed)  # noqa: SLF001
            if worth[name].low <= 0:
                staying, found = staying.without(name), others
        return staying.members, worth

    def _worth(
        self, name: str, found: dict[str, Scores], split: Split, judges: NDArray[np.integer], seed: int
    ) -> tuple[dict[str, Scores], Interval]:
        others = self.without(name)._crosswise(split, judges, seed)  # noqa: SLF001
        rng = np.random.default_rng(seed)
        return others, bootstrap_mean(found[DECIDES], baseline=others[DECIDES], rng=rng)

    def _crosswise(self, split: Split, judges: NDArray[np.integer], seed: int) -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        places = np.arange(len(judges))
        for half in (0, 1):
            teachers = judges[places % 2 != half]
            ranker = replace(self, members=self._try(split, teachers, seed)[0])
            ranker.learn(split, teachers, seed=seed)
            for metric, scores in judging.judge(ranker, split, judges[places % 2 == half], task=self.task).items():
                found.setdefault(metric, np.empty(len(judges)))[places % 2 == half] = scores
        return found

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What the trees look at, in order."""
        return (*(f"score_{member.name}" for member in self.members), *ABOUT)

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        if self.trees is None:
            return self.members[0].score(history, items=items)
        scores = np.empty((history.n_users, history.n_items), dtype=np.float32)
        for rows in self._stretches(history):
            scores[rows] = self._scored(history.select(rows))
        return scores if items is None else scores[:, items]

    def score_wished(self, history: Plays, wish: Wish) -> tuple[Floats, Floats]:
        """Score everything where some items are wanted more than others, or alone.

        Candidates are, beside those of :meth:`score`, the items that the first member names where it is moved by the
        wish. The odds of a candidate are multiplied; everything else is ranked as the first member has it, moved too.

        Returns
        -------
        plain : float32 [shape=(n_users, n_items)]
            What :meth:`score` gives; of the further candidates too what the trees give them.
        moved : float32 [shape=(n_users, n_items)]
        """
        require_fitted(self, history)
        assert self.trees is not None
        plain = np.empty((history.n_users, history.n_items), dtype=np.float32)
        moved = np.empty_like(plain)
        for rows in self._stretches(history):
            plain[rows], moved[rows] = self._wished(history.select(rows), wish)
        return plain, moved

    def _wished(self, history: Plays, wish: Wish) -> tuple[Floats, Floats]:
        said, usual = self._candidates(history)
        base, heard = said[self.members[0].name], self.task == "next_listen"
        assert not isinstance(base, ByChart)
        suited = wish.move(base, history, heard=heard)
        more = candidates(history, [(wish.only(suited), self.named)], heard=heard)
        pairs = usual.joined(more.within(wish.allowed))
        plain, moved = _squashed(base), _squashed(suited)
        assert self.trees is not None
        chances = self.trees.predict(self._described(history, pairs, said))
        plain[pairs.users, pairs.items] = 1 + chances
        moved[pairs.users, pairs.items] = 1 + wish.likelier(chances, pairs.items)
        return plain, moved

    def rescore(self, history: Plays, items: Indices) -> Floats:
        """Score items as the candidates they are, or would be: what :meth:`score` gives those that are candidates.

        Returns
        -------
        float32 in (1, 2) [shape=(n_users, n)]
            Where there are no trees, those of the first member.
        """
        require_fitted(self, history)
        if self.trees is None:
            return self.members[0].score(history, items=items)
        return (1 + self.trees.predict(self._alone(history, items))).reshape(history.n_users, len(items))

    def contributions(self, history: Plays, items: Indices) -> NDArray[np.float64]:
        """Say what each of :attr:`feature_names` adds to the log odds of items, of one listener; there must be trees.

        Returns
        -------
        float64 [shape=(n, n_features + 1)]
            As :meth:`Trees.contributions <ml.models.ranker.trees.Trees.contributions>`.
        """
        assert self.trees is not None
        return self.trees.contributions(self._alone(history, items))

    def _alone(self, history: Plays, items: Indices) -> Floats:
        """Describe items as the candidates they are, or would be."""
        users = np.repeat(np.arange(history.n_users), len(items))
        pairs = Pairs(users, np.tile(items.astype(np.int64), history.n_users))
        said = {name: scores.ravel() for name, scores in self._ask(history, items).items()}
        assert self.facts is not None
        return features(history, pairs, said, self.facts)

    def own_arrays(self) -> Arrays:
        """Give what the ranker learned beside its members."""
        if self.facts is None:
            return {}
        return self.facts.arrays() | ({} if self.trees is None else {"trees": self.trees.text})

    def own_config(self) -> dict[str, Any]:
        """Give the settings beside the members."""
        return {name: value for name, value in config_of(self).items() if name != "members"}

    def arrays(self) -> Arrays:
        """Give the ranker's own arrays, and those of its members as ``member/array``."""
        return self.own_arrays() | arrays_of_members(self)

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave; members without arrays there stay as they are."""
        restore_members(self, arrays)
        self.facts = Facts(**{name: arrays[name] for name in Facts.__dataclass_fields__})
        self.trees = Trees(arrays["trees"]) if "trees" in arrays else None
        return self

    def shortlist(self, history: Plays) -> tuple[Pairs, Floats]:
        """Name the candidates of each listener, which there must be trees for; everything else scores less than 1.

        Returns
        -------
        Pairs
        float32 in (1, 2) [shape=(n_pairs,)]
            What :meth:`score` gives them.
        """
        require_fitted(self, history)
        assert self.trees is not None
        users, items = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        described = [np.empty((0, len(self.feature_names)), dtype=np.float32)]
        for rows in self._stretches(history):
            some = history.select(rows)
            said, pairs = self._candidates(some)
            users.append(pairs.users + rows[0])
            items.append(pairs.items)
            described.append(self._described(some, pairs, said))
        # Of all at once: the trees' comparisons cost by the column, whatever its length.
        chances = self.trees.predict(np.concatenate(described))
        return Pairs(np.concatenate(users), np.concatenate(items)), 1 + chances

    def _scored(self, history: Plays) -> Floats:
        said, pairs = self._candidates(history)
        plain = said[self.members[0].name]
        assert not isinstance(plain, ByChart)
        assert self.trees is not None
        scores = _squashed(plain)
        scores[pairs.users, pairs.items] = 1 + self.trees.predict(self._described(history, pairs, said))
        return scores

    def _candidates(self, history: Plays) -> tuple[Mapping[str, Floats | ByChart], Pairs]:
        """Ask all members about everything, and let them name candidates."""
        first = self.members[0]
        inside = {first.name, *(member.name for member in parts_of(first))}
        charted = {
            member.name: ByChart(member.charts(history))
            for member in self.members
            if isinstance(member, CHARTED) and member.name not in inside
        }
        asked: Mapping[str, Floats | ByChart] = {**self._ask(history, but=charted), **charted}
        said = {member.name: asked[member.name] for member in self.members}
        named = [(said[first.name], self.named)]
        named += [(scores, self.named_by_others) for name, scores in said.items() if name not in inside]
        return said, candidates(history, named, heard=self.task == "next_listen")

    def _ask(self, history: Plays, items: Indices | None = None, *, but: Collection[str] = ()) -> dict[str, Floats]:
        """Ask each member but some once: a blend is put together from what its members have said."""
        members = [member for member in self.members if member.name not in but]
        said = {m.name: m.score(history, items=items) for m in members if not isinstance(m, Blend)}
        for member in members:
            if isinstance(member, Blend):
                asked = all(part.name in said for part in member.members)
                own = member.combine(said, items=items) if asked else member.score(history, items=items)
                said[member.name] = own
        return {member.name: said[member.name] for member in members}

    def _described(self, history: Plays, pairs: Pairs, said: Mapping[str, Floats | ByChart]) -> Floats:
        assert self.facts is not None
        users, items = pairs.users, pairs.items
        scores = {
            name: each.at(users, items) if isinstance(each, ByChart) else each[users, items]
            for name, each in said.items()
        }
        return features(history, pairs, scores, self.facts)

    def _lessons(self, split: Split, judges: NDArray[np.integer]) -> tuple[Floats, NDArray[np.bool_]]:
        """Describe the judges' candidates, and tell which of them were played."""
        wanted = judging.wanted(split, self.task)
        described, hits = [np.empty((0, len(self.feature_names)), dtype=np.float32)], [np.empty(0, dtype=np.bool_)]
        history = split.train.plays.select(judges)
        for rows in self._stretches(history):
            some = history.select(rows)
            said, pairs = self._candidates(some)
            described.append(self._described(some, pairs, said))
            hits.append(wanted[judges[rows]].toarray()[pairs.users, pairs.items] > 0)
        return np.concatenate(described), np.concatenate(hits)

    def _stretches(self, history: Plays) -> list[NDArray[np.int64]]:
        step = max(1, SCORES // max(1, history.n_items * len(self.members)))
        return [np.arange(first, min(first + step, history.n_users)) for first in range(0, history.n_users, step)]

    def fit_members(self, data: TrainingData, *, seed: int) -> None:
        """Fit the members, each once."""
        wholes = {member.name for each in self.members for member in parts_of(each)}
        for member in self.members:
            # A blend fits its own members, which are the same objects as those beside it.
            if member.name not in wholes:
                member.fit(data, rng=np.random.default_rng(seed))

    def _judges(self, split: Split, seed: int) -> NDArray[np.int64]:
        return judging.draw_judges(split, JUDGES, task=self.task, rng=np.random.default_rng(seed))


def has_trees(model: Model) -> TypeGuard[Ranker]:
    """Tell whether a model's scores of candidates are chances."""
    return isinstance(model, Ranker) and model.trees is not None


def _copies(members: tuple[Model, ...]) -> tuple[Model, ...]:
    """Make members anew, not fitted; those that are part of another stay part of its copy."""
    made: dict[str, Model] = {}
    for member in sorted(members, key=lambda each: len(parts_of(each))):
        settings = config_of(member)
        if "members" in settings:
            settings["members"] = tuple(made[part.name] for part in settings["members"])
        made[member.name] = type(member)(**settings)
    return tuple(made[member.name] for member in members)


def _squashed(scores: Floats) -> Floats:
    squashed: Floats = scores / (1 + np.abs(scores))
    return squashed

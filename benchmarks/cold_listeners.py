"""Listeners left out with their whole histories: what they are offered as they become known, and when asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.extras import missing
from ml.metrics.ranking import recall
from ml.metrics.significance import bootstrap_mean
from ml.models import growing
from ml.models.base import Model, TrainingData
from ml.models.blend import Blend
from ml.models.dataset import Dataset
from ml.models.first_guess import FirstGuess
from ml.models.group_popularity import GroupPopularity
from ml.models.growing import STEPS, Growing, Growth, foreseen
from ml.models.newcomers import Newcomers
from ml.models.onboarding import Answers, Interview
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.ranker import Ranker
from ml.models.taste_groups import TasteGroups
from ml.models.topk import top_k

#: Listeners left out: for the report, and from the rest, to learn the voice's loudness from.
REPORTED, LEARNED = 0.2, 0.15
MOST, LEAST_ITEMS = 600, 12
KNOWN = (0, 1, 2, 3, 5, 8, 13, 21, 34)
#: Questions after which the answers are used; the share of a listener's items that answers come from.
#: Draws of listeners by which the handover is chosen.
DRAWS = 2
ASKED, ANSWERING = (1, 3, 5, 10, 20), 0.75
K = 20

Matrix = NDArray[np.float32]
#: Chooses the next artist for a listener, by number, from the answers so far.
Rule = Callable[[int, Answers], int]


@dataclass(frozen=True)
class Held:
    """Models fitted without the newcomers, and the newcomers."""

    newcomers: Newcomers
    popularity: Model
    group: GroupPopularity
    hybrid: Model
    first: FirstGuess
    growth: Growth
    deep: Model | None

    @classmethod
    def of(cls, data: TrainingData, *, seed: int = 0) -> Held:
        """Learn the loudness from some, then fit everything on all but those that are reported on."""
        share = {"most": MOST, "least_items": LEAST_ITEMS}
        rest, reported = Newcomers.leave_out(data, share=REPORTED, rng=np.random.default_rng(seed), **share)
        fewer, learned = Newcomers.leave_out(rest, share=LEARNED, rng=np.random.default_rng(seed + 1), **share)
        trial = _fitted(Blend(), fewer), _fitted(FirstGuess(TasteGroups(), GroupPopularity()), fewer)
        growth = growing.learn(*trial, learned, rng=np.random.default_rng(0))
        group = _fitted(GroupPopularity(), rest)
        first = FirstGuess(_fitted(TasteGroups(), rest), group)
        deep = None if missing("deep") or not Dataset.of(rest).is_dated else _fitted(Ranker(), rest)
        return cls(reported, _fitted(Popularity(), rest), group, _fitted(Blend(), rest), first, growth, deep)

    @property
    def grown(self) -> Growing:
        """What the engine answers by, from one known item on."""
        return Growing(self.hybrid, self.first, self.growth)


def _fitted(model: Model, data: TrainingData) -> Model:
    return model.fit(data, rng=np.random.default_rng(0))


def handover(data: TrainingData, *, draws: int = DRAWS) -> dict[str, float]:
    """Find from how many known items on the ranker alone is not below the hybrid with its first guess.

    Nobody who is reported on has a part in it: listeners to judge by are left out of the training part again, once for
    each draw, and all models are fitted without them. `handover_at` is the least of the steps at which the mean of the
    ranker's NDCG@10 is not below, neither there nor at any later step.
    """
    share = {"most": MOST, "least_items": LEAST_ITEMS}
    rest, _ = Newcomers.leave_out(data, share=REPORTED, rng=np.random.default_rng(0), **share)
    found: dict[int, list[NDArray[np.float64]]] = {n: [] for n in STEPS}
    for draw in range(draws):
        held = Held.of(rest, seed=100 + draw)
        if held.deep is None:
            return {}
        for n in STEPS:
            history, later = held.newcomers.knowing(n)
            able = np.flatnonzero((np.diff(later.indptr) > 0) & (np.diff(history.counts.indptr) == n))
            history, later = history.select(able), later[able]
            both = [foreseen(model.score(history).copy(), history, later) for model in (held.deep, held.grown)]
            found[n].append(np.array(both))
    numbers, at = {}, STEPS[-1] + 1
    for n in reversed(STEPS):
        deep, grown = np.concatenate(found[n], axis=1)
        numbers |= {f"handover_deep_at_{n}": float(deep.mean()), f"handover_grown_at_{n}": float(grown.mean())}
        gain = bootstrap_mean(deep, baseline=grown, rng=np.random.default_rng(0))
        numbers |= {f"handover_gain_at_{n}_low": gain.low, f"handover_gain_at_{n}_high": gain.high}
        at = n if gain.mean >= 0 and at == _after(n) else at
    return numbers | {"handover_at": float(at)}


def _after(step: int) -> int:
    """Give the next of the steps; one more than the last where there is none."""
    return (*STEPS[1:], STEPS[-1] + 1)[STEPS.index(step)]


def curve(held: Held, prefix: str) -> dict[str, float]:
    """Give NDCG@10 by number of known items, of each model, and how far the grown one is above the others."""
    models = {"popularity": held.popularity, "group": held.group, "hybrid": held.hybrid, "grown": held.grown}
    models |= {} if held.deep is None else {"deep": held.deep}
    numbers: dict[str, float] = {f"{prefix}_listeners": held.newcomers.plays.n_users}
    worst = np.inf
    for n in KNOWN:
        history, later = held.newcomers.knowing(n)
        able = np.flatnonzero((np.diff(later.indptr) > 0) & (np.diff(history.counts.indptr) == n))
        history, later = history.select(able), later[able]
        models["grown"] = held.grown if n else held.group  # to a stranger, the engine answers by the group
        found = {name: foreseen(model.score(history).copy(), history, later) for name, model in models.items()}
        numbers |= {f"{prefix}_{name}_at_{n}": float(each.mean()) for name, each in found.items()}
        for name in ("group", "hybrid"):
            gain = bootstrap_mean(found["grown"], baseline=found[name], rng=np.random.default_rng(0))
            if n and name == "hybrid":
                numbers |= {f"{prefix}_above_hybrid_at_{n}": gain.mean, f"{prefix}_above_hybrid_at_{n}_low": gain.low}
            worst = min(worst, gain.mean)
        if not n:
            gain = bootstrap_mean(found["group"], baseline=found["popularity"], rng=np.random.default_rng(0))
            numbers |= {f"{prefix}_group_above_popularity": gain.mean, f"{prefix}_group_above_popularity_low": gain.low}
    return numbers | {f"{prefix}_least_gain": worst}


def interviews(held: Held, prefix: str, *, seed: int = 0) -> dict[str, float]:
    """Ask by three rules; a seeded three quarters of a listener's items answer, the rest is what lists should hold.

    A listener likes an artist of an item that answers; any other artist is unknown to them. The lists are made in the
    same way whatever the rule.
    """
    taste, newcomers = held.first.taste, held.newcomers
    assert taste.makers is not None
    liked = newcomers.liked.sign().tocoo()
    answering = np.random.default_rng(seed).random(len(liked.row)) < ANSWERING
    says = csr_matrix((np.ones(answering.sum()), (liked.row[answering], liked.col[answering])), shape=liked.shape)
    keep = ~answering
    target = csr_matrix((np.ones(keep.sum()), (liked.row[keep], liked.col[keep])), shape=liked.shape)
    interview = Interview(taste)
    best_known = [int(number) for number in interview.candidates]
    orders = [np.random.default_rng([seed, user]).permutation(best_known) for user in range(says.shape[0])]
    rules: dict[str, Rule] = {
        "information": lambda _, answers: interview.questions(answers, 1)[0][0],
        "popularity": lambda _, answers: best_known[len(answers.asked)],
        "random": lambda user, answers: int(orders[user][len(answers.asked)]),
    }
    asking = Asking(held, interview, says, target)
    before = asking.recall([Answers()] * says.shape[0])
    numbers = {f"{prefix}_unasked_recall": float(np.nanmean(before))}
    found = {name: asking.run(rule) for name, rule in rules.items()}
    for k in ASKED:
        for name, results in found.items():
            numbers |= {f"{prefix}_{name}_{k}_recall": float(np.nanmean(results[k][0]))}
            numbers |= {f"{prefix}_{name}_{k}_liked": results[k][1]}
        for other in ("popularity", "random"):
            own, others = found["information"][k][0], found[other][k][0]
            gain = bootstrap_mean(own, baseline=others, rng=np.random.default_rng(0))
            key = f"{prefix}_above_{other}_{k}"
            numbers |= {key: gain.mean, f"{key}_low": gain.low, f"{key}_high": gain.high}
    return numbers


@dataclass(frozen=True)
class Asking:
    """Interviews with listeners whose answers are known."""

    held: Held
    interview: Interview
    says: csr_matrix
    target: csr_matrix

    def run(self, rule: Rule) -> dict[int, tuple[NDArray[np.float64], float]]:
        """Ask everybody; give recall@20 and the mean number of likings after each number of questions."""
        makers = self.held.first.taste.makers
        assert makers is not None
        own = [set(makers[row.indices].tolist()) for row in self.says]
        answers = [Answers()] * len(own)
        found = {}
        for k in range(1, max(ASKED) + 1):
            answers = [_answered(each, rule(user, each), own[user]) for user, each in enumerate(answers)]
            if k in ASKED:
                found[k] = self.recall(answers), float(np.mean([len(each.liked) for each in answers]))
        return found

    def recall(self, answers: Sequence[Answers]) -> NDArray[np.float64]:
        """Recommend from the answers, as the engine does: the hybrid on what is liked, beside the first guess."""
        makers = self.held.first.taste.makers
        heard = [
            [int(item) for item in row.indices if int(makers[item]) in each.liked]
            for row, each in zip(self.says, answers, strict=True)
        ]
        history = Plays.of(heard, n_items=self.says.shape[1])
        voice = self.held.first.of(history, np.array([self.interview.belonging(each) for each in answers]))
        known = np.diff(history.counts.indptr)
        scores = self.held.hybrid.score(history) + self.held.growth.at(known)[:, None] * voice
        scores[known == 0] = voice[known == 0]
        scores[history.users, history.items] = -np.inf
        return np.asarray(recall(top_k(scores, K)[0], self.target, k=K))


def _answered(answers: Answers, artist: int, own: set[int]) -> Answers:
    if artist in own:
        return Answers((*answers.liked, artist), (), answers.unknown)
    return Answers(answers.liked, (), (*answers.unknown, artist))

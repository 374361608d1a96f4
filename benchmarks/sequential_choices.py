"""What the transformer's defaults were chosen by: one change at a time, on validation parts.

The test parts of ``make bench BENCH_ARGS=sequential`` are looked at by nothing here. MovieLens small goes without each
person's last film, then without five more, and each of the five is foreseen from what came before it (`movielens_…`).
The demo world goes without its last tenth by time, then without the last tenth of the rest (`demo_…`). NDCG@10 of
discoveries, all items ranked. Width 64 and few epochs: what is compared is as small as it may be.

`default` is what the model does by itself: an epoch is taken only where it is above the beginning for sure.
`nothing_learned` has no epochs. All others take the best epoch that there is, sure or not, as `trained` does, so that
what is learned shows: `plain_beginning` draws all weights at random instead of beginning as a factorisation and a mean;
`horizon_1` and `horizon_5` foresee nearer plays than the next 20; `own_pace_1` lets item vectors move as fast as the
rest; `heat_1` begins with larger logits; `attended_3` with less of the history beside the last play; `all_items` tells
what comes from all items instead of 512; `gbce` learns by generalised binary cross entropy; `gated` has the layers of
LiGR; `moments` reads each play with its context tokens: part of the day, weekend, device and activity. `with_item_knn`
adds ten times the score of item neighbours to `default`; `item_knn` and `popularity` stand beside them. `…_at_moments`
foretells the discoveries of each moment by itself, `…_lifted` with the lifts of `ml.models.context` added, `…_told`
with the moment's tokens asked for. `…_low` and `…_high` are the ends of the 95 % bootstrap interval of the difference
from `trained` (`trained_at_moments` for each moment), in pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks import held_out
from benchmarks.context import Question, ask
from benchmarks.sequential import movielens
from benchmarks.sequential_variants import VARIANTS, changed
from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models.base import Model, TrainingData
from ml.models.context import Context, shift
from ml.models.item_knn import ItemKNN
from ml.models.judging import wanted
from ml.models.plays import Floats, Plays
from ml.models.popularity import Popularity
from ml.models.sequential.sequences import Sequences
from ml.models.splits import cut
from ml.models.topk import top_k

K, PLACES, JUDGES = 10, 5, 1_000
SMALL: Mapping[str, Any] = {"embedding_dim": 64, "epochs": 3}
QUICK: Mapping[str, Any] = {"embedding_dim": 16, "epochs": 1}
WITH_KNN = 10.0

Score = Callable[[Plays], Floats]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What is changed: settings of the model, what its modules begin with, or a part of it."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    variant: str | None = None
    is_for_sure: bool = False


CHOICES: Mapping[str, Choice] = {
    "trained": Choice(),
    "default": Choice(is_for_sure=True),
    "nothing_learned": Choice({"epochs": 0}),
    "plain_beginning": Choice(variant="plain"),
    "horizon_1": Choice({"horizon": 1}),
    "horizon_5": Choice({"horizon": 5}),
    "own_pace_1": Choice(constants={"OWN_PACE": 1.0}),
    "heat_1": Choice(constants={"HEAT": 1.0}),
    "attended_3": Choice(constants={"ATTENDED": 3.0}),
    "all_items": Choice({"contenders": 0}),
    "gbce": Choice(variant="gbce"),
    "gated": Choice(variant="gated"),
    "moments": Choice({"context_tokens": True}),
}


@dataclass(frozen=True)
class Part:
    """What is learned from, and what is to be foreseen by whom; moments of which something is told, if there are."""

    data: TrainingData
    asked: list[tuple[Plays, csr_matrix]]
    moments: tuple[Question, ...] = ()

    def measure(self, score: Score) -> Doubles:
        """Give NDCG@10 of discoveries, listener by listener."""
        reached = []
        for history, target in self.asked:
            scores = np.array(score(history), dtype=np.float32)
            scores[history.users, history.items] = -np.inf
            reached.append(ndcg(top_k(scores, K)[0], target, k=K))
        return np.mean(reached, axis=0, dtype=np.float64)


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for where, gather in (("movielens", _movielens), ("demo", _demo)):
        if where == "movielens" and not (held_out.DATA / "movielens_small").is_dir():
            continue
        part = gather()
        reached: dict[str, Doubles] = {}
        for name in CHOICES:
            model = _fitted(part, CHOICES[name], quick)
            reached[name] = part.measure(model.score)
            if name == "default":
                reached |= _beside(part, model)
            if name in ("trained", "moments") and part.moments:
                reached |= _at_moments(part, model, name)
            print(f"{where}_{name} {reached[name].mean():.4f}", flush=True)
        for name, each in reached.items():
            numbers |= {f"{where}_{key}": value for key, value in _numbers(name, each, reached).items()}
    return numbers


def _fitted(part: Part, choice: Choice, quick: bool) -> Any:
    from ml.models.sequential import Sequential
    from ml.models.sequential.progress import Progress

    with ExitStack() as stack:
        stack.enter_context(_beginning(choice.constants))
        if choice.variant is not None:
            stack.enter_context(VARIANTS[choice.variant](part.data.n_items))
        if not choice.is_for_sure:
            stack.enter_context(changed(Progress, {"is_best": _is_best_of_learned}))
        model = Sequential(**{**(QUICK if quick else SMALL), **choice.settings})
        return model.fit(part.data, rng=np.random.default_rng(0))


def _is_best_of_learned(progress: Any) -> bool:
    return not progress.scores or progress.means[-1] == max(progress.means[1:])


@contextmanager
def _beginning(constants: Mapping[str, float]) -> Iterator[None]:
    """Let modules begin otherwise, for a while."""
    from ml.models.sequential import learning, network

    with ExitStack() as stack:
        for name, value in constants.items():
            stack.enter_context(changed(learning if name == "OWN_PACE" else network, {name: value}))
        yield


def _beside(part: Part, model: Any) -> dict[str, Doubles]:
    near = ItemKNN().fit(part.data, rng=np.random.default_rng(0))
    popular = Popularity().fit(part.data, rng=np.random.default_rng(0))
    # Its scores are divided by its width.
    share = WITH_KNN / model.embedding_dim
    return {
        "with_item_knn": part.measure(lambda history: model.score(history) + share * near.score(history)),
        "item_knn": part.measure(near.score),
        "popularity": part.measure(popular.score),
    }


def _at_moments(part: Part, model: Model, name: str) -> dict[str, Doubles]:
    """Foretell the discoveries of each moment: as at any other, with what lifts say of it, and told of it."""
    context = Context().fit(part.data, rng=np.random.default_rng(0))
    plays = part.data.plays
    by_user: dict[int, list[Question]] = {}
    for question in part.moments:
        by_user.setdefault(question.user, []).append(question)
    rows: dict[str, list[float]] = {"at_moments": [], "at_moments_lifted": [], "at_moments_told": []}
    for user, own in by_user.items():
        history = plays.select([user] * len(own))
        told = replace(history, asking=[question.asking for question in own])
        target = csr_matrix(
            (
                np.ones(sum(len(question.new) for question in own)),
                (
                    np.repeat(np.arange(len(own)), [len(question.new) for question in own]),
                    np.concatenate([question.new for question in own]).astype(np.int64),
                ),
            ),
            shape=(len(own), plays.n_items),
        )
        plain, asked = (np.array(model.score(each), dtype=np.float32) for each in (history, told))
        for scores in (plain, asked):
            scores[history.users, history.items] = -np.inf
        lifts = [context.adjust(question.asking).lift for question in own]
        lifted = np.stack([row + shift(row, lift) for row, lift in zip(plain, lifts, strict=True)])
        for kind, scores in zip(rows, (plain, lifted, asked), strict=True):
            rows[kind].append(float(ndcg(top_k(scores, K)[0], target, k=K).mean()))
    return {f"{name}_{kind}": np.array(each) for kind, each in rows.items()}


def _numbers(name: str, each: Doubles, reached: Mapping[str, Doubles]) -> dict[str, float]:
    """Give the mean, and how far it is from that of the trained, with its interval."""
    base = reached["trained_at_moments" if "_at_moments" in name else "trained"]
    if each is base:
        return {name: float(each.mean())}
    gain = bootstrap_mean(each, baseline=base, rng=np.random.default_rng(0))
    return {name: float(each.mean()), f"{name}_low": gain.low, f"{name}_high": gain.high}


def _movielens() -> Part:
    rest = cut(movielens(held_out.DATA / "movielens_small"), "last")[0].train
    whole = Sequences.of(rest.plays)
    asked = []
    for back in range(PLACES, 0, -1):
        history = _without_last(rest.plays, whole, back)
        target = whole.items[whole.indptr[1:] - back]
        rows = np.arange(len(target))
        asked.append((history, csr_matrix((np.ones(len(rows)), (rows, target)), (len(rows), history.n_items))))
    plays = asked[0][0]
    return Part(TrainingData(plays, rest.data.tags, rest.data.artists), asked)


def _without_last(plays: Plays, whole: Sequences, back: int) -> Plays:
    shorter = whole.without_last(np.full(whole.n_users, back, dtype=np.int64))
    ones = np.ones(len(shorter.items), dtype=np.float32)
    return Plays(shorter.indptr, shorter.items, ones, shorter.times, plays.n_items, plays.now)


def _demo() -> Part:
    rest = cut(held_out.demo(), "time")[0].train
    split = cut(rest, "time")[0]
    target = wanted(split, "discovery")
    able = np.flatnonzero((np.diff(target.indptr) > 0) & (np.diff(split.train.plays.counts.indptr) > 0))
    judges = np.sort(np.random.default_rng(0).choice(able, min(JUDGES, len(able)), replace=False))
    chosen = set(judges.tolist())
    later = rest.plays.keep(rest.plays.times >= split.train.plays.now)
    moments = [each for each in ask(split.train.plays, later) if each.user in chosen and each.new]
    return Part(split.train.data, [(split.train.plays.select(judges), target[judges])], tuple(moments))

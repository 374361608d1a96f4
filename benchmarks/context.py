"""What the situation adds to the ranking, on the demo world and on the null world.

Learned from the first nine tenths of the listens, judged on the last tenth: every liked listen there is foretold for
its own moment (activity where it is told, device, hour and weekday by the listener's clock), with the context and
without. `new` ranks all items that the listener had not heard, by the hybrid, `deep_new` the same by `hybrid_deep`;
`known` ranks those that they had, by replay. `…_gain` is NDCG@10 with context less NDCG@10 without, in pairs, a mean
over listeners; `…_low` and `…_high` are the ends of its 95 % bootstrap interval. For `…_unsaid_…` the question
withholds the activity, so that only device and clock speak. For `…_believed_…` the training withholds activities and
devices: what is left are the regions of `ml.features.vocabulary`, from publications, which know nothing of the demo
world's own table. In the null world nothing goes with the situation, and the model has to find that out. `strength_…`
says how far it believes what it learned. `score_ms` is the time that a situation asked for before takes,
`first_score_ms` that of a new one, at 100,000 tracks.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sqlalchemy import select

from benchmarks.target import Target
from ml.data.demo import DemoSize, make_world
from ml.data.ingest.loader import load
from ml.data.schema import subjects
from ml.data.snapshot import take
from ml.data.store import Store, bulk
from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models.asking import Asking
from ml.models.base import Model, TrainingData
from ml.models.blend import Blend
from ml.models.context import Context
from ml.models.context.dimensions import DIMENSIONS, told
from ml.models.dataset import Dataset
from ml.models.plays import Floats, Plays
from ml.models.ranker import Ranker, has_trees
from ml.models.replay import Replay
from ml.models.situations import Situations
from ml.models.topk import top_k
from ml.recommendation_engine.situation import Situation

K, LAST = 10, 0.1
SMALL = DemoSize(listeners=600, tracks=2_000, artists=300, listens=60_000)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
#: An hour that stands for each time of day, a day for working days and the weekend.
HOURS = {"morning": 8, "midday": 12, "afternoon": 16, "evening": 20, "night": 0}
TARGETS = {
    "demo_new_low": Target(at_least=0.0),
    "demo_known_low": Target(at_least=0.0),
    "demo_deep_new_low": Target(at_least=0.0),
    "null_new_low": Target(at_most=0.0),
    "null_new_high": Target(at_least=0.0),
    "null_known_low": Target(at_most=0.0),
    "null_known_high": Target(at_least=0.0),
    "score_ms": Target(at_most=2.0),
}


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name in ("demo", "null"):
        numbers |= {f"{name}_{key}": value for key, value in world(name, SMALL if quick else None).items()}
    return numbers | timed(10_000 if quick else 100_000)


def world(name: str, size: DemoSize | None = None, seed: int = 0) -> dict[str, float]:
    """Measure on one world."""
    dataset = demo(size, null=name == "null", seed=seed)
    plays = dataset.plays
    moment = int(np.quantile(plays.times, 1 - LAST))
    earlier, later = replace(plays.keep(plays.times < moment), now=moment), plays.keep(plays.times >= moment)
    data = replace(dataset.data, plays=earlier)
    rng = np.random.default_rng(0)
    begin = time.perf_counter()
    context = Context().fit(data, rng=rng)
    numbers = {"fit_s": time.perf_counter() - begin}
    untold = replace(data, plays=replace(earlier, situations=None))
    rankers = Rankers(Blend().fit(data, rng=rng), Replay().fit(data, rng=rng))
    questions = ask(earlier, later)
    numbers |= compare(rankers, context, earlier, questions, "")
    deep = Rankers(Ranker().fit(data, rng=rng), None)
    numbers |= compare(deep, context, earlier, questions, "deep_")
    if name == "demo":
        unsaid = [replace(each, asking=replace(each.asking, activity=None)) for each in questions]
        numbers |= compare(rankers, context, earlier, unsaid, "unsaid_")
        said = [each for each in questions if each.asking.activity is not None]
        numbers |= compare(rankers, Context().fit(untold, rng=rng), earlier, said, "believed_")
    strengths = {dimension: found.strength for dimension, found in context.lesson.direct.items()}
    return numbers | {f"strength_{dimension}": strength for dimension, strength in strengths.items()}


def demo(size: DemoSize | None, *, null: bool, seed: int = 0) -> Dataset:
    """Make a world and read it back from a store, with its listeners' countries."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.at(Path(folder))
        load(store, make_world(size, seed=seed, null=null).batches(), draw=random.Random(seed).getrandbits)
        with store.read() as connection:
            countries = dict(bulk.read(connection, select(subjects.c.user_key, subjects.c.country)).iter_rows())
        dataset = Dataset.load(take(store, Path(folder) / "snapshots"), countries=countries).by_history()
        store.close()
        return dataset


@dataclass(frozen=True)
class Rankers:
    """What ranks the new and the known."""

    new: Model
    known: Model | None


@dataclass(frozen=True)
class Question:
    """One listener's moment, and what they liked then: items they had not heard before, and those they had."""

    user: int
    asking: Asking
    new: tuple[int, ...]
    known: tuple[int, ...]


def ask(earlier: Plays, later: Plays) -> list[Question]:
    """Gather the later listens by listener and moment."""
    heard = csr_matrix((np.ones(len(earlier.items)), earlier.items, earlier.indptr), (later.n_users, later.n_items))
    values = told(later)
    moments: dict[tuple[int, ...], tuple[set[int], set[int]]] = {}
    for place in np.flatnonzero(later.weights > 0):
        user, item = int(later.users[place]), int(later.items[place])
        key = (user, *(int(values[name][place]) for name in DIMENSIONS))
        moments.setdefault(key, (set(), set()))[int(heard[user, item] > 0)].add(item)
    return [
        Question(user, _asking(dict(zip(DIMENSIONS, codes, strict=True))), tuple(new), tuple(known))
        for (user, *codes), (new, known) in moments.items()
    ]


def _asking(codes: Mapping[str, int]) -> Asking:
    words = {name: DIMENSIONS[name][code] for name, code in codes.items() if code >= 0}
    hour, day = words.get("time_of_day"), codes["weekday"]
    return Asking(
        activity=words.get("activity"),
        device=words.get("device"),
        hour=None if hour is None else HOURS[hour],
        weekday=None if day < 0 else (0, 5)[day],
    )


def compare(
    rankers: Rankers, context: Context, history: Plays, questions: list[Question], prefix: str
) -> dict[str, float]:
    """Answer every question twice."""
    reached: dict[str, list[tuple[int, float, float]]] = {"new": [], "known": []}
    by_user: dict[int, list[Question]] = {}
    for question in questions:
        by_user.setdefault(question.user, []).append(question)
    for user, own in by_user.items():
        plays = history.only(user)
        if not len(plays.items):
            continue
        reached["new"] += [(user, *pair) for pair in _new(rankers.new, context, plays, own)]
        if rankers.known is not None:
            reached["known"] += [(user, *pair) for pair in _known(rankers.known, context, plays, own)]
    numbers: dict[str, float] = {}
    for kind, rows in reached.items():
        if not rows:
            continue
        users, plain, moved = (np.array(column) for column in zip(*rows, strict=True))
        before, after = _by_user(users, plain), _by_user(users, moved)
        gain = bootstrap_mean(after, baseline=before, rng=np.random.default_rng(0))
        numbers |= {
            f"{prefix}{kind}_ndcg_without": float(before.mean()),
            f"{prefix}{kind}_ndcg_with": float(after.mean()),
            f"{prefix}{kind}_gain": gain.mean,
            f"{prefix}{kind}_low": gain.low,
            f"{prefix}{kind}_high": gain.high,
            f"{prefix}{kind}_listeners": gain.n,
        }
    return numbers


def _new(model: Model, context: Context, plays: Plays, questions: list[Question]) -> list[tuple[float, float]]:
    wanted = [question for question in questions if question.new]
    if not wanted:
        return []
    scores = model.score(plays)[0].copy()
    scores[plays.items] = -np.inf
    plain = top_k(scores[np.newaxis, :], K)[0]
    pairs = []
    for question in wanted:
        situation = _situation(context, question)
        top = plain if situation.lift is None else top_k(_moved(model, situation, plays, scores)[np.newaxis, :], K)[0]
        target = _row(question.new, plays.n_items)
        pairs.append((float(ndcg(plain, target, k=K)[0]), float(ndcg(top, target, k=K)[0])))
    return pairs


def _moved(model: Model, situation: Situation, plays: Plays, scores: Floats) -> Floats:
    """Move scores as the engine does: by their own scale, or where they are chances, by their odds."""
    if has_trees(model):
        moved = situation.score(model, plays)[0][0]
        moved[plays.items] = -np.inf
        return moved
    shifted = situation.shift_new(scores)
    assert shifted is not None
    return scores + shifted


def _known(model: Model, context: Context, plays: Plays, questions: list[Question]) -> list[tuple[float, float]]:
    known = np.unique(plays.items)
    before = model.score(plays, items=known)[0]
    pairs = []
    for question in questions:
        if not question.known:
            continue
        situation = _situation(context, question)
        history = situation.remembered(replace(plays, asking=[question.asking]))
        after = situation.lift_known(model.score(history, items=known)[0], known)
        target = _row(tuple(np.searchsorted(known, question.known).tolist()), len(known))
        plain, moved = (top_k(scores[np.newaxis, :], K)[0] for scores in (before, after))
        pairs.append((float(ndcg(plain, target, k=K)[0]), float(ndcg(moved, target, k=K)[0])))
    return pairs


def _situation(context: Context, question: Question) -> Situation:
    suited = context.adjust(question.asking)
    return Situation(context, suited, suited.lift if suited.lift.any() else None)


def _row(items: tuple[int, ...], n_items: int) -> csr_matrix:
    return csr_matrix((np.ones(len(items)), (np.zeros(len(items), dtype=int), items)), shape=(1, n_items))


def _by_user(users: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    n = np.bincount(users)
    return (np.bincount(users, values) / np.maximum(n, 1))[n > 0]


def timed(n_items: int) -> dict[str, float]:
    """Time a situation at a size: half of the items are heard at work in the morning, half in bed at night."""
    rng = np.random.default_rng(0)
    n_users, n_plays = 2_000, 40
    asleep = rng.random(n_users * n_plays) < 0.5
    items = (rng.integers(0, n_items // 2, len(asleep)) + asleep * (n_items // 2)).astype(np.int32)
    times = np.tile(np.arange(n_plays), n_users) * DAY_MS + np.where(asleep, 23, 9) * HOUR_MS
    heard = Situations.of(["sleep" if each else "work" for each in asleep], [None] * len(asleep))
    names = ("acousticness", "energy", "instrumentalness", "tempo_bpm", "valence")
    features = rng.random((n_items, len(names)), dtype=np.float32)
    features[n_items // 2 :, 1] /= 2
    plays = Plays(
        np.arange(n_users + 1) * n_plays, items, np.ones(len(items), dtype=np.float32), times, n_items, situations=heard
    )
    tags, artists = csr_matrix((n_items, 0), dtype=np.float32), np.arange(n_items, dtype=np.int32)
    data = TrainingData(plays, tags, artists, features=features, feature_names=names)
    context = Context().fit(data, rng=rng)
    scores = rng.random(n_items, dtype=np.float32)
    # The activity, which was learned; the hour, which speaks through it; a mood and an activity nobody told of.
    askings = [Asking(activity="work"), Asking(activity="sleep"), Asking(hour=9), Asking(hour=23)]
    askings += [Asking(activity="workout", mood=mood) for mood in ("happy", "sad", "calm", "angry", "energetic")]
    _ = context.adjust(Asking(hour=9, weekday=2)), context.adjust(Asking(mood="gloomy"))
    first = [_seconds(context, asking, scores) for asking in askings]
    again = [_seconds(context, asking, scores) for asking in askings * 20]
    return {"first_score_ms": 1000 * float(np.median(first)), "score_ms": 1000 * float(np.median(again))}


def _seconds(context: Context, asking: Asking, scores: NDArray[np.float32]) -> float:
    begin = time.perf_counter()
    suited = context.adjust(asking)
    moved = Situation(context, suited, suited.lift).shift_new(scores)
    assert moved is not None
    _ = scores + moved
    return time.perf_counter() - begin

"""How much a situation should move scores: the exponent of `ml.models.context.shifting`, chosen on a world of its own.

A demo world with another seed than the one that is reported on; learned from its first nine tenths, every liked listen
of the last tenth foretold for its own moment, as in `context`. `…_at_e` is NDCG@10 of what the listener had not heard
where chances are taken to fall as the rank to the power of -1/e, by the model named; `…_without` without the context.
`default_share` is the least, over the models, of what the default reaches of the best exponent tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.context import LAST, SMALL, Question, ask, demo
from benchmarks.target import Target
from ml.metrics.ranking import ndcg
from ml.models.blend import Blend
from ml.models.context import Context, shift
from ml.models.context.shifting import EXPONENT
from ml.models.plays import Floats, Plays
from ml.models.popularity import Popularity
from ml.models.topk import top_k

K, SEED = 10, 1
TRIED = (1.0, 2.0, 3.0, 4.0)
MODELS = ("hybrid", "item_knn", "content", "popularity")
TARGETS = {"default_share": Target(at_least=0.98)}


def run(quick: bool) -> dict[str, float]:
    dataset = demo(SMALL if quick else None, null=False, seed=SEED)
    plays = dataset.plays
    moment = int(np.quantile(plays.times, 1 - LAST))
    earlier, later = replace(plays.keep(plays.times < moment), now=moment), plays.keep(plays.times >= moment)
    data = replace(dataset.data, plays=earlier)
    rng = np.random.default_rng(0)
    context = Context().fit(data, rng=rng)
    hybrid = Blend().fit(data, rng=rng)
    members = {member.name: member for member in hybrid.members}
    models = {"hybrid": hybrid, "popularity": Popularity().fit(data, rng=rng), **members}
    reached: dict[str, dict[int, list[float]]] = {}
    for user, questions in _by_user(ask(earlier, later)).items():
        history = earlier.only(user)
        for name in MODELS if len(history.items) else ():
            scores = models[name].score(history)[0].copy()
            scores[history.items] = -np.inf
            for key, value in _foretold(scores, questions, context, history).items():
                reached.setdefault(f"{name}_{key}", {}).setdefault(user, []).append(value)
    numbers = {key: float(np.mean([np.mean(own) for own in each.values()])) for key, each in reached.items()}
    shares = [numbers[f"{name}_at_{EXPONENT:g}"] / max(numbers[f"{name}_at_{e:g}"] for e in TRIED) for name in MODELS]
    return numbers | {"default_share": min(shares)}


def _by_user(questions: list[Question]) -> Mapping[int, list[Question]]:
    found: dict[int, list[Question]] = {}
    for question in questions:
        if question.new:
            found.setdefault(question.user, []).append(question)
    return found


def _foretold(scores: Floats, questions: list[Question], context: Context, history: Plays) -> dict[str, float]:
    """Give one listener's mean NDCG without the context, and by each exponent with it."""
    found: dict[str, list[float]] = {}
    for question in questions:
        lift = context.adjust(question.asking).lift
        target = csr_matrix(
            (np.ones(len(question.new)), (np.zeros(len(question.new), dtype=int), question.new)),
            shape=(1, history.n_items),
        )
        moved = {"without": scores} | {f"at_{e:g}": scores + shift(scores, lift, exponent=e) for e in TRIED}
        for key, each in moved.items():
            top = top_k(each[np.newaxis, :], K)[0]
            found.setdefault(key, []).append(float(ndcg(top, target, k=K)[0]))
    return {key: float(np.mean(each)) for key, each in found.items()}

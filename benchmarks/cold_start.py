"""New items and new listeners: what is offered of whom, or to whom, nobody knows anything yet.

**New items.** A seeded 15 % of the artists of HetRec (`artists_…`) and of the tracks of the demo world (`tracks_…`) are
left out with all their listens; models learn from the rest and know the left-out ones by their attributes (tags; of
tracks also artist, sound and year). `…_recall` is recall@20 where **only the left-out items are candidates**, averaged
over the listeners who like any of them and something else; `…_all_…_recall` is that of the left-out items where
everything is ranked that the listener has not heard, and `…_offered` the share of the left-out items that stand in
anybody's list then. The *popularity* of an item that nobody has heard is zero: all are tied, and ties are broken by
chance, for each listener anew, so that `…_popularity_recall` is about that of chance (`…_random_recall`, exactly).
Two lists that are the same for everybody show how much of it is fame: `…_voices_recall` ranks by how many tags an item
was given, `…_future_recall` by how many listeners it will have, which nobody knows. `artists_own_…` are the same where
a seeded quarter of the listeners judge, and their own tags were left out too.

`warm_…` is what offering them costs listeners of long standing: NDCG@20 of the hybrid less that of the hybrid with
`ials` and without the lift of unheard items, on the sets that defaults are chosen on (`held_out.for_choosing`), and the
share of places that unheard items take.

**New listeners.** A seeded 20 % of the listeners (at most 600, of at least 12 items) are left out with their whole
histories; how loud the first guess is beside the hybrid is learned from another 15 % of the rest. `…_at_n` is NDCG@10
when the first n items they came to are known (on HetRec, which has no dates, n drawn ones), `grown` what the engine
answers, `deep` the ranker of `hybrid_deep` alone; `…_least_gain` is the least by which `grown` is above the group's
popularity or the hybrid alone at any n. `handover_…` is how the number of items was chosen from which `hybrid_deep`
answers by its trees alone: by listeners left out of the rest, twice, and models fitted without these; `handover_at` is
the least n from which the trees are not below.

**Questions.** The left-out listeners of HetRec are asked about k artists, chosen by information gain given the answers
so far, by popularity, or at random, each time among the 300 best known. A seeded three quarters of their artists answer
(liked; all else is unknown), the rest is what recall@20 looks for. `…_liked` is how many were liked on average.

Settings were chosen on listeners and artists drawn with other seeds. The real set is read from `ML_REALDATA` or
`../shared/data`; a quick run takes a small demo world.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from benchmarks import held_out
from benchmarks.cold_items import Unheard, measured
from benchmarks.cold_listeners import DRAWS, Held, curve, handover, interviews
from benchmarks.target import Target
from ml.metrics.significance import bootstrap_mean
from ml.models.base import TrainingData
from ml.models.blend import Blend
from ml.models.content_tower import ContentTower
from ml.models.ials import ImplicitALS
from ml.models.judging import draw_judges, judge, rank
from ml.recommendation_engine.seam import HANDOVER

JUDGES = 2_000
TARGETS = {
    "artists_times_popularity": Target(at_least=3.0),
    "artists_above_content_low": Target(at_least=0.0),
    "tracks_above_content_low": Target(at_least=0.0),
    "hetrec_least_gain": Target(at_least=0.0),
    "demo_least_gain": Target(at_least=0.0),
    # What the engine goes by is what the listeners chose who are left out of the training part.
    "handover_at": Target(at_least=HANDOVER, at_most=HANDOVER),
    "questions_above_random_5_low": Target(at_least=0.0),
    "questions_above_popularity_5_low": Target(at_least=0.0),
}


def run(quick: bool) -> dict[str, float]:
    demo = held_out.demo().by_history().data
    if quick:
        demo = replace(demo, plays=demo.plays.select(np.arange(600)))
    numbers = measured(Unheard.of(demo), "tracks") | warm("demo") | curve(Held.of(demo), "demo")
    numbers |= handover(demo, draws=1 if quick else DRAWS)
    if quick or "hetrec" not in held_out.available():
        return numbers
    return numbers | on_hetrec()


def on_hetrec() -> dict[str, float]:
    folder = held_out.DATA / held_out.FOLDERS["hetrec"]
    whole = held_out.whole_hetrec(folder)
    numbers = measured(Unheard.of(whole), "artists") | warm("hetrec")
    numbers |= without_own_tags(whole)
    held = Held.of(whole)
    return numbers | curve(held, "hetrec") | interviews(held, "questions")


def warm(where: str) -> dict[str, float]:
    """Compare the hybrid with what it was before it offered unheard items."""
    split = held_out.for_choosing(where)
    data = split.train.data
    judges = draw_judges(split, JUDGES, rng=np.random.default_rng(0))
    hybrid = Blend().fit(data, rng=np.random.default_rng(0))
    ials = ImplicitALS().fit(data, rng=np.random.default_rng(0))
    members = tuple(ials if member.name == ContentTower.name else member for member in hybrid.members)
    weights = {ials.name if name == ContentTower.name else name: weight for name, weight in hybrid.weights.items()}
    before = Unlifted(members, weights).calibrate(data, rng=np.random.default_rng(0))
    now, then = (judge(model, split, judges)["ndcg@20"] for model in (hybrid, before))
    gain = bootstrap_mean(now, baseline=then, rng=np.random.default_rng(0))
    heard = np.bincount(data.plays.counts.indices, minlength=data.n_items) > 0
    places = {"now": rank(hybrid, split, judges), "before": rank(before, split, judges)}
    shares = {f"warm_{where}_unheard_places_{name}": float((~heard[found]).mean()) for name, found in places.items()}
    key = f"warm_{where}_above_before"
    return {key: gain.mean, f"{key}_low": gain.low, f"{key}_high": gain.high} | shares


class Unlifted(Blend):
    """The hybrid that lifts nothing."""

    lifts: ClassVar[float] = 1.0


def without_own_tags(whole: TrainingData) -> dict[str, float]:
    """Judge by listeners whose own tags nobody has read: whoever tags an artist mostly listens to them."""
    judges = np.flatnonzero(np.random.default_rng(5).random(whole.plays.n_users) < 0.25)
    data = held_out.whole_hetrec(held_out.DATA / held_out.FOLDERS["hetrec"], without_tags_of=judges)
    found = measured(Unheard.of(data, among=judges), "artists_own")
    kept = ("listeners", "content_recall", "content_tower_recall", "voices_recall")
    return {key: value for key, value in found.items() if key.removeprefix("artists_own_") in kept}

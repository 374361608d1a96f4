"""The models' default settings against their neighbours, on validation sets. No test set is looked at.

Three sets: Gowalla's training part (a tenth of each visitor's places put aside), HetRec's training part (a fifth of
each listener's artists) and the first nine tenths of the demo world (its last tenth put aside). One setting at a time
leaves its default; all that was tried is printed, with its numbers. Everything unheard is ranked for up to 2,000
listeners of a set. `…_share` is the geometric mean, over the sets, of the default's NDCG@20 as a share of the best
NDCG@20 among the settings tried; `…_best_share` is the highest that one and the same setting reaches. `content` is
judged by what it adds to the hybrid. The real sets are read from `ML_REALDATA` or `../shared/data`; where they are
absent, the demo world speaks alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import held_out
from benchmarks.reproduction import SETTINGS
from benchmarks.target import Target
from ml.models.base import Model
from ml.models.blend import WEIGHTS, Blend, default_members
from ml.models.content import Content
from ml.models.content_tower import ContentTower
from ml.models.dataset import Split
from ml.models.graph_filter import GraphFilter
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.judging import draw_judges, judge
from ml.models.popularity import RecentPopularity

Setting = Mapping[str, Any]
Reached = dict[str, float]
Fit = Callable[["Held", Setting], Model]

#: What each setting is compared with, beside its default.
NEARBY: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "item_knn": {
        "shrinkage": (10, 20, 80),
        "neighbours": (50, 200),
        "weighting": ("log", "tfidf"),
        "damping": (0.1, 0.25),
        "asymmetry": (0.4, 0.55, 0.6),
    },
    "ials": {
        "regularization": (3, 5),
        "alpha": (0.02, 0.05, 0.1),
        "exponent": (0.5,),
        "confidence": (0.1,),
        "iterations": (4, 6, 15),
        "popularity": (0.0, 0.2, 0.6),
    },
    "graph_filter": {"damping": (0.2, 0.4), "popularity": (0.2, 0.4), "sharpening": (0.5, 0.75)},
    "content": {"artist_weight": (0.1, 0.5, 0.8), "tags_per_item": (20, 100, 1000)},
    "popularity_recent": {"half_life_days": (7, 90)},
    "content_tower": {"attribute_regularization": (1, 10), "prior_listeners": (0, 3, 10)},
    "hybrid": {"content_tower": (0.25, 1.0, 2.0), "content": (0.0, 0.3, 1.0), "popularity": (0.0, 0.1, 0.3)},
}
#: Settings that only make sense together; the graph filter's are GF-CF, and what suits Gowalla.
TOGETHER: Mapping[str, tuple[Setting, ...]] = {
    "item_knn": ({"weighting": "log", "damping": 0.5, "shrinkage": 20},),
    "graph_filter": (SETTINGS["graph_filter"], SETTINGS["graph_filter_sharp"]),
}
JUDGES, FEW = 2_000, 300
TARGETS = {f"{name}_share": Target(at_least=0.97) for name in NEARBY}


@dataclass(frozen=True)
class Held:
    """A set to choose on."""

    name: str
    split: Split
    judges: NDArray[np.int64]
    members: Mapping[str, Model]

    @classmethod
    def read(cls, name: str, *, judges: int) -> Held:
        """Cut it and fit the hybrid's members with their defaults."""
        split = held_out.for_choosing(name)
        members = {model.name: fitted(model, split) for model in default_members()}
        return cls(name, split, draw_judges(split, judges, rng=np.random.default_rng(0)), members)


def run(quick: bool) -> dict[str, float]:
    names = ["demo"] if quick else held_out.available()
    for absent in sorted(set(held_out.NAMES) - set(names)):
        print(f"{absent} is left out{'' if quick else f': nothing at {held_out.DATA / held_out.FOLDERS[absent]}'}")
    sets = [Held.read(name, judges=FEW if quick else JUDGES) for name in names]
    searches: dict[str, tuple[Fit, list[Held]]] = {
        "item_knn": (lambda held, setting: fitted(ItemKNN(**setting), held.split), sets),
        "ials": (lambda held, setting: fitted(ImplicitALS(**setting), held.split), sets),
        "graph_filter": (lambda held, setting: fitted(GraphFilter(**setting), held.split), sets),
        "content_tower": (
            lambda held, setting: fitted(ContentTower(**setting), held.split),
            [held for held in sets if held.split.train.data.tags.shape[1]],
        ),
        "content": (with_content, [held for held in sets if held.split.train.data.tags.shape[1]]),
        "popularity_recent": (
            lambda held, setting: fitted(RecentPopularity(**setting), held.split),
            [held for held in sets if held.split.train.is_dated],
        ),
        "hybrid": (with_weights, sets),
    }
    numbers = {}
    for name, (fit, where) in searches.items():
        numbers |= summary(name, search(fit, settings(name), where))
    return numbers | alone(sets)


def settings(name: str) -> Iterator[Setting]:
    """Give the default, which is the empty setting, and its neighbours."""
    yield {}
    for key, values in NEARBY[name].items():
        yield from ({key: value} for value in values)
    yield from TOGETHER.get(name, ())


def search(fit: Fit, tried: Iterable[Setting], sets: list[Held]) -> dict[str, Reached]:
    """Judge every setting on every set; NDCG@20 and recall@20 by `set_metric`, under the setting's words."""
    return {
        words(setting): {
            f"{held.name}_{metric.partition('@')[0]}": value
            for held in sets
            for metric, value in judged(fit(held, setting), held).items()
        }
        for setting in tried
    }


def judged(model: Model, held: Held) -> Reached:
    """Average over a set's judges."""
    scores = judge(model, held.split, held.judges)
    return {metric: float(np.nanmean(values)) for metric, values in scores.items()}


def fitted(model: Model, split: Split) -> Model:
    return model.fit(split.train.data, rng=np.random.default_rng(0))


def with_content(held: Held, setting: Setting) -> Model:
    """Make the hybrid with another content model in it."""
    return blended(held, {"content": fitted(Content(**setting), held.split)}, WEIGHTS)


def with_weights(held: Held, setting: Setting) -> Model:
    """Make the hybrid with other weights."""
    return blended(held, {}, {**WEIGHTS, **setting})


def blended(held: Held, other: Mapping[str, Model], weights: Mapping[str, float]) -> Model:
    blend = Blend(tuple({**held.members, **other}[name] for name in WEIGHTS), weights)
    return blend.calibrate(held.split.train.data, rng=np.random.default_rng(0))


def summary(name: str, tried: dict[str, Reached]) -> dict[str, float]:
    """Print all that was tried, best first, and give the default's numbers beside the best."""
    metrics = [metric for metric in tried[words({})] if metric.endswith("_ndcg")]
    best = {metric: max(reached[metric] for reached in tried.values()) for metric in metrics}
    shares = {
        setting: float(np.exp(np.mean([np.log(reached[metric] / best[metric]) for metric in metrics])))
        for setting, reached in tried.items()
    }
    for setting in sorted(shares, key=lambda each: -shares[each]):
        line = "  ".join(f"{metric} {value:.4f}" for metric, value in tried[setting].items())
        print(f"{name:18} {shares[setting]:.4f}  {line}  {setting}", flush=True)
    numbers = {f"{name}_share": shares[words({})], f"{name}_best_share": max(shares.values())}
    for metric, value in tried[words({})].items():
        numbers[f"{name}_{metric}"] = value
        if metric in best:
            numbers[f"{name}_{metric}_best"] = best[metric]
    return numbers


def alone(sets: list[Held]) -> dict[str, float]:
    """Give what `content` and `popularity`, which have no search of their own, reach alone."""
    return {
        f"{name}_alone_{held.name}_ndcg": judged(held.members[name], held)["ndcg@20"]
        for name in ("content", "popularity")
        for held in sets
    }


def words(setting: Setting) -> str:
    """Write a setting down.

    >>> words({"shrinkage": 10}), words({})
    ('shrinkage=10', 'default')
    """
    return " ".join(f"{key}={value}" for key, value in setting.items()) or "default"

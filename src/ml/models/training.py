"""One training run: split, fit, score, fit on everything.

Conventions
-----------
The scores on a card are of the *discovery* task: what a listener heard in training is
left out of the ranking, and what counts is what they heard for the first time afterwards.
All items are ranked, never a sample. The split is by time where listens have dates; else a
fifth of each listener's items, drawn with the seed. The baseline is popularity, and every
model's difference to it has a 95 % interval, paired by listener.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import EmptyWorkspace
from ml.foundation.extras import missing, require
from ml.foundation.progress import OnStep, unwatched
from ml.foundation.settings import Recommendation as Settings
from ml.foundation.steps import step
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import growing, judging
from ml.models.base import Model, TrainingData
from ml.models.blend import Blend
from ml.models.context import Context
from ml.models.dataset import Dataset
from ml.models.files import ModelSet
from ml.models.first_guess import FirstGuess
from ml.models.gate import FEWEST, verdict
from ml.models.group_popularity import GroupPopularity
from ml.models.growing import Growth
from ml.models.making import BySettings, make, members_of, share
from ml.models.newcomers import Newcomers
from ml.models.portfolio import Portfolio
from ml.models.ranker import Ranker
from ml.models.ranker.trees import Trees
from ml.models.sequential import Sequential
from ml.models.splits import cut
from ml.models.taste_groups import TasteGroups
from ml.models.tuned import NOTHING, Tuned

#: Listeners that models are judged by at most, drawn with the seed.
JUDGES = 2_000
#: Listeners left out to learn from what a newcomer is, as a share and at most, and how many items each has at least.
NEWCOMERS, MOST_NEWCOMERS, LEAST_ITEMS = 0.1, 500, 12

#: What every set has beside the models that have members, and their members.
ALWAYS = (
    "popularity",
    "popularity_recent",
    "popularity_by_country",
    "popularity_by_group",
    "taste_groups",
    "replay",
    "item_knn",
    "ials",
    "content",
)


def make_models(settings: Settings, tuned: BySettings | None = None) -> dict[str, Model]:
    """Make the models of a set, not fitted yet; those with members share them with the set."""
    wholes = [Blend.name]
    if settings.portfolio:
        wholes.append(Portfolio.name)
    if settings.deep and not missing("deep"):
        wholes.append(Ranker.name)
    asked_for = (Sequential.name,) if settings.sequential else ()
    parts = (name for whole in wholes for name in members_of(whole, portfolio=settings.portfolio))
    names = dict.fromkeys((*ALWAYS, *asked_for, *parts, *wholes))
    models = {name: make(name, settings, tuned) for name in sorted(names, key=lambda name: name in wholes)}
    ranker = models.get(Ranker.name)
    if isinstance(ranker, Ranker):
        ranker.members += tuple(models[name] for name in ranker.on_trial if name in models)
    share(models)
    return models | {Context.name: Context()}


def train(
    dataset: Dataset,
    settings: Settings,
    *,
    about: Mapping[str, Any],
    tuned: Tuned = NOTHING,
    on_step: OnStep = unwatched,
    judge: bool = True,
    checkpoints: Path | None = None,
) -> ModelSet:
    """Train a set of models.

    Parameters
    ----------
    dataset : Dataset
    settings : ml.foundation.settings.Recommendation
        ``num_factors``, ``half_life_days``, ``portfolio``, ``sequential`` and what belongs to it, and ``seed``.
    about : mapping
        What the card is to say of the data: by convention ``data_hash``, that of the snapshot, and ``read_at``, when
        it was taken from the store, UTC milliseconds.
    tuned : ml.models.tuned.Tuned
        Settings that a search has found. Models are judged with them only on the split that they were found on, else
        with those in force before: the card says which.
    on_step : callable
        Told what is being done, for a progress bar.
    judge : bool
        Whether to score the models on a split first, which fits everything twice.
    checkpoints : Path, optional
        Folder where models that train long remember how far they are, so that a killed training goes on.

    Raises
    ------
    MissingExtra
        If ``settings.sequential`` asks for a model whose libraries are not installed; nothing was fitted then.
    EmptyWorkspace
        If there are fewer than two items. A catalogue that nobody has played yet is enough: its tags and
        descriptions answer what is similar, and the catalogue itself answers a listener without history.
    """
    if dataset.data.n_items < 2:
        raise EmptyWorkspace(
            f"there is too little to learn from: {_counted(dataset.data.n_items)}", "ml import PATH", code="too_little"
        )
    if settings.sequential:
        require("deep")
    if not judge:
        # The deep part learns from what followed, which is not looked at then.
        settings = settings.model_copy(update={"deep": False})
    # The portfolio's weights come from a held-out part too, so that it is not made without one.
    found = _judge(dataset, settings, tuned, on_step, checkpoints) if judge or settings.portfolio else Judged()
    models = make_models(settings, tuned.models)
    portfolio, ranker = models.get(Portfolio.name), models.get(Ranker.name)
    if isinstance(portfolio, Portfolio) and found.weights:
        portfolio.weights = found.weights
    if isinstance(ranker, Ranker):
        ranker.trees = found.trees
        ranker.keep({member.name for member in ranker.members} - found.dropped)
    scores = found.scores if judge else {}
    growth = _grow(dataset, settings, tuned, on_step) if judge else Growth()
    _fit(models, dataset.data, settings, on_step, "fit", checkpoints)
    card = dict(about) | {"seed": settings.seed, "scores": scores, "n_listeners": len(dataset.user_keys)}
    if tuned.models:
        said = {"split": tuned.split, "models": dict(tuned.models), "judged_with_them": found.with_tuned}
        card["tuned"] = said
    card["growth"] = growth.said()
    if found.gain is not None:
        base = Portfolio.name if settings.portfolio else Blend.name
        card["ranker"] = {
            "base": base,
            "above_base": found.gain,
            "in_use": found.trees is not None,
            "worth": found.worth,
        }
    context = models.get(Context.name)
    if isinstance(context, Context):
        card["context"] = context.findings
    card["gate"] = verdict(scores)
    return ModelSet(dataset.item_keys, dataset.kind, models, card)


def _counted(n_items: int) -> str:
    return "one item only" if n_items else "no items"


def _far(on_step: OnStep, verb: str, model: str, how_far: str) -> None:
    on_step(step(f"{verb}_far", model=model, far=how_far))


def _fit(
    models: dict[str, Model],
    data: TrainingData,
    settings: Settings,
    on_step: OnStep,
    verb: str,
    checkpoints: Path | None,
) -> None:
    for model in models.values():
        on_step(step(verb, model=model.name))
        # A generator for each: the order of the models changes none of them.
        rng = np.random.default_rng(settings.seed)
        if isinstance(model, Blend):
            model.calibrate(data, rng=rng)
        elif isinstance(model, Sequential):
            own = partial(_far, on_step, verb, model.name)
            place = None if checkpoints is None else checkpoints / verb
            model.fit(data, rng=rng, on_step=own, checkpoint=place)
        elif isinstance(model, Ranker):
            model.take_facts(data)
        else:
            model.fit(data, rng=rng)


def _grow(dataset: Dataset, settings: Settings, tuned: Tuned, on_step: OnStep) -> Growth:
    """Learn, from listeners left out, how long what their kind listens to keeps a voice beside the hybrid."""
    rng = np.random.default_rng(settings.seed)
    rest, newcomers = Newcomers.leave_out(
        dataset.data, share=NEWCOMERS, most=MOST_NEWCOMERS, least_items=LEAST_ITEMS, rng=rng
    )
    if newcomers.plays.n_users < FEWEST:
        return Growth()
    on_step(step("newcomers"))
    hybrid = make(Blend.name, settings, tuned.models).fit(rest, rng=rng)
    return growing.learn(hybrid, FirstGuess(TasteGroups(), GroupPopularity()).fit(rest, rng=rng), newcomers, rng=rng)


@dataclass(frozen=True)
class Judged:
    """What came of a held-out part.

    Parameters
    ----------
    scores : dict
        Of the card.
    weights : mapping of str to float
        Of the portfolio, by member.
    trees : ml.models.ranker.trees.Trees, optional
        Of the ranker, where they are better than the hybrid for sure.
    gain : Interval, optional
        Mean NDCG of the ranker less that of the hybrid.
    worth : mapping of str to Interval
        What members of the ranker that were on trial add to it.
    with_tuned : bool
        Whether the settings that a search has found were in force.
    """

    scores: dict[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    trees: Trees | None = None
    gain: Interval | None = None
    worth: Mapping[str, Interval] = field(default_factory=dict)
    with_tuned: bool = False

    @property
    def dropped(self) -> set[str]:
        """Members of the ranker that were not worth it."""
        return {name for name, worth in self.worth.items() if worth.low <= 0}


def _judge(dataset: Dataset, settings: Settings, tuned: Tuned, on_step: OnStep, checkpoints: Path | None) -> Judged:
    """Score freshly fitted models on a held-out part; learn the portfolio's weights there too."""
    split, protocol = cut(dataset, seed=settings.seed)
    judges = judging.draw_judges(split, JUDGES, rng=np.random.default_rng(settings.seed))
    if not len(judges):
        return Judged()
    fits = tuned.fits(split)
    models = make_models(settings, tuned.models if fits else None)
    # What suits a situation is no recommender, and judges itself.
    del models[Context.name]
    _fit(models, split.train.data, settings, on_step, "try", checkpoints)
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    weights: Mapping[str, float] = {}
    trees, gain, worth = None, None, {}
    for name, model in models.items():
        on_step(step("judge", model=name))
        if isinstance(model, Portfolio):
            found[name] = model.judge_crosswise(split, judges, seed=settings.seed)
            weights = model.weights
        elif isinstance(model, Ranker):
            found[name] = model.judge_crosswise(split, judges, seed=settings.seed)
            trees, gain, worth = model.trees, model.gain, model.worth
        elif judging.has_a_say(name, dataset, "discovery"):
            found[name] = judging.judge(model, split, judges)
    scores = {name: _summary(each, found["popularity"], protocol, settings.seed) for name, each in found.items()}
    for name in scores.keys() & set(judging.CROSSWISE):
        scores[name]["judged"] = judging.CROSSWISE[name]
    return Judged(scores, weights, trees, gain, worth, fits)


def _summary(
    scores: dict[str, NDArray[np.float64]], baseline: dict[str, NDArray[np.float64]], protocol: str, seed: int
) -> dict[str, Any]:
    about = {"protocol": protocol, "task": "discovery", "n_listeners": len(next(iter(scores.values())))}
    values = {}
    for metric, each in scores.items():
        interval = bootstrap_mean(each, rng=np.random.default_rng(seed))
        gain = bootstrap_mean(each, baseline=baseline[metric], rng=np.random.default_rng(seed))
        values[metric] = {
            "value": interval.mean,
            "ci": [interval.low, interval.high],
            "above_popularity": gain.mean,
            "above_popularity_ci": [gain.low, gain.high],
        }
    return about | values

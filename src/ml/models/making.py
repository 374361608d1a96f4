"""Models by name, with the settings that are in force, not fitted yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.settings import Recommendation as Settings
from ml.models.base import Composite, Model
from ml.models.blend import Blend, default_members
from ml.models.judging import Task
from ml.models.portfolio import Portfolio, portfolio_members
from ml.models.ranker import Ranker, ranker_members
from ml.models.registry import MODELS

#: Settings by the names of models.
BySettings = Mapping[str, Mapping[str, Any]]


def settings_of(name: str, settings: Settings, tuned: BySettings | None = None) -> dict[str, Any]:
    """Give what differs from a model's defaults: what the user set, and on top of it what was found by search."""
    own: BySettings = {
        "popularity_recent": {"half_life_days": settings.half_life_days},
        "ials": {"factors": settings.num_factors},
        "content_tower": {"factors": settings.num_factors},
        "sequential": {
            "embedding_dim": settings.embedding_dim,
            "epochs": settings.epochs,
            "learning_rate": settings.learning_rate,
            "batch_size": settings.batch_size,
            "gradient_accumulation_steps": settings.gradient_accumulation_steps,
            "device": settings.device,
        },
    }
    return {**own.get(name, {}), **(tuned or {}).get(name, {})}


def make(name: str, settings: Settings, tuned: BySettings | None = None, *, task: Task = "discovery") -> Model:
    """Make a model; one that has members makes them with their settings.

    Parameters
    ----------
    name : str
        One of :data:`ml.models.registry.MODELS`.
    settings : ml.foundation.settings.Recommendation
    tuned : mapping of str to mapping, optional
        Settings that a search has found, by model; see :mod:`ml.models.tuned`.
    task : str
        What the portfolio weighs its members for.

    Examples
    --------
    >>> make("ials", Settings(num_factors=16), {"ials": {"alpha": 0.1}})
    ImplicitALS(factors=16, regularization=4.0, alpha=0.1, exponent=1.0, confidence=0.0, ...)
    """
    members = members_of(name, task, portfolio=settings.portfolio)
    if name == Blend.name:
        return Blend(tuple(make(member, settings, tuned) for member in members))
    if name == Portfolio.name:
        return Portfolio.of(tuple(make(member, settings, tuned) for member in members), task=task)
    if name == Ranker.name:
        return Ranker(share({each: make(each, settings, tuned, task=task) for each in members}), task)
    return MODELS[name](**settings_of(name, settings, tuned))


def members_of(name: str, task: Task = "discovery", *, portfolio: bool = False) -> tuple[str, ...]:
    """Name the members of a model, or the model itself where it has none; the ranker may stand on the portfolio.

    >>> members_of("hybrid"), members_of("ease")
    (('item_knn', 'content_tower', 'content', 'popularity'), ('ease',))
    """
    if name == Blend.name:
        return tuple(member.name for member in default_members())
    if name == Portfolio.name:
        return tuple(member.name for member in portfolio_members(task))
    if name == Ranker.name:
        return tuple(member.name for member in ranker_members(task, portfolio=portfolio))
    return (name,)


def share(models: dict[str, Model]) -> tuple[Model, ...]:
    """Let models that are made of others be made of these, so that each is fitted and kept once.

    >>> hybrid, knn = share({"hybrid": make("hybrid", Settings()), "item_knn": make("item_knn", Settings())})
    >>> knn in hybrid.members
    True
    """
    for whole in models.values():
        if isinstance(whole, Composite):
            whole.members = tuple(models.get(member.name, member) for member in whole.members)
    return tuple(models.values())

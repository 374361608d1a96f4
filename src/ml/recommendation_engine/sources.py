"""What each model says of an item, and what the trees of ``hybrid_deep`` made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ml.models.base import Model
from ml.models.blend import Blend
from ml.models.growing import Growing
from ml.models.plays import Floats, Plays
from ml.models.ranker import Ranker
from ml.recommendation_engine.standing import Standing

#: What features of the ranker are about, by the name of a phrase; scores of models as the models are.
ABOUT: Mapping[str, str] = {
    "listeners": "popularity",
    "above_usual_popularity": "popularity",
    "recent": "lately",
    "trend": "lately",
    "skip_rate": "skips",
    "age_days": "age",
    "artist_plays": "artist",
    "artist_share": "artist",
    "artist_skip_rate": "artist",
    "artist_lately": "artist",
    "plays": "habits",
    "distinct_share": "habits",
    "item_plays": "repeats",
}
#: What models go by.
MODELS_ABOUT: Mapping[str, str] = {
    "hybrid": "blend",
    "portfolio": "blend",
    "item_knn": "listeners",
    "ials": "listeners",
    "ease": "listeners",
    "slim": "listeners",
    "bpr": "listeners",
    "graph_filter": "listeners",
    "taste_groups": "group",
    "first_guess": "group",
    "popularity_by_group": "group",
    "content": "content",
    "content_tower": "content",
    "popularity": "popularity",
    "popularity_recent": "lately",
    "popularity_by_country": "country",
    "replay": "repeats",
    "sequential": "sequence",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one model says.

    Parameters
    ----------
    name : str
    score : float
        Its own.
    rank : int or None
        Where it alone would place the item among those that are open; None where the item is not.
    contribution : float or None
        What it adds to the score, or to the log odds where trees rank; None where that cannot be told apart.
    """

    name: str
    score: float
    rank: int | None
    contribution: float | None


def about(feature: str) -> str:
    """Give the phrase for what a feature of the ranker is about.

    >>> about("artist_share"), about("score_item_knn"), about("score_new_model")
    ('artist', 'listeners', 'other')
    """
    if feature.startswith("score_"):
        return MODELS_ABOUT.get(feature.removeprefix("score_"), "other")
    return ABOUT.get(feature, "other")


def grouped(values: Mapping[str, float]) -> dict[str, float]:
    """Add up what features say by what they are about, the strongest first.

    >>> grouped({"recent": 0.5, "artist_plays": -2.0, "trend": 0.25})
    {'artist': -2.0, 'lately': 0.75}
    """
    found: dict[str, float] = {}
    for feature, value in values.items():
        found[about(feature)] = found.get(about(feature), 0.0) + value
    return dict(sorted(found.items(), key=lambda each: -abs(each[1])))


@dataclass(frozen=True)
class Weighed:
    """What models say of an item, and how it became one score.

    Parameters
    ----------
    voices : list of Voice
    factors : dict of str to float
        By what they are about, log odds; empty where no trees rank the item.
    begin : float or None
        The log odds that factors are added to.
    """

    voices: list[Voice]
    factors: dict[str, float]
    begin: float | None = None


def weighed(standing: Standing, index: int) -> Weighed:
    """Take the score of a new item apart."""
    model, asked = standing.question.serving.grown(standing.algorithm), standing.profiles.asked
    item = np.array([index], dtype=np.int32)
    if isinstance(model, Ranker) and model.trees is None:
        model = model.members[0]
    if isinstance(model, Ranker):
        candidate = bool(model.score(asked)[0, index] > 1)
        by_feature: dict[str, float] = {}
        begin = None
        if candidate:
            *values, begin = model.contributions(asked, item)[0].tolist()
            by_feature = dict(zip(model.feature_names, values, strict=True))
        parts: dict[str, float | None] = {each.name: by_feature.get(f"score_{each.name}") for each in model.members}
        voices = [_voice(standing, each, asked, index, parts[each.name]) for each in model.members]
        return Weighed(voices, grouped(by_feature), begin)
    return Weighed([_voice(standing, *each[:1], asked, index, each[1]) for each in _parts(model, asked, index)], {})


def _parts(model: Model, asked: Plays, index: int) -> Iterator[tuple[Model, float]]:
    """Give the models that a score is the sum of, each with what it adds."""
    item = np.array([index], dtype=np.int32)
    if isinstance(model, Growing):
        yield from _parts(model.personal, asked, index)
        loudness = float(model.growth.at(np.diff(asked.counts.indptr))[0])
        if loudness:
            yield model.group, loudness * float(model.group.score(asked, items=item)[0, 0])
    elif isinstance(model, Blend):
        members = {member.name: member for member in model.members}
        for name, scores in model.parts(asked, items=item).items():
            yield members[name], float(scores[0, 0])
    else:
        yield model, float(model.score(asked, items=item)[0, 0])


def _voice(standing: Standing, model: Model, asked: Plays, index: int, contribution: float | None) -> Voice:
    scores: Floats = model.score(asked)[0]
    rank = None
    if np.isfinite(standing.scores[index]):
        others = np.isfinite(standing.scores)
        above = (scores > scores[index]) | ((scores == scores[index]) & (np.arange(len(scores)) < index))
        rank = int(np.count_nonzero(above & others)) + 1
    return Voice(model.name, float(scores[index]), rank, contribution)

"""The statement of the main parameters, made from the models in use and the settings in force (DSA, Article 27).

Conventions
-----------
Nothing here is written by hand but the names of things: what ranks, in which order of importance and how strongly, is
read from the models themselves and from the card of their set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.phrase import Language, spoken
from ml.foundation.settings import Recommendation as Settings
from ml.models.base import Model
from ml.models.blend import Blend
from ml.models.context import Context
from ml.models.context.model import MOOD_SLOPE
from ml.models.growing import STEPS, Growth
from ml.models.ranker import Ranker
from ml.recommendation_engine.explanation_results import MainParameters, Parameter, Signal
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.sources import MODELS_ABOUT, grouped
from ml.recommendation_engine.unprofiled import SAME_TO_ALL
from ml.recommendation_engine.words import chained, say

#: What a listener can do, and how.
CONTROLS: Mapping[str, str] = {
    "dial": "ml recommend LISTENER --familiar 0.5",
    "wishes": "ml recommend LISTENER --context activity=workout --prefer genres=jazz",
    "no_profiling": "ml recommend LISTENER --no-profiling",
    "pause": "ml history pause LISTENER",
    "block": "ml record LISTENER ITEM --event block",
    "undo": "ml undo LISTENER",
    "explain": "ml explain LISTENER ITEM",
}
_SETTINGS = (
    "familiar_ratio",
    "max_per_artist",
    "session_strength",
    "session_half_life_minutes",
    "min_tail_share",
    "profiling",
)


def main_parameters(
    serving: Serving, settings: Settings, name: str, language: Language, notices: tuple[str, ...]
) -> MainParameters:
    """Read the main parameters.

    Parameters
    ----------
    serving : Serving
        What answers now.
    settings : Settings
        In force.
    name : str
        The algorithm that was resolved.
    language : str
    notices : tuple of str
    """
    if not settings.profiling and name not in SAME_TO_ALL:
        name = SAME_TO_ALL[0]
    measure, weights = _weights(serving.model(name))
    signals = [(about, share, say(f"about {about}")) for about, share in weights.items()]
    parameters = [*_settings(settings), *_learned(serving)]
    controls = [(name, how, say(f"control {name}")) for name, how in CONTROLS.items()]
    percents = [
        say("share", about=about, percent=round(100 * share)) for _, share, about in signals if round(100 * share)
    ]
    text = [say("ranks", algorithm=name), say("signals", names=chained("comma", percents))]
    text += [say("param_line", name=key, value=_written(value), about=about) for key, value, about in parameters]
    text.append(say("controls"))
    text += [say("control_line", how=how, about=about) for _, how, about in controls]
    return MainParameters(
        name,
        serving.version,
        measure,
        tuple(Signal(key, spoken(about, language), share) for key, share, about in signals),
        tuple(Parameter(key, value, spoken(about, language)) for key, value, about in parameters),
        tuple(Parameter(key, how, spoken(about, language)) for key, how, about in controls),
        tuple(spoken(each, language) for each in text),
        tuple(spoken(each, language) for each in notices),
    )


def _weights(model: Model) -> tuple[str, dict[str, float]]:
    """Give the shares of what a model goes by, the largest first, and what they are shares of."""
    if isinstance(model, Ranker) and model.trees is None:
        model = model.members[0]
    if isinstance(model, Ranker):
        assert model.trees is not None
        return "gain", _shares(grouped(model.trees.importances()))
    if isinstance(model, Blend):
        return "weight", _shares(grouped({f"score_{name}": weight for name, weight in model.weights.items()}))
    return "alone", {MODELS_ABOUT.get(model.name, "other"): 1.0}


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items() if weight > 0}


def _settings(settings: Settings) -> list[tuple[str, Any, str]]:
    return [(name, getattr(settings, name), say(f"param {name}")) for name in _SETTINGS]


def _learned(serving: Serving) -> list[tuple[str, Any, str]]:
    """Read what the card says of situations and of newcomers."""
    found: list[tuple[str, Any, str]] = []
    trials = serving.models.card.get("context", {})
    for part, trial in trials.get("direct", {}).items():
        # What says nothing itself may speak through the activity that goes with it.
        strength = trial["strength"] or trials.get("through", {}).get(part, {}).get("strength", 0.0)
        found.append((f"context.{part}", float(strength), say("param context", part=say(f"part {part}"))))
    for part, trial in trials.get("boosts", {}).items():
        found.append((f"own_plays.{part}", float(trial["strength"]), say("param own", part=say(f"part {part}"))))
    if Context.name in serving.models.models:
        found.append(("context.mood", MOOD_SLOPE, say("param mood")))
    growth = Growth.of(serving.models.card)
    heard = [step for step, weight in zip(STEPS, growth.weights, strict=False) if weight > 0]
    if heard:
        found.append(("newcomer", heard[-1], say("param newcomer")))
    return found


def _written(value: float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

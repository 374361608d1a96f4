"""The exposure report of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.evaluation.contenders import contenders
from ml.evaluation.exposure_cost import Cost, cost_curve, tail_of
from ml.foundation.counting import number_of
from ml.foundation.settings import Recommendation as Settings
from ml.foundation.steps import step
from ml.models.dataset import Dataset
from ml.models.splits import cut
from ml.recommendation_engine import EngineParts
from ml.recommendation_engine.exposure import ExposureReport, measure_exposure


def report(
    parts: EngineParts,
    dataset: Callable[[str], Dataset],
    settings: Settings,
    *,
    by: str | Path,
    costs: bool,
    on_step: Callable[[str], None],
    **options: Any,
) -> ExposureReport:
    """Measure the lists, and what shares for the tail would cost where that is asked for.

    Parameters
    ----------
    parts : EngineParts
    dataset : callable
        Gives the history of a kind of item.
    settings : ml.foundation.settings.Recommendation
    by, costs, on_step, **options
        As :meth:`ml.app.App.exposure` takes them.
    """
    on_step(step("recommend"))
    found = measure_exposure(parts, by=by, **options)
    if not costs:
        return found
    on_step(step("cut"))
    curve, said = cost(dataset(found.kind), settings, k=found.k, seed=found.seed)
    return replace(found, costs=curve, notices=(*found.notices, said))


def cost(dataset: Dataset, settings: Settings, *, k: int, seed: int) -> tuple[tuple[Cost, ...], str]:
    """Measure what shares for the tail cost the hybrid in accuracy; say how the history was cut."""
    split, said = cut(dataset, seed=seed)
    make = contenders(["hybrid"], split.train, settings, task="discovery", tuned={})["hybrid"]
    model = make().fit(split.train.data, rng=np.random.default_rng(seed))
    found = cost_curve(model, split, tail_of(split.train), k=k, seed=seed)
    return found, f"costs: of the hybrid, discovery, {said}; {number_of(found[0].ndcg.n, 'listener')} judged"

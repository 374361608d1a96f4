"""A lesson as arrays."""

from __future__ import annotations

import numpy as np

from ml.models.base import Arrays
from ml.models.context.dimensions import DIMENSIONS
from ml.models.context.learning import MAIN, Dimension, Lesson
from ml.models.context.trial import Found

_TRIALS = ("direct", "through", "boosts")


def pack(lesson: Lesson) -> Arrays:
    """Give a lesson as arrays; lifts that no answer looks at are left out."""
    arrays: Arrays = {}
    for name, dimension in lesson.dimensions.items():
        # Words are kept with what was learned of them: a later vocabulary may have others.
        arrays[f"{name}_words"] = np.array(DIMENSIONS[name], dtype=np.str_)
        arrays[f"{name}_listens"] = dimension.listens
        arrays[f"{name}_given_{MAIN}"] = dimension.given_main
        if name in lesson.direct and lesson.direct[name].strength > 0:
            arrays[f"{name}_lifts"] = dimension.lifts
        for trial in _TRIALS:
            found: Found | None = getattr(lesson, trial).get(name)
            if found is not None:
                numbers = (found.strength, found.gain, found.low, found.high, found.n_listeners)
                arrays[f"{name}_{trial}"] = np.array(numbers, dtype=np.float64)
    return arrays


def unpack(arrays: Arrays) -> Lesson:
    """Take back what :func:`pack` gave.

    Raises
    ------
    ValueError
        If it was learned in other words than the vocabulary's.
    """
    dimensions = {}
    trials: dict[str, dict[str, Found]] = {trial: {} for trial in _TRIALS}
    for name, words in DIMENSIONS.items():
        if f"{name}_words" not in arrays:
            continue
        if tuple(arrays[f"{name}_words"].tolist()) != words:
            raise ValueError(f"the vocabulary has other words for {name}")
        nothing = np.empty((len(words), 0), dtype=np.float32)
        dimensions[name] = Dimension(
            arrays.get(f"{name}_lifts", nothing), arrays[f"{name}_listens"], arrays[f"{name}_given_{MAIN}"]
        )
        for trial in _TRIALS:
            if f"{name}_{trial}" in arrays:
                strength, gain, low, high, n_listeners = arrays[f"{name}_{trial}"].tolist()
                trials[trial][name] = Found(strength, gain, low, high, int(n_listeners))
    return Lesson(dimensions, **trials)

"""Which models take part in an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.models import judging
from ml.models.base import Model
from ml.models.dataset import Dataset
from ml.models.judging import BASELINES, Task
from ml.models.registry import MODELS
from ml.models.training import make_models


def contenders(
    names: Sequence[str] | None, dataset: Dataset, settings: Settings, *, task: Task
) -> dict[str, Callable[[], Model]]:
    """Give a maker of each model that is asked for, the task's baseline among them.

    Parameters
    ----------
    names : sequence of str, optional
        None is all that the data have something for; see :func:`ml.models.judging.has_a_say`.

    Raises
    ------
    BadInput
        If there is no model of a name.
    """
    known = list(MODELS)
    for name in names or ():
        if name not in known:
            raise BadInput(f"no model is called {name!r}", did_you_mean(name, known))
    if names is not None and not names:
        raise BadInput("no model is named", f"there are {', '.join(known)}")
    chosen = names or [name for name in known if judging.has_a_say(name, dataset, task)]
    return {name: _maker(name, settings) for name in known if name in chosen or name == BASELINES[task]}


def _maker(name: str, settings: Settings) -> Callable[[], Model]:
    """Give what makes a model: as it is trained, where it is part of what `ml train` trains, else by its defaults."""
    return lambda: make_models(settings).get(name) or MODELS[name]()

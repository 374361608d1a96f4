"""Which models take part in an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.models import judging
from ml.models.base import Model
from ml.models.dataset import Dataset
from ml.models.judging import BASELINES, Task
from ml.models.making import BySettings, make
from ml.models.registry import MODELS


def contenders(
    names: Sequence[str] | None,
    dataset: Dataset,
    settings: Settings,
    *,
    task: Task,
    tuned: BySettings | None = None,
) -> dict[str, Callable[[], Model]]:
    """Give a maker of each model that is asked for, the task's baseline among them.

    Parameters
    ----------
    names : sequence of str, optional
        None is all that the data have something for; see :func:`ml.models.judging.has_a_say`.
    dataset : Dataset
    settings : ml.foundation.settings.Recommendation
    task : str
    tuned : mapping of str to mapping, optional
        Settings that a search has found, by model.

    Raises
    ------
    BadInput
        If there is no model of a name.
    """
    require_known(names)
    known = list(MODELS)
    chosen = names or [name for name in known if judging.has_a_say(name, dataset, task)]
    taking_part = [name for name in known if name in chosen or name == BASELINES[task]]
    return {name: partial(make, name, settings, tuned, task=task) for name in taking_part}


def require_known(names: Sequence[str] | None) -> None:
    """Refuse names that no model has.

    Raises
    ------
    BadInput
    """
    for name in names or ():
        if name not in MODELS:
            raise BadInput(f"no model is called {name!r}", did_you_mean(name, list(MODELS)))
    if names is not None and not names:
        raise BadInput("no model is named", f"there are {', '.join(MODELS)}")

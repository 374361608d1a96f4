"""How long a search may go on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Budget(Result):
    """When a search ends.

    Parameters
    ----------
    minutes : float > 0, optional
        In all, shared among the models. A trial that would probably go beyond it is not begun; how long the first
        of a model takes is not known before.
    trials : int >= 1, optional
        Of each model, those of earlier searches counted: the same command again changes nothing.

    Raises
    ------
    BadInput
        If there is no limit, or one that leaves nothing to do.

    Examples
    --------
    >>> str(Budget(minutes=10, trials=20))
    '10 min in all, 20 trials of each model'
    """

    minutes: float | None = None
    trials: int | None = None

    def __post_init__(self) -> None:
        if self.minutes is None and self.trials is None:
            raise BadInput("a search without a budget never ends", "give minutes or trials")
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise BadInput(f"{self.minutes:g} minutes are no time to search in", "give a number above 0")
        if self.trials is not None and self.trials < 1:
            raise BadInput(f"{self.trials} trials are none", "give at least 1")

    def __str__(self) -> str:
        limits = [] if self.minutes is None else [f"{self.minutes:g} min in all"]
        return ", ".join(limits + ([] if self.trials is None else [f"{number_of(self.trials, 'trial')} of each model"]))

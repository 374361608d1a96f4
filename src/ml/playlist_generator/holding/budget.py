"""How long the solvers may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Budget:
    """Seconds for one question, and for all of them together, from now on.

    Parameters
    ----------
    question_s, whole_s : float
    clock : callable
        Gives seconds that only grow.
    """

    question_s: float
    whole_s: float
    clock: Callable[[], float] = time.monotonic
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", self.clock() + self.whole_s)

    @property
    def next_s(self) -> float:
        """What the next question may take; 0 where nothing is left."""
        return max(0.0, min(self.question_s, self._ends - self.clock()))

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.next_s <= 0

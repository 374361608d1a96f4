"""All parts of how well tracks suit a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: How much each part counts; those that were not asked for do not.
WEIGHTS: Mapping[str, float] = {
    "mood": 1.0,
    "activity": 1.0,
    "time_of_day": 0.5,
    "genres": 0.6,
    "tags": 0.8,
    "seeds": 1.2,
    "taste": 0.8,
    "group": 0.8,
    "away": 0.8,
    "list": 1.2,
    # What is not told: to stay in a list that is planned anew, and to be unlike what was skipped, or had lately.
    "stay": 0.5,
    "lately": 1.2,
}
#: Parts that decide what is taken and are no reason to tell.
UNTOLD = frozenset({"stay", "lately"})


@dataclass(frozen=True)
class Fit:
    """How well tracks suit.

    Parameters
    ----------
    parts : mapping of str to float32 in [0, 1] [shape=(n,)]
        By the names of :data:`WEIGHTS`.
    """

    parts: Mapping[str, Floats] = field(default_factory=dict)

    def whole(self, n: int) -> Floats:
        """Give the weighed mean, float32 in [0, 1] [shape=(n,)]; 0.5 where nothing was asked for."""
        if not self.parts:
            return np.full(n, 0.5, dtype=np.float32)
        total = sum(WEIGHTS[name] for name in self.parts)
        found = np.zeros(n, dtype=np.float32)
        for name, part in self.parts.items():
            found += part * np.float32(WEIGHTS[name] / total)
        return found

    def with_part(self, name: str, part: Floats) -> Fit:
        """Add a part."""
        return Fit({**self.parts, name: part})

    def told(self) -> Fit:
        """Leave out what is no reason to tell."""
        return Fit({name: part for name, part in self.parts.items() if name not in UNTOLD})

    @property
    def tells_all(self) -> bool:
        """Whether each part is a reason to tell."""
        return UNTOLD.isdisjoint(self.parts)

    def strongest(self, row: int) -> list[tuple[str, float]]:
        """Name the parts that speak most for a track, the strongest first."""
        told = [(name, float(part[row])) for name, part in self.parts.items()]
        return sorted(told, key=lambda one: -one[1] * WEIGHTS[one[0]])

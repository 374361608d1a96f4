"""What lists of one length cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.flow.arcs import Arc, along, middles

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Lists = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Balance:
    """How much each side of a list counts; they are divided by the sum of those that play a part.

    Parameters
    ----------
    fit : float >= 0
        How well the tracks suit what was asked for.
    flow : float >= 0
        The transitions.
    arc : float >= 0
        How near the energy is to the arc, where there is one.
    """

    fit: float = 0.45
    flow: float = 0.35
    arc: float = 0.20


@dataclass(frozen=True)
class Table:
    """What a list costs: the sum of what its tracks cost where they stand, and its transitions.

    Parameters
    ----------
    places : float32 [shape=(n, m)]
        By position and track.
    steps : float32 [shape=(m, m)]
        From each track to each other.

    Examples
    --------
    >>> table = Table.of(np.array([1, 0.5], np.float32), np.array([[0, 0.2], [0.6, 0]], np.float32), 2)
    >>> [round(float(cost), 4) for cost in table.cost(np.array([[0, 1], [1, 0]]))]
    [0.2281, 0.4031]
    """

    places: Floats
    steps: Floats

    @classmethod
    def of(
        cls,
        fit: Floats,
        transitions: Floats,
        n: int,
        *,
        energy: Floats | None = None,
        arc: Arc | None = None,
        balance: Balance | None = None,
    ) -> Table:
        """Put together what lists of ``n`` tracks cost.

        Parameters
        ----------
        fit : float32 in [0, 1] [shape=(m,)]
        transitions : float32 in [0, 1] [shape=(m, m)]
        n : int >= 1
        energy : float32 in [0, 1] [shape=(m,)], optional
            Within what is considered; needed where there is an arc. NaN is as far from any arc as half its range.
        arc : str or tuple of float, optional
        balance : Balance, optional
        """
        balance = balance or Balance()
        whole = balance.fit + balance.flow * (n > 1) + balance.arc * (arc is not None)
        whole = whole or 1.0
        places = np.repeat(((1 - fit) * np.float32(balance.fit / whole / n))[None, :], n, axis=0)
        if arc is not None:
            if energy is None:
                raise ValueError("an arc is of energy, and none is given")
            away = np.abs(energy[None, :] - along(arc, middles(n))[:, None])
            away = np.where(np.isfinite(away), away, np.float32(0.5))
            places = places + away * np.float32(balance.arc / whole / n)
        steps = transitions * np.float32(balance.flow / whole / max(n - 1, 1))
        return cls(places.astype(np.float32), steps.astype(np.float32))

    @property
    def n(self) -> int:
        """Tracks of a list."""
        return len(self.places)

    def cost(self, lists: Lists) -> Doubles:
        """Give what lists cost, float64 [shape=(k,)], for ``lists`` [shape=(k, n)]."""
        cost = self.places[np.arange(self.n)[None, :], lists].sum(axis=1, dtype=np.float64)
        if self.n > 1:
            cost += self.steps[lists[:, :-1], lists[:, 1:]].sum(axis=1, dtype=np.float64)
        return np.asarray(cost)

    def cost_by_replacing(self, one: Lists) -> Doubles:
        """Give what a list costs with any one of its tracks replaced by any other, float64 [shape=(n, m)]."""
        own = self.places[np.arange(self.n), one]
        change = self.places.astype(np.float64) - own[:, None]
        if self.n > 1:
            step = self.steps[one[:-1], one[1:]]
            change[1:] += self.steps[one[:-1], :] - step[:, None]
            change[:-1] += self.steps[:, one[1:]].T - step[:, None]
        return np.asarray(change + self.cost(one[None, :])[0])

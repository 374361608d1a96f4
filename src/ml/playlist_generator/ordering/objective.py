"""What a search makes small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

Doubles = NDArray[np.float64]
Lists = NDArray[np.integer]

#: What one broken rule weighs: more than the best list could cost less than the worst.
BROKEN = 2.0
#: A change has to be worth this much; less is rounding.
LEAST = 1e-6


class Term(Protocol):
    """Something else that lists cost, such as being unfair; never less than 0."""

    def cost(self, lists: Lists) -> Doubles:
        """Give what lists [shape=(k, n)] cost, float64 [shape=(k,)]."""

    def cost_by_replacing(self, one: Lists) -> Doubles:
        """Give what a list costs with any one track replaced by any other, float64 [shape=(n, m)]."""


@dataclass(frozen=True)
class Objective:
    """What is made small.

    Parameters
    ----------
    table : Table
    rules : Rules
    terms : sequence of Term
    """

    table: Table
    rules: Rules
    terms: Sequence[Term] = ()

    def worth(self, lists: Lists) -> Doubles:
        """Give what lists [shape=(k, n)] cost, broken rules included, float64 [shape=(k,)]."""
        found = self.table.cost(lists) + BROKEN * self.rules.broken(lists)
        for term in self.terms:
            found = found + term.cost(lists)
        return np.asarray(found)

    def worth_by_replacing(self, one: Lists) -> Doubles:
        """Give the same of a list with any one track replaced by any other, float64 [shape=(n, m)].

        To put in what is there already is not a change: it counts as infinite.
        """
        found = self.table.cost_by_replacing(one) + BROKEN * self.rules.broken_by_replacing(one)
        for term in self.terms:
            found = found + term.cost_by_replacing(one)
        found[:, one] = np.inf
        return np.asarray(found)

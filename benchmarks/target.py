"""What a number should reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on one number; either side may be open.

    >>> Target(at_most=100).judge(99.0), Target(at_least=100).judge(99.0), Target().judge(1.0)
    ('yes', 'no', '')
    >>> str(Target(at_least=100_000)), str(Target())
    ('≥ 100,000', '')
    """

    at_most: float | None = None
    at_least: float | None = None

    def judge(self, value: float) -> str:
        """Say whether a value reaches the target; nothing where there is none."""
        if self.at_most is None and self.at_least is None:
            return ""
        above = self.at_least is None or value >= self.at_least
        below = self.at_most is None or value <= self.at_most
        return "yes" if above and below else "no"

    def __str__(self) -> str:
        bounds = [("≥", self.at_least), ("≤", self.at_most)]
        return " and ".join(f"{sign} {bound:,.10g}" for sign, bound in bounds if bound is not None)

"""What a report has of an experiment that is no split."""

from __future__ import annotations

from dataclasses import dataclass

from ml.experiments.interleaving import Preference
from ml.experiments.off_policy import PolicyValue
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Preferred(Result):
    """Which of two interleaved rankings listeners prefer, by one metric.

    Parameters
    ----------
    metric : str
    role : str
        ``"decides"`` or ``"told"``.
    preference : ml.experiments.interleaving.Preference
        A listener is one voice: for the ranking from which more of the items came that the metric counts.
    """

    metric: str
    role: str
    preference: Preference


@dataclass(frozen=True, slots=True)
class Policy(Result):
    """What a bandit's listeners would have earned, all of them given one variant.

    Parameters
    ----------
    variant : str
    probability : float
        To be drawn now.
    ips, snips, dr : ml.experiments.off_policy.PolicyValue
        With bootstrap intervals, which are those of one look.
    """

    variant: str
    probability: float
    ips: PolicyValue
    snips: PolicyValue
    dr: PolicyValue

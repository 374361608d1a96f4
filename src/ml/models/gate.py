"""Whether a set of models is good enough to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml.foundation.results import Result

#: What has to beat the baseline, and by which metric.
CANDIDATE, METRIC = "hybrid", "ndcg@20"
#: Fewer judges say nothing, whatever their interval: of one, it has no width.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Verdict(Result):
    """What the gate says of a set.

    Parameters
    ----------
    passed : bool or None
        None where nothing was measured.
    why : str
    """

    passed: bool | None
    why: str


def measured_by(scores: Mapping[str, Any]) -> dict[str, float]:
    """Give the numbers of a verdict: ``by``, ``low``, ``high`` and ``listeners``; none where nothing was held out.

    Parameters
    ----------
    scores : mapping
        As of :func:`verdict`.
    """
    if CANDIDATE not in scores:
        return {}
    found = scores[CANDIDATE][METRIC]
    low, high = found["above_popularity_ci"]
    return {"by": found["above_popularity"], "low": low, "high": high, "listeners": scores[CANDIDATE]["n_listeners"]}


def verdict(scores: Mapping[str, Any]) -> Verdict:
    """Let a set pass if the hybrid beats popularity on the held-out part, the interval excluding zero.

    Where too few listeners could judge, nothing is said, and the set is put into use.

    Parameters
    ----------
    scores : mapping
        Of a set's card; see :mod:`ml.models.training`.

    Examples
    --------
    >>> measured = {"above_popularity": 0.02, "above_popularity_ci": [-0.01, 0.05]}
    >>> verdict({"hybrid": {"n_listeners": 40, "ndcg@20": measured}}).passed
    False
    """
    if CANDIDATE not in scores:
        return Verdict(None, "not measured: nothing was held out")
    measured, listeners = scores[CANDIDATE][METRIC], scores[CANDIDATE]["n_listeners"]
    if listeners < FEWEST:
        return Verdict(
            None, f"not judged: {listeners:,} of the {FEWEST} listeners that it takes had anything to foresee"
        )
    low, high = measured["above_popularity_ci"]
    gain = f"{CANDIDATE} is {measured['above_popularity']:+.4f} {METRIC} from popularity ({low:+.4f} … {high:+.4f}"
    gain += f", {listeners:,} listeners)"
    if low > 0:
        return Verdict(True, gain)
    return Verdict(False, f"{gain}: that is not better for sure")

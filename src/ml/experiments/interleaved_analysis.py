"""Everything that can be said of two rankings in one list.

Conventions
-----------
Listeners count when their window is over, each with one voice (:mod:`ml.experiments.credits`). The share of the second
ranking among those who are for either has an always-valid p-value and interval; so the report may be read every day.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from ml.experiments.analysis import Arm, Day, Report, moments, waiting_notices
from ml.experiments.cohort import DAY_MS, Cohort
from ml.experiments.comparison import Integers
from ml.experiments.credits import voices
from ml.experiments.decision import DECIDES, TOLD, Decision, Reason
from ml.experiments.interleaving import Preference, compare
from ml.experiments.registry import RUNNING, Experiment
from ml.experiments.results import Preferred
from ml.foundation.counting import number_of


def report(connection: Connection, experiment: Experiment, *, now: int | None = None) -> Report:
    """Say everything that can be said; see :func:`ml.experiments.reading.report`."""
    definition = experiment.definition
    read_at, until = moments(experiment, now)
    cohort = Cohort.read(connection, experiment, until)
    n, counted = len(cohort.users), int(cohort.counted.sum())
    arms = tuple(Arm(variant.name, 0.5, n, counted) for variant in definition.variants)
    found: list[Preferred] = []
    days: tuple[Day, ...] = ()
    for metric in definition.metrics:
        each = voices(connection, experiment, metric.name, cohort)
        role = TOLD if found else DECIDES
        found.append(Preferred(metric.name, role, compare(each, alpha=definition.alpha)))
        if role == DECIDES:
            days = _days(experiment, cohort, each, until)
    names = (definition.variants[0].name, definition.variants[1].name)
    decision = decide(found[0].preference, names, definition.metric.name, running=experiment.state == RUNNING)
    notices = waiting_notices(experiment, n - counted)
    return Report(experiment, read_at, arms, None, (), days, decision, notices, tuple(found))


def decide(found: Preference, names: tuple[str, str], metric: str, *, running: bool) -> Decision:
    """Say what should be done.

    Parameters
    ----------
    found : Preference
    names : tuple of str
        Of the first and the second ranking.
    metric : str
    running : bool

    Examples
    --------
    >>> decide(compare([1] * 70 + [-1] * 30), ("A", "B"), "clicks", running=True).words
    'ship B: 70.0% of the listeners whose clicks favour either prefer it (54.3% … 83.1%)'
    """
    voiced = found.first + found.second
    if found.p_value <= 1 - found.level:
        second = found.share > 0.5
        share, low, high = (
            (found.share, found.low, found.high) if second else (1 - found.share, 1 - found.high, 1 - found.low)
        )
        numbers = {"share": share, "low": low, "high": high}
        because = (Reason("preferred", {"variant": names[1] if second else names[0], "metric": metric, **numbers}),)
        said = f"{share:.1%} of the listeners whose {metric} favour either prefer it ({low:.1%} … {high:.1%})"
        if second:
            return Decision("ship", names[1], f"ship {names[1]}: {said}", because)
        return Decision("stop", names[0], f"stop, and keep {names[0]}: {said}", because)
    if not voiced:
        reason = Reason("unvoiced", {"metric": metric})
        reach = f"no listener's {metric} favour either ranking yet"
    else:
        by = f"{found.share:.1%} of {number_of(voiced, 'listener')} ({found.low:.1%} … {found.high:.1%})"
        numbers = {"share": found.share, "low": found.low, "high": found.high, "n": float(voiced)}
        reason = Reason("chance", {"variant": names[1], **numbers})
        reach = f"{names[1]} is preferred by {by}, which may be chance"
    words = f"{'keep running' if running else 'it ended too soon to tell'}: {reach}"
    return Decision("continue", None, words, (reason,) if running else (Reason("soon"), reason))


def _days(experiment: Experiment, cohort: Cohort, found: Integers, until: int) -> tuple[Day, ...]:
    """Give what was known at the end of each day on which anybody was for either: the share above one half."""
    look, days = cohort.look[cohort.counted], []
    name = experiment.definition.variants[1].name
    for number in range(cohort.n_looks):
        known = compare(found[look <= number], alpha=experiment.definition.alpha)
        if known.first + known.second:
            at = min(until, cohort.began + (number + 1) * DAY_MS)
            ends = (known.share - 0.5, known.low - 0.5, known.high - 0.5)
            days.append(Day(name, at, int(np.count_nonzero(look <= number)), *ends, known.p_value))
    return tuple(days)

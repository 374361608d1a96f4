"""Everything that can be said of an experiment now.

Conventions
-----------
- A listener counts when their window is over, and in the order in which that happens; who is still within it waits.
- What an experiment measures ends when it is stopped: windows that were open then do not count.
- Levels are shared out: ``alpha`` among the variants for the metric that decides, and once more among the guardrails.
  Metrics that are only told have ``alpha`` among the variants each.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from ml.experiments.cohort import DAY_MS, Cohort, window_ms
from ml.experiments.comparison import Arms, Course, Integers, course
from ml.experiments.counts import mismatch_p_value
from ml.experiments.decision import DECIDES, GUARDRAIL, TOLD, Comparison, Decision, broken, compared, decide, standing
from ml.experiments.definition import Definition, Metric
from ml.experiments.registry import RUNNING, Experiment
from ml.experiments.results import Policy, Preferred
from ml.experiments.sequential import Floats, Looks
from ml.experiments.sql import Stretch, per_listener
from ml.foundation.counting import number_of
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Arm(Result):
    """A variant's listeners.

    Parameters
    ----------
    variant : str
    expected : float
        Share by the weights.
    exposed : int
        Given the variant.
    counted : int
        Of them, those whose window is over.
    """

    variant: str
    expected: float
    exposed: int
    counted: int


@dataclass(frozen=True, slots=True)
class Day(Result):
    """What was known at the end of a day, of the metric that decides.

    Parameters
    ----------
    variant : str
    at : int
        UTC milliseconds.
    n : int
        Listeners of variant and control.
    difference, low, high, p_value : float
    """

    variant: str
    at: int
    n: int
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Report(Result):
    """What can be said of an experiment.

    Parameters
    ----------
    experiment : Experiment
    read_at : int
        UTC milliseconds.
    arms : tuple of Arm
    mismatch_p_value : float or None
        Always valid; below :data:`ml.experiments.counts.MISMATCH` nothing else can be trusted. None where there is no
        split to check: everybody has both rankings, or a bandit draws.
    comparisons : tuple of Comparison
    course : tuple of Day
    decision : Decision
    notices : tuple of str
    preferences : tuple of Preferred
        Of an interleaved experiment.
    policies : tuple of Policy
        Of a bandit.
    """

    experiment: Experiment
    read_at: int
    arms: tuple[Arm, ...]
    mismatch_p_value: float | None
    comparisons: tuple[Comparison, ...]
    course: tuple[Day, ...]
    decision: Decision
    notices: tuple[str, ...] = ()
    preferences: tuple[Preferred, ...] = ()
    policies: tuple[Policy, ...] = ()


def report(connection: Connection, experiment: Experiment, *, now: int | None = None) -> Report:
    """Say everything that can be said of a split; see :func:`ml.experiments.reading.report`."""
    definition = experiment.definition
    read_at, until = moments(experiment, now)
    cohort = Cohort.read(connection, experiment, until)
    arms = _arms(definition, cohort)
    mismatch = _mismatch(definition, cohort)
    comparisons: list[Comparison] = []
    days: list[Day] = []
    for metric, role in _roles(definition):
        y, x = _values(connection, experiment, metric, cohort, until)
        for place in range(1, len(definition.variants)):
            found = _compared(cohort, y, x, place)
            judged = found.judged(alpha=_level(definition, role), planned=_planned(definition, place))
            comparisons.append(_comparison(definition, metric, role, place, found, judged))
            if role == DECIDES:
                n, difference = found.n.sum(axis=0), found.difference
                days += days_of(definition, cohort, place, n=n, difference=difference, judged=judged, until=until)
    running = experiment.state == RUNNING
    decision = decide(comparisons, mismatch=mismatch, min_effect=definition.min_effect, running=running)
    return Report(
        experiment,
        read_at,
        arms,
        mismatch,
        tuple(comparisons),
        tuple(days),
        decision,
        waiting_notices(experiment, sum(arm.exposed - arm.counted for arm in arms)),
    )


def moments(experiment: Experiment, now: int | None) -> tuple[int, int]:
    """Give when a report is read, and until when what happened counts, UTC milliseconds."""
    read_at = time.time_ns() // 1_000_000 if now is None else now
    return read_at, read_at if experiment.stopped_at is None else min(read_at, experiment.stopped_at)


def _roles(definition: Definition) -> list[tuple[Metric, str]]:
    guards = [(each.metric, GUARDRAIL) for each in definition.guardrails]
    return [(definition.metric, DECIDES), *guards, *((each, TOLD) for each in definition.others)]


def _level(definition: Definition, role: str) -> float:
    share = definition.alpha / (len(definition.variants) - 1)
    return share / len(definition.guardrails) if role == GUARDRAIL else share


def _planned(definition: Definition, place: int) -> float:
    """Give how many listeners control and variant should have together."""
    weights = [variant.weight for variant in definition.variants]
    return definition.planned_listeners * (weights[0] + weights[place]) / sum(weights)


def _arms(definition: Definition, cohort: Cohort) -> tuple[Arm, ...]:
    total = sum(variant.weight for variant in definition.variants)
    found = []
    for place, variant in enumerate(definition.variants):
        mine = cohort.variant == place
        counted = int((mine & cohort.counted).sum())
        found.append(Arm(variant.name, variant.weight / total, int(mine.sum()), counted))
    return tuple(found)


def _mismatch(definition: Definition, cohort: Cohort) -> float:
    """Test the split after each listener who came in."""
    if not len(cohort.users):
        return 1.0
    weights = [variant.weight for variant in definition.variants]
    came = cohort.variant[:, None] == np.arange(len(weights))
    return mismatch_p_value(came.cumsum(axis=0), weights)


def _values(
    connection: Connection, experiment: Experiment, metric: Metric, cohort: Cohort, until: int
) -> tuple[Floats, Floats]:
    """Count a metric after the exposures and before [each of shape=(n_counted,)]."""
    window = window_ms(experiment.definition)
    users = cohort.users[cohort.counted].tolist()
    found = []
    for before in (False, True):
        values = per_listener(connection, metric.statement, Stretch(experiment.id, window, until, before))
        found.append(np.array([values.get(user, 0.0) for user in users], dtype=np.float64))
    return found[0], found[1]


def _compared(cohort: Cohort, y: Floats, x: Floats, place: int) -> Course:
    variant, look = cohort.variant[cohort.counted], cohort.look[cohort.counted]
    mine = (variant == 0) | (variant == place)
    return course(Arms(variant[mine] == place, look[mine], y[mine], x[mine], cohort.n_looks))


def _comparison(
    definition: Definition, metric: Metric, role: str, place: int, found: Course, judged: Looks
) -> Comparison:
    n_control, n_variant = (int(n) for n in found.n[:, -1])
    mean = float(found.control_mean[-1]) if n_control else 0.0
    difference, low, high = (float(each[-1]) for each in (found.difference, judged.low, judged.high))
    if role == GUARDRAIL:
        tolerance = next(each.tolerance for each in definition.guardrails if each.metric == metric)
        is_broken = broken(low, high, rises=metric.rises, tolerated=tolerance * abs(mean))
        stands = "broken" if is_broken else "held" if n_control and n_variant else "unclear"
    else:
        stands = standing(low, high, rises=metric.rises, matters=definition.min_effect * abs(mean))
    return compared(
        definition,
        metric,
        place,
        role=role,
        rises=metric.rises,
        counted=(n_variant, n_control),
        control_mean=mean,
        ends=(difference, low, high),
        level=1 - _level(definition, role),
        p_value=float(judged.p_value[-1]),
        removed=float(found.removed[-1]),
        stands=stands,
    )


def days_of(
    definition: Definition, cohort: Cohort, place: int, *, n: Integers, difference: Floats, judged: Looks, until: int
) -> list[Day]:
    """Give the days on which there was anything to say of a variant.

    Parameters
    ----------
    n : int [shape=(n_looks,)]
        Listeners by the end of each day.
    difference : float [shape=(n_looks,)]
    judged : Looks
    until : int
        UTC milliseconds.
    """
    return [
        Day(
            definition.variants[place].name,
            min(until, cohort.began + (look + 1) * DAY_MS),
            int(n[look]),
            float(difference[look]),
            float(judged.low[look]),
            float(judged.high[look]),
            float(judged.p_value[look]),
        )
        for look in range(cohort.n_looks)
        if np.isfinite(judged.low[look])
    ]


def waiting_notices(experiment: Experiment, waiting: int) -> tuple[str, ...]:
    """Say how many listeners do not count, and why."""
    if not waiting:
        return ()
    days = experiment.definition.window
    who = f"{number_of(waiting, 'listener')} {'does' if waiting == 1 else 'do'} not count"
    if experiment.state == RUNNING:
        return (f"{who} yet: still within their {days}",)
    return (f"{who}: stopped before their {days} were over",)

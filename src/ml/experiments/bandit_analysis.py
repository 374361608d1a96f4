"""Everything that can be said of a bandit's variants, from a log in which they were not drawn evenly.

Method
------
Means of what each variant earned would be biased: a variant that began unlucky is drawn less, and stays so. Each
listener therefore gives every variant a doubly robust term: what it had earned on average before they came in, and, for
the variant they were given, what they really earned beyond that, weighed by one over the propensity. Propensity and
average were known before the listener's own outcome, so the differences of the terms to what is true are a martingale,
whatever the bandit learned in between, and their mean has an always-valid interval (:mod:`ml.experiments.sequential`).
IPS, SNIPS and DR of :mod:`ml.experiments.off_policy` are told beside it, with bootstrap intervals of one look.

References
----------
Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro, "Anytime-valid off-policy inference for contextual bandits",
ACM/IMS Journal of Data Science 1, 2024.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.experiments.allocation import Earned, Floats, means_before, probabilities
from ml.experiments.analysis import Arm, Report, days_of, moments, waiting_notices
from ml.experiments.cohort import Cohort
from ml.experiments.decision import DECIDES, Comparison, compared, decide, standing
from ml.experiments.definition import Definition
from ml.experiments.off_policy import Logged, doubly_robust, ips, snips
from ml.experiments.registry import RUNNING, Experiment
from ml.experiments.results import Policy
from ml.experiments.sequential import FEWEST, Looks, looks, mixture_variance
from ml.foundation.errors import BadInput


def report(connection: Connection, experiment: Experiment, *, now: int | None = None) -> Report:
    """Say everything that can be said; see :func:`ml.experiments.reading.report`."""
    definition = experiment.definition
    read_at, until = moments(experiment, now)
    cohort = Cohort.read(connection, experiment, until)
    earned = Earned.read(connection, experiment, until)
    n_arms = len(definition.variants)
    odds = probabilities(definition, *earned.sums(n_arms))
    counted = np.bincount(earned.arm, minlength=n_arms)
    exposed = np.bincount(cohort.variant, minlength=n_arms)
    arms = tuple(
        Arm(variant.name, float(odds[place]), int(exposed[place]), int(counted[place]))
        for place, variant in enumerate(definition.variants)
    )
    terms = robust_terms(definition, earned)
    seen = np.vstack([np.zeros(n_arms), (earned.arm[:, None] == np.arange(n_arms)).cumsum(axis=0)])
    comparisons, days = [], []
    for place in range(1, n_arms):
        known = judged(definition, terms[:, place] - terms[:, 0], _n_at_looks(cohort), seen[:, [0, place]].min(axis=1))
        comparisons.append(_comparison(definition, place, terms, counted, known))
        days += days_of(
            definition, cohort, place, n=known.n, difference=known.difference, judged=known.judged, until=until
        )
    decision = decide(comparisons, mismatch=None, min_effect=definition.min_effect, running=experiment.state == RUNNING)
    policies = _policies(definition, earned, odds)
    waiting = waiting_notices(experiment, len(cohort.users) - len(earned.at))
    return Report(
        experiment, read_at, arms, None, tuple(comparisons), tuple(days), decision, waiting, policies=policies
    )


def robust_terms(definition: Definition, earned: Earned) -> Floats:
    """Give each listener's word on what every variant earns [shape=(n, n_arms)]."""
    expected = means_before(definition, earned)
    rows = np.arange(len(earned.arm))
    found = expected.copy()
    found[rows, earned.arm] += (earned.reward - expected[rows, earned.arm]) / earned.propensity
    return found


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a difference at each look [each of shape (n_looks,)]."""

    n: NDArray[np.int64]
    difference: Floats
    judged: Looks


def _n_at_looks(cohort: Cohort) -> NDArray[np.int64]:
    """Count the listeners who are in at the end of each day [shape=(n_looks,)]."""
    return np.searchsorted(cohort.look[cohort.counted], np.arange(cohort.n_looks), side="right").astype(np.int64)


def judged(definition: Definition, terms: Floats, n: NDArray[np.int64], fewest: Floats) -> Known:
    """Judge the mean of some terms at each look; ``fewest`` is how many each variant had after each listener."""
    total, squares = (np.append(0.0, each.cumsum())[n] for each in (terms, terms**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, total / n, 0.0)
        variance = (squares / n - mean**2) / (n - 1)
    variance = np.where((fewest[n] >= FEWEST) & (variance > 0), variance, np.nan)
    if not np.isfinite(variance[-1]):
        nothing = np.full(len(mean), np.inf)
        return Known(n, mean, Looks(np.ones_like(nothing), -nothing, nothing))
    alpha = _level(definition)
    tau2 = mixture_variance(alpha, float(variance[-1] * n[-1] / definition.planned_listeners))
    return Known(n, mean, looks(mean, variance, tau2=tau2, alpha=alpha))


def _level(definition: Definition) -> float:
    return definition.alpha / (len(definition.variants) - 1)


def _comparison(
    definition: Definition, place: int, terms: Floats, counted: NDArray[np.intp], known: Known
) -> Comparison:
    mean = float(terms[:, 0].mean()) if len(terms) else 0.0
    difference, low, high = (float(each[-1]) for each in (known.difference, known.judged.low, known.judged.high))
    return compared(
        definition,
        definition.metric,
        place,
        role=DECIDES,
        rises=True,
        counted=(int(counted[place]), int(counted[0])),
        control_mean=mean,
        ends=(difference, low, high),
        level=1 - _level(definition),
        p_value=float(known.judged.p_value[-1]),
        stands=standing(low, high, rises=True, matters=definition.min_effect * abs(mean)),
    )


def _policies(definition: Definition, earned: Earned, odds: Floats) -> tuple[Policy, ...]:
    """Say what everybody would have earned with each variant, as far as its own listeners tell."""
    found: list[Policy] = []
    if not len(earned.at):
        return ()
    logged = Logged(earned.arm, earned.reward, earned.propensity)
    expected = means_before(definition, earned)
    for place, variant in enumerate(definition.variants):
        target = np.eye(len(definition.variants))[place]
        rng = np.random.default_rng(0)
        try:
            values = ips(logged, target, rng=rng), snips(logged, target, rng=rng)
        except BadInput:
            continue  # nobody was given it yet
        found.append(
            Policy(variant.name, float(odds[place]), *values, doubly_robust(logged, target, expected, rng=rng))
        )
    return tuple(found)

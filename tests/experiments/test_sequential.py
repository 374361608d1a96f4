"""Always-valid inference, in simulated experiments that are looked at every day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from ml.experiments.counts import MISMATCH, log_evidence, mismatch_p_value, proportion
from ml.experiments.sequential import looks, mixture_variance, p_values, radius

DAYS, A_DAY, PLANNED = 30, 200, 6_000


def arms(rng, draw, n_runs, lift=0.0):
    """Means and their variances of two variants at the end of each day, of many experiments at once."""
    estimates, variances = [], []
    for factor in (1.0, 1.0 + lift):
        days = np.empty((3, n_runs, DAYS))
        for day in range(DAYS):
            values = factor * draw(rng, (n_runs, A_DAY))
            days[:, :, day] = np.full(n_runs, A_DAY), values.sum(axis=1), (values**2).sum(axis=1)
        n, total, squares = days.cumsum(axis=2)
        estimates.append(total / n)
        variances.append((squares / n - (total / n) ** 2) / n)
    return estimates[1] - estimates[0], variances[0] + variances[1]


def listening(rng, shape):
    """Minutes: a third hear nothing, the others a skewed lot."""
    return rng.gamma(0.8, 20.0, shape) * (rng.random(shape) < 0.67)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(listening, id="minutes, skewed and often none"),
        pytest.param(lambda rng, shape: rng.poisson(0.3, shape).astype(float), id="clicks"),
        pytest.param(lambda rng, shape: (rng.random(shape) < 0.05).astype(float), id="something rare"),
    ],
)
def test_looking_every_day_is_wrong_no_more_often_than_said(draw):
    """Of 1000 experiments without a difference, at most the nominal share is called one on any of 30 days."""
    rng = np.random.default_rng(7)
    estimate, variance = arms(rng, draw, 1000)
    tau2 = mixture_variance(0.05, 2 * variance[:, -1].mean() * DAYS * A_DAY / PLANNED)
    found = looks(estimate, variance, tau2=tau2)
    wrong = (found.p_value[:, -1] <= 0.05).mean()
    assert wrong <= 0.05
    assert ((found.low[:, -1] > 0) | (found.high[:, -1] < 0)).mean() <= 0.05
    # What everybody does instead: a fixed test, and stopping on the first good day.
    naive = (np.abs(estimate / np.sqrt(variance)) > norm.ppf(0.975)).any(axis=1).mean()
    assert naive > 3 * 0.05


def test_a_planted_lift_of_two_percent_is_found():
    """Two percent of a mean with a spread a fifth of it, 6000 listeners in each variant."""
    rng = np.random.default_rng(8)
    estimate, variance = arms(rng, lambda rng, shape: rng.normal(10.0, 2.0, shape), 400, lift=0.02)
    tau2 = mixture_variance(0.05, 2 * 4.0 / PLANNED)
    found = looks(estimate, variance, tau2=tau2)
    assert (found.p_value[:, -1] <= 0.05).mean() > 0.95
    covered = (found.low <= 0.2) & (found.high >= 0.2)
    assert covered.all(axis=1).mean() >= 0.95, "over all looks together"


def test_the_p_value_is_the_mixture_that_the_manual_says():
    """The closed form against the integral of the likelihood ratio over the drifts."""
    estimate, variance, tau2 = 0.31, 0.01, 0.04

    def weighed(drift):
        ratio = np.exp((drift * estimate - drift**2 / 2) / variance)
        return ratio * norm.pdf(drift, scale=np.sqrt(tau2))

    expected = 1 / quad(weighed, -5, 5)[0]
    assert p_values(estimate, variance, tau2) == pytest.approx(expected, rel=1e-6)


positive = st.floats(1e-6, 1e3)


@given(st.floats(-100, 100), positive, positive, st.floats(0.001, 0.5))
def test_the_interval_excludes_zero_where_the_p_value_is_small(estimate, variance, tau2, alpha):
    reach = float(radius(variance, tau2, alpha))
    small = float(p_values(estimate, variance, tau2)) < alpha * (1 - 1e-9)
    if small:
        assert abs(estimate) > reach * (1 - 1e-6)
    elif float(p_values(estimate, variance, tau2)) > alpha * (1 + 1e-9):
        assert abs(estimate) < reach * (1 + 1e-6)


def test_the_mixture_is_near_the_narrowest_where_it_was_planned():
    planned = 0.01
    ours = radius(planned, mixture_variance(0.05, planned), 0.05)
    best = min(float(radius(planned, tau2, 0.05)) for tau2 in np.geomspace(1e-3, 1, 400))
    assert ours == pytest.approx(best, rel=0.01)


def test_what_says_nothing_says_nothing():
    found = looks([5.0, 0.0, 3.0], [0.0, np.nan, np.inf], tau2=1.0)
    assert (found.p_value == 1).all()
    assert np.isinf(found.low).all()


def test_a_difference_that_changed_is_not_an_empty_interval():
    found = looks([5.0, -5.0], [0.01, 0.005], tau2=1.0)
    assert found.low[-1] < -5 < found.high[-1]


# --- counts


def test_a_split_as_planned_is_refuted_no_more_often_than_said():
    rng = np.random.default_rng(9)
    counts = rng.multinomial(100, [0.5, 0.3, 0.2], size=(2000, 40)).cumsum(axis=1)
    assert (log_evidence(counts, [5, 3, 2]).max(axis=1) >= np.log(20)).mean() <= 0.05


def test_a_split_that_lost_listeners_is_refuted():
    rng = np.random.default_rng(10)
    counts = rng.multinomial(1000, [0.52, 0.48], size=20).cumsum(axis=0)
    assert mismatch_p_value(counts, [1, 1]) < MISMATCH
    assert mismatch_p_value(counts, [0.52, 0.48]) > 0.05


def test_the_interval_of_a_share_holds_it_at_every_look():
    rng = np.random.default_rng(11)
    missed = 0
    for _ in range(200):
        wins = (rng.random(200) < 0.3).cumsum()
        ends = [proportion(int(wins[n - 1]), n) for n in range(1, 201, 8)]
        missed += any(not low <= 0.3 <= high for low, high in ends)
    assert missed / 200 <= 0.05


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_interval_of_a_share_is_one(wins, losses):
    low, high = proportion(wins, wins + losses)
    assert 0 <= low <= high <= 1
    if wins + losses:
        assert low <= wins / (wins + losses) <= high

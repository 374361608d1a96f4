"""From exposures and outcomes in the store to a sentence."""

import numpy as np
import polars as pl
import pytest

from ml.data.schema import exposures, outcomes
from ml.data.store import bulk
from ml.experiments import registry
from ml.experiments.analysis import report
from ml.experiments.comparison import Arms, course
from ml.experiments.sequential import FEWEST

DAY, START = 86_400_000, 1_750_000_000_000
WINDOW = {"window_days": 2, "planned_listeners": 1_200, "metric": "clicks"}


def simulate(store, experiment, *, n=1200, days=10, lift=0.0, shares=(0.5, 0.5), before=4.0, event="click", seed=0):
    """Listeners who come in over ten days, with clicks in the two days before and after that go together."""
    rng = np.random.default_rng(seed)
    names = [variant.name for variant in experiment.definition.variants]
    keys = 10_000 + np.arange(n)
    at = START + np.sort(rng.integers(0, days * DAY, n))
    variant = rng.choice(len(names), p=shares, size=n)
    habit = rng.gamma(2.0, before / 2, n)
    rows = []
    for key, moment, which, mean in zip(keys, at, variant, habit, strict=True):
        for low, rate in ((-2 * DAY, mean), (0, mean * (1 + lift * (which == len(names) - 1)))):
            total = float(rng.poisson(rate))
            rows.append((int(key), int(moment + low + rng.integers(2 * DAY)), event, total))
    with store.write() as connection:
        schema = {"user_key": pl.Int64, "occurred_at": pl.Int64, "event": pl.String, "value": pl.Float64}
        bulk.insert(connection, outcomes, pl.DataFrame(rows, schema=schema, orient="row"))
        shown = {"user_key": keys, "variant": [names[which] for which in variant], "exposed_at": at}
        bulk.insert(connection, exposures, pl.DataFrame(shown).with_columns(experiment_id=pl.lit(experiment.id)))


def read(store, name="warm-start", *, day):
    with store.read() as connection:
        return report(connection, registry.find(connection, name), now=START + day * DAY)


def test_a_better_variant_is_shipped_and_cuped_sees_it_sooner(store, started):
    simulate(store, started(**WINDOW, others=["plays"]), lift=0.3)
    found = read(store, day=12)
    (deciding, told) = found.comparisons
    assert found.decision.do == "ship"
    assert found.decision.variant == "B"
    assert found.decision.words.startswith("ship B: +")
    (reason,) = found.decision.because
    assert (reason.code, reason.values["variant"], reason.values["by"]) == ("change", "B", deciding.relative)
    assert deciding.relative_low < 0.3 < deciding.relative_high
    assert deciding.variance_removed > 0.3
    assert (told.metric, told.stands) == ("plays", "unclear")
    assert sum(arm.exposed for arm in found.arms) == 1200
    assert found.mismatch_p_value > 0.001
    # Day by day p-values fall, intervals narrow, and nobody counts before their window is over.
    p_values = [day.p_value for day in found.course]
    assert p_values == sorted(p_values, reverse=True)
    assert all(one.n < other.n for one, other in zip(found.course, found.course[1:], strict=False))
    early = read(store, day=4)
    counted = sum(arm.counted for arm in early.arms)
    assert counted == pytest.approx(240, abs=60)
    assert any("still within their 2 days" in notice for notice in early.notices)


def test_no_difference_is_said_where_none_that_matters_can_be(store, started):
    simulate(store, started(**WINDOW, min_effect=0.2), lift=0.0, seed=1)
    found = read(store, day=12)
    assert found.decision.do == "stop"
    assert found.decision.variant == "A"
    assert "no variant can be better by 20.0%" in found.decision.words
    assert [(one.code, one.values["effect"]) for one in found.decision.because] == [("alike", 0.2)]
    assert read(store, day=3).decision.words.startswith("keep running: ")


def test_a_worse_variant_is_stopped(store, started):
    simulate(store, started(**WINDOW), lift=-0.3, seed=2)
    assert read(store, day=12).decision.words.startswith("stop, and keep A: B has -")


def test_a_broken_guardrail_comes_first(store, started):
    """More clicks, and far more complaints."""
    complaints = {
        "name": "complaints",
        "good": "down",
        "sql": "SELECT e.user_key, SUM(o.value) AS value FROM exposed e JOIN outcomes o ON o.user_key = e.user_key"
        " AND o.occurred_at >= e.since AND o.occurred_at < e.until WHERE o.event = 'complaint' GROUP BY e.user_key",
    }
    guard = {"metric": complaints, "tolerance": 0.1}
    experiment = started(**{**WINDOW, "metric": "clicks"}, guardrails=[guard])
    simulate(store, experiment, lift=0.5, seed=3)
    simulate(store, experiment, lift=0.0, event="complaint", seed=3)
    assert read(store, day=12).decision.do == "ship"
    with store.write() as connection:
        many = outcomes.update().where(outcomes.c.event == "complaint").values(value=outcomes.c.value * 2)
        in_b = outcomes.c.user_key.in_(
            exposures.select().with_only_columns(exposures.c.user_key).where(exposures.c.variant == "B")
        )
        connection.execute(many.where(in_b))
    found = read(store, day=12)
    assert found.decision.do == "stop"
    assert "guardrail broken, B has +" in found.decision.words
    assert [each.stands for each in found.comparisons] == ["better", "broken"]


def test_a_split_that_is_off_makes_everything_else_worthless(store, started):
    simulate(store, started(**WINDOW), lift=0.5, shares=(0.6, 0.4), seed=4)
    found = read(store, day=12)
    assert found.decision.do == "distrust"
    assert found.mismatch_p_value < 0.001


def test_what_was_open_when_it_was_stopped_does_not_count(store, started):
    simulate(store, started(**WINDOW), seed=5)
    stopped = registry.stop(store, "warm-start")
    with store.write() as connection:
        connection.execute(registry.experiments.update().values(stopped_at=START + 6 * DAY))
    with store.read() as connection:
        found = report(connection, registry.find(connection, "warm-start"), now=stopped.stopped_at)
    assert sum(arm.exposed for arm in found.arms) == pytest.approx(720, abs=80)
    assert sum(arm.counted for arm in found.arms) == pytest.approx(480, abs=80)
    assert "stopped before their" in found.notices[0]
    assert found.decision.words.startswith("it ended too soon to tell")


def test_nobody_yet_is_no_error(store, started):
    started(guardrails=["skips"])
    found = read(store, day=12)
    assert found.decision.do == "continue"
    assert "B or A has too few listeners" in found.decision.words
    assert found.course == ()
    assert found.to_json()
    for each in found.comparisons:
        assert (each.control_mean, each.difference, each.relative) == (None, None, None)


def test_where_nobody_of_the_control_is_counted_there_is_no_change(store, started):
    simulate(store, started(**WINDOW), n=40, shares=(0, 1))
    (found,) = read(store, day=12).comparisons
    assert found.n_control == 0 < found.n_variant
    assert (found.control_mean, found.difference) == (None, None)


def test_three_variants_share_the_level(store, started):
    variants = [{"name": name, "parameters": {"max_per_artist": n + 1}} for n, name in enumerate("ABC")]
    experiment = started(**{**WINDOW, "variants": variants, "min_effect": 0.01})
    simulate(store, experiment, n=1800, shares=(1 / 3, 1 / 3, 1 / 3), lift=0.4, seed=6)
    found = read(store, day=12)
    assert [each.level for each in found.comparisons] == [0.975, 0.975]
    assert [each.stands for each in found.comparisons] == ["unclear", "better"]
    assert found.decision.variant == "C"


def test_a_whole_null_experiment_with_cuped_errs_no_more_often_than_said():
    """The same course of an experiment as a report computes it: CUPED's slope learned at every look."""
    rng = np.random.default_rng(7)
    n, looks, wrong = 2000, 20, 0
    for _ in range(300):
        habit = rng.gamma(0.5, 10.0, n)
        y, x = rng.poisson(habit).astype(float), rng.poisson(habit).astype(float)
        arms = Arms(rng.random(n) < 0.5, np.sort(rng.integers(0, looks, n)), y, x, looks)
        wrong += course(arms).judged(alpha=0.05, planned=2000).p_value[-1] <= 0.05
    assert wrong / 300 <= 0.05


def test_a_planted_lift_of_two_percent_is_found_by_the_whole_course():
    """Listeners with a habit of their own: without CUPED the same lift is rarely seen."""
    rng = np.random.default_rng(9)
    n, n_looks = 12_000, 20
    found = []
    for _ in range(60):
        habit = rng.normal(60.0, 25.0, n)
        treated = rng.random(n) < 0.5
        x, y = habit + rng.normal(0, 6, n), habit * (1 + 0.02 * treated) + rng.normal(0, 6, n)
        look = np.sort(rng.integers(0, n_looks, n))
        both = [course(Arms(treated, look, y, before, n_looks)) for before in (x, np.zeros(n))]
        found.append([each.judged(alpha=0.05, planned=n).p_value[-1] <= 0.05 for each in both])
    with_cuped, without = np.mean(found, axis=0)
    assert with_cuped >= 0.95
    assert without < 0.7


def test_cuped_is_the_regression_that_the_manual_says():
    rng = np.random.default_rng(8)
    n = 1000
    x = rng.normal(50, 10, n)
    treated = rng.random(n) < 0.3
    y = 0.8 * x + 2 * treated + rng.normal(0, 3, n)
    found = course(Arms(treated, np.zeros(n, dtype=int), y, x, 1))
    design = np.column_stack([np.ones(n), treated, x])
    slope = np.linalg.lstsq(design, y, rcond=None)[0]
    assert found.difference[0] == pytest.approx(slope[1])
    assert found.removed[0] == pytest.approx(64 / 73, abs=0.03)
    plain = course(Arms(treated, np.zeros(n, dtype=int), y, np.zeros(n), 1))
    assert plain.difference[0] == pytest.approx(y[treated].mean() - y[~treated].mean())
    variances = y[treated].var(ddof=1) / treated.sum() + y[~treated].var(ddof=1) / (~treated).sum()
    assert plain.variance[0] == pytest.approx(variances)


def test_few_listeners_say_nothing():
    treated = np.arange(2 * FEWEST) >= FEWEST
    look = np.where(np.arange(2 * FEWEST) == 0, 1, 0)
    found = course(Arms(treated, look, treated * 100.0 + np.arange(2 * FEWEST) % 2, np.zeros(2 * FEWEST), 2))
    assert np.isnan(found.variance[0])
    assert found.judged(alpha=0.05, planned=200).p_value.tolist()[0] == 1
    assert found.judged(alpha=0.05, planned=200).p_value.tolist()[1] < 1e-6


def test_where_all_are_alike_the_reason_is_said(store, started):
    experiment = started(**{**WINDOW, "metric": "minutes"})
    simulate(store, experiment)
    assert "all listeners of B and A have the same minutes" in read(store, day=12).decision.words

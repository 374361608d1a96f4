"""Interleaved experiments and bandits, from the definition over the store to a sentence."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm
from sqlalchemy import insert, select

from ml.data.schema import drafts, exposures, feedback, items, listens, outcomes, users
from ml.data.store import bulk
from ml.experiments import registry
from ml.experiments.allocation import Earned, probabilities
from ml.experiments.bandit_analysis import judged, robust_terms
from ml.experiments.drafts import write_drafts
from ml.experiments.exposure import Running, Shown, expose, expose_all
from ml.experiments.odds import REFRESH_MS
from ml.experiments.outcomes import record_outcome
from ml.experiments.reading import report
from ml.foundation.errors import BadInput

DAY, START = 86_400_000, 1_750_000_000_000 // REFRESH_MS * REFRESH_MS
SURFACE = "recommendations"
INTERLEAVED = {"design": "interleaved", "metric": "clicks", "window_days": 1}
BANDIT = {"design": "bandit", "metric": "clicks", "full_reward": 1, "window_days": 0.5, "planned_listeners": 2000}


def read(store, *, at, name="warm-start"):
    with store.read() as connection:
        return report(connection, registry.find(connection, name), now=at)


# --- interleaved


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metric": "minutes"}, "'minutes' cannot be credited"),
        ({"guardrails": ["skips"]}, "a guardrail compares listeners"),
        ({"variants": [{"name": "A"}, {"name": "B"}]}, "the same parameters"),
        ({"variants": [{"name": name, "parameters": {"x": name}} for name in "ABC"]}, "two rankings"),
        ({"variants": [{"name": "A", "weight": 2}, {"name": "B", "parameters": {"x": 1}}]}, "weights say nothing"),
        ({"design": "bandit", "others": ["plays"]}, "follows one metric"),
        ({"design": "bandit"}, "full_reward has to be given: how many clicks"),
        ({"full_reward": 2}, "full_reward says nothing where the design is interleaved"),
        ({"design": "split", "full_reward": 2}, "full_reward says nothing where the design is split"),
        ({"exploration": 0.2}, "exploration says nothing where the design is interleaved"),
        ({"design": "split", "exploration": 0.2}, "exploration says nothing where the design is split"),
        ({"design": "sideways"}, "'split', 'interleaved' or 'bandit'"),
    ],
)
def test_designs_that_cannot_be(defined, changes, said):
    with pytest.raises(BadInput) as caught:
        defined(**{**INTERLEAVED, **changes})
    assert said in f"{caught.value.message} {caught.value.hint}"


def in_it(store, experiment, users, *, at=START):
    values = {"experiment_id": experiment.id, "variant": "interleaved", "exposed_at": at}
    with store.write() as connection:
        connection.execute(insert(exposures), [{**values, "user_key": user} for user in users])


def test_everybody_has_both(store, started):
    started(**INTERLEAVED)
    with store.read() as connection:
        (found,) = Running().assignments(connection, 7, SURFACE)
    assert (found.variant, found.parameters, found.propensity) == ("interleaved", {}, None)
    assert [each.name for each in found.variants] == ["A", "B"]


def test_only_changes_are_written(store, started):
    experiment = started(**INTERLEAVED)
    write_drafts(store, {(experiment.id, 7): {1: 0, 2: 1}}, at=START)
    write_drafts(store, {(experiment.id, 7): {1: 0, 2: 1}}, at=START + 5)
    write_drafts(store, {(experiment.id, 7): {1: 1, 2: 1, 3: 0}}, at=START + 9)
    with store.read() as connection:
        rows = connection.execute(select(drafts.c.item_key, drafts.c.shown_at, drafts.c.team)).all()
    assert sorted(rows) == [(1, START, 0), (1, START + 9, 1), (2, START, 1), (3, START + 9, 0)]


def test_nothing_is_written_of_a_paused_history(store, started):
    experiment = started(**INTERLEAVED)
    with store.write() as connection:
        connection.execute(insert(users).values(key=7, source="test", external_id="7", paused_at=START))
    write_drafts(store, {(experiment.id, 7): {1: 0}}, at=START)
    with store.read() as connection:
        assert not connection.execute(select(drafts)).all()
        assert not Running().assignments(connection, 7, SURFACE)
    assert record_outcome(store, 7, occurred_at=START) is None
    with store.read() as connection:
        assert not connection.execute(select(outcomes)).all()


def test_what_is_done_is_credited_to_who_had_the_item_then(store, started):
    """By hand: each metric has its own listeners, and the items 2 and 3 are one."""
    experiment = started(**INTERLEAVED, others=["plays", "completed", "likes"])
    people = range(1001, 1006)
    in_it(store, experiment, people)
    with store.write() as connection:
        known = {"kind": "track", "name": "n", "match": "n", "duration_ms": 100_000}
        connection.execute(insert(items), [{**known, "key": key, "same_as": {3: 2}.get(key)} for key in (1, 2, 3, 4)])
    for user in people:
        write_drafts(store, {(experiment.id, user): {1: 0, 2: 1}}, at=START + 10)
        write_drafts(store, {(experiment.id, user): {1: 1}}, at=START + 1000)

    def did(table, **rows):
        with store.write() as connection:
            connection.execute(insert(table), rows["rows"])

    clicks = [
        (1, 1, 500),  # of the first, who had it then
        (2, 1, 1500),  # of the second, who has it now
        (3, 3, 500),  # another name of 2: of the second
        (4, 1, 5),  # before it was shown
        (4, 4, 500),  # never shown
        (5, 1, 500),
        (5, 2, 600),  # one each: a tie
        (5, 2, 700),  # and twice is once
        (4, 2, DAY + 10),  # too late
    ]
    did(
        outcomes,
        rows=[
            {"user_key": 1000 + user, "item_key": item, "occurred_at": START + at, "event": "click", "value": 1.0}
            for user, item, at in clicks
        ],
    )
    heard = [(1, 2, 500, 99_000, None, None), (2, 2, 500, 10_000, None, None), (3, 2, 500, None, True, None)]
    heard += [(4, 2, 500, None, None, True)]
    did(
        listens,
        rows=[
            {
                "user_key": 1000 + user,
                "item_key": item,
                "listened_at": START + at,
                "ms_played": ms,
                "skipped": skipped,
                "incognito": private,
            }
            for user, item, at, ms, skipped, private in heard
        ],
    )
    did(
        feedback,
        rows=[
            {
                "user_key": 1000 + user,
                "event_id": user,
                "item_key": 1,
                "kind": "like",
                "at": START + 20,
                "undone": undone,
            }
            for user, undone in ((1, False), (2, True))
        ],
    )
    found = read(store, at=START + DAY)
    told = {each.metric: each.preference for each in found.preferences}
    assert [(each.first, each.second, each.ties) for each in told.values()] == [
        (1, 2, 2),
        (0, 3, 2),
        (0, 1, 4),
        (1, 0, 4),
    ]
    assert found.mismatch_p_value is None
    assert found.decision.words.startswith("keep running: B is preferred by 66.7% of 3 listeners")
    assert [arm.exposed for arm in found.arms] == [5, 5]
    early = read(store, at=START + DAY - 1)
    assert early.notices == ("5 listeners do not count yet: still within their 1 day",)


def clicked(store, experiment, *, share, n=300):
    """Listeners who click one item each: of the second ranking, so many of them."""
    people = range(1000, 1000 + n)
    in_it(store, experiment, people)
    rng = np.random.default_rng(5)
    rows = [(user, START + 20 + user, "click", 1 + int(rng.random() < share), 1.0) for user in people]
    with store.write() as connection:
        values = {"kind": "track", "name": "n", "match": "n"}
        connection.execute(insert(items), [{**values, "key": key} for key in (1, 2)])
        drafted = [
            {"experiment_id": experiment.id, "user_key": user, "item_key": 1 + team, "shown_at": START, "team": team}
            for user in people
            for team in (0, 1)
        ]
        connection.execute(insert(drafts), drafted)
        columns = ["user_key", "occurred_at", "event", "item_key", "value"]
        bulk.insert(connection, outcomes, pl.DataFrame(rows, schema=columns, orient="row"))


@pytest.mark.parametrize(("share", "said"), [(0.7, "ship B: "), (0.3, "stop, and keep A: "), (0.5, "keep running: ")])
def test_the_preferred_ranking_is_shipped(store, started, share, said):
    clicked(store, started(**INTERLEAVED), share=share)
    found = read(store, at=START + 2 * DAY)
    assert found.decision.words.startswith(said)
    assert found.course[-1].n == 300
    assert found.course[-1].difference == pytest.approx(found.preferences[0].preference.share - 0.5)


# --- bandits


def days_of(store, *, rates, n_days=8, a_day=400, seed=0):
    """Let listeners come in day by day; each clicks or not by the variant they are given."""
    rng, running, given = np.random.default_rng(seed), Running(), []
    for day in range(n_days):
        at = START + day * DAY
        people = range(100_000 + day * a_day, 100_000 + (day + 1) * a_day)
        with store.read() as connection:
            found = {user: each for user, (each,) in running.assignments_of(connection, people, SURFACE, at=at).items()}
        expose_all(store, [Shown(user, [each]) for user, each in found.items()], at=at)
        clicks = [user for user, each in found.items() if rng.random() < rates[each.variant]]
        given += [(day, user, each.variant, each.propensity, user in clicks) for user, each in found.items()]
        with store.write() as connection:
            columns = {"user_key": clicks, "occurred_at": at + 60_000, "event": "click", "value": 1.0}
            bulk.insert(connection, outcomes, pl.DataFrame(columns))
    return pl.DataFrame(given, schema=["day", "user", "variant", "propensity", "clicked"], orient="row")


def test_a_bandit_loses_less_than_even_shares_and_its_log_says_what_each_would_have_earned(store, started):
    rates = {"A": 0.2, "B": 0.35}
    started(**BANDIT)
    given = days_of(store, rates=rates)
    assert given.filter(pl.col("day") == 0)["propensity"].to_list() == [0.5] * 400, "nothing was known yet"
    lost = sum(rates["B"] - rates[variant] for variant in given["variant"])
    assert lost < 0.5 * (0.15 / 2) * len(given), "regret, against that of even shares"
    found = read(store, at=START + 12 * DAY)
    assert found.decision.do == "ship"
    assert found.decision.variant == "B"
    for policy, rate in zip(found.policies, rates.values(), strict=True):
        for value in (policy.ips, policy.snips, policy.dr):
            assert value.low < rate < value.high
    assert found.policies[1].probability > 0.9
    assert found.mismatch_p_value is None
    assert [arm.expected for arm in found.arms] == [policy.probability for policy in found.policies]


def test_draws_rest_on_windows_that_were_over_at_the_hour_and_on_nothing_else(store, started):
    experiment = started(**BANDIT)
    given = days_of(store, rates={"A": 0.2, "B": 0.3}, n_days=3, a_day=60)
    hour = START + 2 * DAY + DAY // 4
    # Of the third day's listeners the windows are open; one more ends after the hour, and one after that.
    values = {"experiment_id": experiment.id, "variant": "B", "propensity": 0.5}
    with store.write() as connection:
        for user, ends in ((1, hour + 3), (2, hour + 9)):
            connection.execute(insert(exposures).values(**values, user_key=user, exposed_at=ends - DAY // 2))
            click = {"user_key": user, "occurred_at": ends - 1000, "event": "click", "value": 1.0}
            connection.execute(insert(outcomes).values(click))
    over = given.filter(pl.col("day") < 2)
    arms = [over.filter(pl.col("variant") == name)["clicked"] for name in ("A", "B")]
    expected = probabilities(experiment.definition, *np.array([(arm.sum(), len(arm)) for arm in arms], dtype=float).T)

    def drawn(at):
        with store.read() as connection:
            found = Running().assignments_of(connection, range(900, 930), SURFACE, at=at)
        return [each for (each,) in found.values()]

    before = drawn(hour + 5)
    assert {each.variant: each.propensity for each in before} == pytest.approx({"A": expected[0], "B": expected[1]})
    assert drawn(hour + 60_000) == before, "the same log, the same draws"
    assert {each.propensity for each in drawn(hour + REFRESH_MS)} != {each.propensity for each in before}
    # Who is in keeps the variant, whatever the odds are by now.
    user, variant = given.select("user", "variant").row(0)
    with store.read() as connection:
        (kept,) = Running().assignments(connection, user, SURFACE, at=hour)
    assert (kept.variant, kept.new, kept.experiment_id) == (variant, False, experiment.id)


def test_the_propensity_is_written_down(store, started):
    started(**BANDIT)
    with store.read() as connection:
        found = Running().assignments(connection, 7, SURFACE, at=START)
    expose(store, 7, found, at=START)
    with store.read() as connection:
        assert connection.execute(select(exposures.c.propensity)).scalar_one() == 0.5


def simulated(definition, rng, *, rates, n_days=30, a_day=60):
    """Let a bandit draw listeners day by day; a day later it knows what they earned."""
    sums, n, log = np.zeros(2), np.zeros(2), []
    for day in range(n_days):
        odds = probabilities(definition, sums, n)
        arm = (rng.random(a_day) >= odds[0]).astype(int)
        reward = (rng.random(a_day) < np.array(rates)[arm]).astype(float)
        log.append((np.full(a_day, day * DAY), arm, odds[arm], reward))
        sums += np.bincount(arm, weights=reward, minlength=2)
        n += np.bincount(arm, minlength=2)
    return Earned(*(np.concatenate(column) for column in zip(*log, strict=True)))


def test_equal_variants_are_called_different_no_more_often_than_said(defined):
    """A bandit that learns from what it logs, read on each of 30 days, in 400 simulated experiments."""
    definition = defined(**{**BANDIT, "window_days": 1})
    rng, wrong, fixed, runs = np.random.default_rng(3), 0, 0, 400
    ends = np.arange(1, 31) * 60
    for _ in range(runs):
        earned = simulated(definition, rng, rates=(0.3, 0.3))
        terms = robust_terms(definition, earned)
        seen = np.vstack([[0, 0], (earned.arm[:, None] == np.arange(2)).cumsum(axis=0)]).min(axis=1)
        difference = terms[:, 1] - terms[:, 0]
        wrong += judged(definition, difference, ends, seen).judged.p_value[-1] <= 0.05
        # What everybody does instead: the means as they are, a fixed test, and stopping on the first good day.
        with np.errstate(divide="ignore", invalid="ignore"):
            n = np.array([[(earned.arm[:end] == arm).sum() for arm in (0, 1)] for end in ends])
            mean = np.array([[earned.reward[:end][earned.arm[:end] == arm].mean() for arm in (0, 1)] for end in ends])
            z = (mean[:, 1] - mean[:, 0]) / np.sqrt((mean * (1 - mean) / n).sum(axis=1))
        fixed += (np.abs(z) > norm.ppf(0.975)).any()
    assert wrong / runs <= 0.05
    assert fixed / runs > 0.15


def test_naive_means_of_a_bandits_log_are_biased_and_ours_are_not(defined):
    definition = defined(**{**BANDIT, "window_days": 1})
    rng, naive, ours = np.random.default_rng(4), [], []
    for _ in range(300):
        earned = simulated(definition, rng, rates=(0.3, 0.3), n_days=10, a_day=10)
        naive.append([earned.reward[earned.arm == arm].mean() for arm in (0, 1)])
        ours.append(robust_terms(definition, earned).mean(axis=0))
    error = np.std(ours) / np.sqrt(600)
    assert abs(np.mean(ours) - 0.3) < 3 * error
    assert np.mean(naive) < 0.3 - 3 * np.std(naive) / np.sqrt(600)

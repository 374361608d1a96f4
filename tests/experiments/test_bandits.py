"""Bandits lose less than even choice does; their logs say what other policies would have reached."""

import json

import numpy as np
import pytest

from ml.experiments.bandits import LinUCB, ThompsonSampling
from ml.experiments.off_policy import Logged, doubly_robust, ips, predicted_rewards, snips
from ml.foundation.errors import BadInput

ARMS = ("replay", "hybrid", "ease")


def test_thompson_sampling_loses_less_than_even_choice():
    rng = np.random.default_rng(1)
    rates = dict(zip(ARMS, (0.1, 0.3, 0.2), strict=True))
    bandit, regret, n = ThompsonSampling(ARMS), 0.0, 1500
    for _ in range(n):
        arm = bandit.choose(rng).arm
        regret += 0.3 - rates[arm]
        bandit.update(arm, float(rng.random() < rates[arm]))
    even = n * (0.3 - 0.2)
    assert regret < 0.5 * even
    assert bandit.probabilities().argmax() == 1


@pytest.mark.parametrize(("earned", "expected"), [((0, 0, 0), 1 / 3), ((1, 0, 0), 0.5)])
def test_propensities_are_the_chances_to_be_best(earned, expected):
    """Of three uniform numbers each is the largest equally often; the larger of two of them is it half the time."""
    bandit = ThompsonSampling(ARMS, exploration=0.0)
    for arm, times in zip(ARMS, earned, strict=True):
        for _ in range(times):
            bandit.update(arm, 1.0)
    assert bandit.probabilities()[0] == pytest.approx(expected, abs=1e-4)
    assert bandit.probabilities().sum() == pytest.approx(1)


def test_propensities_agree_with_drawing_from_the_posteriors():
    rng = np.random.default_rng(2)
    bandit = ThompsonSampling(ARMS, exploration=0.0)
    bandit._earned[:], bandit._missed[:] = (3, 40, 300), (30, 300, 2500)
    draws = rng.beta(bandit._earned, bandit._missed, size=(200_000, 3)).argmax(axis=1)
    assert np.bincount(draws, minlength=3) / 200_000 == pytest.approx(bandit.probabilities(), abs=0.005)


def test_linucb_learns_whom_what_suits():
    """Each arm is best for a third of the contexts: no single arm does well."""
    rng = np.random.default_rng(3)
    bandit, regret, even, n = LinUCB(ARMS, 3), 0.0, 0.0, 1500
    for _ in range(n):
        kind = int(rng.integers(3))
        context = np.eye(3)[kind]
        rates = 0.1 + 0.5 * context
        arm = bandit.choose(context, rng).arm
        regret += 0.6 - rates[ARMS.index(arm)]
        even += 0.6 - rates.mean()
        bandit.update(arm, context, float(rng.random() < rates[ARMS.index(arm)]))
    assert regret < 0.25 * even
    assert [ARMS[int(bandit.probabilities(np.eye(3)[kind]).argmax())] for kind in range(3)] == list(ARMS)


def test_linucb_keeps_the_inverse_that_it_says():
    rng = np.random.default_rng(4)
    bandit, gram = LinUCB(ARMS, 4, ridge=2.0), 2.0 * np.eye(4)
    for _ in range(50):
        x = rng.normal(size=4)
        bandit.update("ease", x, 0.5)
        gram += np.outer(x, x)
    assert bandit._inverse[2] == pytest.approx(np.linalg.inv(gram))


@pytest.mark.parametrize("make", [lambda: ThompsonSampling(ARMS), lambda: LinUCB(ARMS, 2)])
def test_a_state_goes_through_json_and_goes_on_the_same(make):
    rng, bandit = np.random.default_rng(5), make()
    about = () if isinstance(bandit, ThompsonSampling) else ([1.0, 0.3],)
    for _ in range(20):
        bandit.update(bandit.choose(*about, rng).arm, *about, 1.0)
    again = type(bandit).from_state(json.loads(json.dumps(bandit.to_state())))
    one, other = (each.choose(*about, np.random.default_rng(6)) for each in (bandit, again))
    assert one == other


def test_mistakes_are_explained():
    bandit = ThompsonSampling(ARMS)
    for wrong in (lambda: bandit.update("slim", 1.0), lambda: bandit.update("ease", 2.0)):
        with pytest.raises(BadInput):
            wrong()
    with pytest.raises(BadInput, match="arms"):
        ThompsonSampling(["one"])
    with pytest.raises(BadInput, match="no context"):
        LinUCB(ARMS, 2).choose([1.0], np.random.default_rng(0))
    for kind in (ThompsonSampling, LinUCB):
        with pytest.raises(BadInput, match="no state"):
            kind.from_state({"arms": ["a", "b"], "exploration": 0.1})


# --- off-policy


RATES = np.array([[0.1, 0.5, 0.2], [0.6, 0.2, 0.3]])
TARGET = np.array([[0.05, 0.9, 0.05], [0.8, 0.1, 0.1]])
TRUE = float((RATES * TARGET).sum(axis=1).mean())


def logged(rng, n):
    """Rounds of a policy that mostly takes the third arm, in two kinds of context."""
    kind = rng.integers(2, size=n)
    policy = np.array([[0.2, 0.2, 0.6], [0.3, 0.2, 0.5]])[kind]
    actions = (rng.random(n)[:, None] > policy.cumsum(axis=1)).sum(axis=1)
    rewards = (rng.random(n) < RATES[kind, actions]).astype(float)
    return kind, Logged(actions, rewards, policy[np.arange(n), actions])


def test_another_policys_value_is_in_the_interval_as_often_as_said():
    rng = np.random.default_rng(7)
    inside, means = {"ips": 0, "snips": 0, "dr": 0}, {"ips": 0.0, "snips": 0.0, "dr": 0.0}
    widths = dict(means)
    for _ in range(40):
        kind, rounds = logged(rng, 800)
        predicted = predicted_rewards(rounds, kind[:, None], 3, rng=rng)
        target = TARGET[kind]
        found = {
            "ips": ips(rounds, target, rng=rng),
            "snips": snips(rounds, target, rng=rng),
            "dr": doubly_robust(rounds, target, predicted, rng=rng),
        }
        for name, value in found.items():
            inside[name] += value.low <= TRUE <= value.high
            means[name] += value.value / 40
            widths[name] += (value.high - value.low) / 40
    for name, mean in means.items():
        assert mean == pytest.approx(TRUE, abs=4 * widths[name] / 3.92 / np.sqrt(40)), name
        assert inside[name] >= 34, name
    assert max(widths["dr"], widths["snips"]) < widths["ips"]


def test_a_wrong_model_is_mended_by_right_propensities():
    rng = np.random.default_rng(8)
    kind, rounds = logged(rng, 20_000)
    found = doubly_robust(rounds, TARGET[kind], np.full((20_000, 3), 0.9), rng=rng)
    assert found.low <= TRUE <= found.high


def test_a_bandits_own_log_judges_other_policies():
    """Also of those that it hardly ever draws: on average right, however it learned meanwhile."""
    rng = np.random.default_rng(9)
    rates, values = np.array([0.1, 0.4, 0.25]), []
    for _ in range(20):
        bandit, rows = ThompsonSampling(ARMS, exploration=0.2), []
        for _ in range(300):
            choice = bandit.choose(rng)
            arm = ARMS.index(choice.arm)
            rows.append((arm, float(rng.random() < rates[arm]), choice.propensity))
            bandit.update(choice.arm, rows[-1][1])
        columns = Logged(*(np.array(column) for column in zip(*rows, strict=True)))
        values.append([ips(columns, np.eye(3)[arm], rng=rng).value for arm in range(3)])
    error = np.std(values, axis=0) / np.sqrt(20)
    assert (np.abs(np.mean(values, axis=0) - rates) < 3 * error).all()


def test_logs_that_cannot_be_are_refused():
    with pytest.raises(BadInput, match="same rounds"):
        Logged(np.array([0]), np.array([1.0, 0.0]), np.array([0.5]))
    with pytest.raises(BadInput, match=r"\(0, 1\]"):
        Logged(np.array([0]), np.array([1.0]), np.array([0.0]))
    rounds = Logged(np.array([0, 0]), np.array([1.0, 1.0]), np.array([0.5, 0.5]))
    with pytest.raises(BadInput, match="never draws"):
        snips(rounds, [0.0, 1.0], rng=np.random.default_rng(0))

"""What the statistics of experiments do, in simulated ones whose truth is known. Needs no data.

An A/A test that is looked at every day, a planted lift, two bandits, another policy judged from their logs, and
interleaving.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from ml.experiments.bandits import LinUCB, ThompsonSampling
from ml.experiments.interleaving import compare, credit, team_draft
from ml.experiments.off_policy import Logged, doubly_robust, ips, predicted_rewards, snips
from ml.experiments.sequential import looks, mixture_variance

DAYS, A_DAY, RUNS = 30, 200, 1_000


def peeking(rng: np.random.Generator, lift: float) -> tuple[float, float]:
    """Give how often our test and a fixed one, looked at on each of 30 days, call something a difference."""
    means, variances = [], []
    for factor in (1.0, 1.0 + lift):
        # Minutes: a third hear nothing, the others a skewed lot; over a usual listener's level, as CUPED leaves it.
        sums = np.zeros((2, RUNS, DAYS))
        for day in range(DAYS):
            minutes = 60 + rng.gamma(0.8, 20.0, (RUNS, A_DAY)) * (rng.random((RUNS, A_DAY)) < 0.67)
            sums[:, :, day] = (factor * minutes).sum(axis=1), ((factor * minutes) ** 2).sum(axis=1)
        total, squares = sums.cumsum(axis=2)
        n = A_DAY * np.arange(1, DAYS + 1)
        means.append(total / n)
        variances.append((squares / n - (total / n) ** 2) / n)
    difference, variance = means[1] - means[0], variances[0] + variances[1]
    found = looks(difference, variance, tau2=mixture_variance(0.05, float(variance[:, -1].mean())))
    fixed = np.abs(difference / np.sqrt(variance)) > norm.ppf(0.975)
    return float((found.p_value[:, -1] <= 0.05).mean()), float(fixed.any(axis=1).mean())


def bandits(rng: np.random.Generator) -> None:
    """Let two bandits learn which of three rankings is clicked, and judge another policy from the log of one."""
    arms, n = ("replay", "hybrid", "ease"), 2_000
    rates = np.array([[0.1, 0.5, 0.2], [0.6, 0.2, 0.3]])
    thompson, linear = ThompsonSampling(arms), LinUCB(arms, 2, exploration=0.2)
    lost, log = np.zeros(3), []
    for _ in range(n):
        kind = int(rng.integers(2))
        context = np.eye(2)[kind]
        choices = thompson.choose(rng), linear.choose(context, rng)
        picks = [arms.index(choice.arm) for choice in choices]
        rewards = (rng.random(2) < rates[kind, picks]).astype(float)
        thompson.update(choices[0].arm, rewards[0])
        linear.update(choices[1].arm, context, rewards[1])
        log.append((kind, picks[1], rewards[1], choices[1].propensity))
        lost += rates[kind].max() - np.array([rates[kind].mean(), *rates[kind, picks]])
    even, by_thompson, by_linear = lost
    print(f"lost clicks in {n:,}: even {even:.0f}, Thompson {by_thompson:.0f}, LinUCB {by_linear:.0f}")
    kind, actions, rewards, propensities = (np.array(column) for column in zip(*log, strict=True))
    logged = Logged(actions, rewards, propensities)
    target = np.array([[0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    print(
        f"a policy that would have earned {(rates * target).sum(axis=1)[kind].mean():.3f} a round, from LinUCB's log:"
    )
    guesses = predicted_rewards(logged, kind[:, None], 3, rng=rng)
    estimates = {
        "IPS": ips(logged, target[kind], rng=rng),
        "SNIPS": snips(logged, target[kind], rng=rng),
        "DR": doubly_robust(logged, target[kind], guesses, rng=rng),
    }
    for name, found in estimates.items():
        print(f"  {name:5} {found.value:.3f} ({found.low:.3f} – {found.high:.3f})")


def interleaving(rng: np.random.Generator, goods: tuple[int, int]) -> str:
    """Interleave two rankings, of whose first ten items so many are liked, for 600 listeners."""

    def ranking(good: int) -> list[int]:
        liked, others = rng.permutation(20), 20 + rng.permutation(80)
        return [*rng.permutation([*liked[:good], *others[: 10 - good]]).tolist(), *others[10 - good :].tolist()]

    outcomes = []
    for _ in range(600):
        items, teams = team_draft(ranking(goods[0]), ranking(goods[1]), 10, rng=rng)
        clicked = np.flatnonzero(rng.random(10) < np.where(np.array(items) < 20, 0.4, 0.05))
        outcomes.append(credit(teams, clicked.tolist()))
    found = compare(outcomes)
    return f"{found.share:.2f} ({found.low:.2f} – {found.high:.2f}), p = {found.p_value:.2g}: {found.words}"


def main() -> None:
    rng = np.random.default_rng(0)
    ours, fixed = peeking(rng, 0.0)
    print(f"no difference, seen on {DAYS} days: called one in {ours:.1%} of {RUNS:,} runs, by a fixed test {fixed:.1%}")
    ours, _ = peeking(rng, 0.02)
    print(f"a lift of 2 %, {DAYS * A_DAY:,} listeners a variant: found in {ours:.1%}")
    bandits(rng)
    print(f"interleaving, better: {interleaving(rng, (5, 7))}")
    print(f"interleaving, equals: {interleaving(rng, (6, 6))}")


if __name__ == "__main__":
    main()

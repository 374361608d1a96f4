"""What another policy would have reached, from what one policy logged.

Conventions
-----------
Logged are ``rewards``, ``actions`` (arms by number) and ``propensities``: the probability with which the policy that
was running drew exactly that action. The other policy is given by ``target``: the probability with which *it* would
have drawn each arm in that round. Intervals are bootstrap intervals over rounds.

=========  ==============================================================================================
IPS        unbiased, and wild where the policies differ much
SNIPS      the weights normalised: a small bias, far less variance
DR         a model of the rewards, corrected by IPS: unbiased if the propensities *or* the model are right
=========  ==============================================================================================

References
----------
Horvitz and Thompson, "A generalization of sampling without replacement from a finite universe", JASA 47, 1952.
Swaminathan and Joachims, "The self-normalized estimator for counterfactual learning", NeurIPS 2015.
Dudík, Langford and Li, "Doubly robust policy evaluation and learning", ICML 2011.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.metrics.significance import bootstrap_mean

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PolicyValue(Result):
    """What a policy would have earned, a mean over rounds.

    Parameters
    ----------
    value, low, high, level : float
    n : int
        Rounds.
    effective_n : float
        So many rounds of its own would say about as much: Kish's ``(sum w)² / sum w²``.
    largest_weight : float
        Of one round; where it is a good part of ``n``, one round decides.
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    effective_n: float
    largest_weight: float


@dataclass(frozen=True)
class Logged:
    """Rounds that a policy logged.

    Parameters
    ----------
    actions : int [shape=(n,)]
    rewards : float [shape=(n,)]
    propensities : float in (0, 1] [shape=(n,)]

    Raises
    ------
    BadInput
        If the lengths differ, or a propensity is no probability above 0.
    """

    actions: NDArray[np.int64]
    rewards: Floats
    propensities: Floats

    def __post_init__(self) -> None:
        lengths = {len(self.actions), len(self.rewards), len(self.propensities)}
        if len(lengths) > 1 or 0 in lengths:
            raise BadInput("actions, rewards and propensities are not of the same rounds", "give one of each a round")
        if not ((self.propensities > 0) & (self.propensities <= 1)).all():
            raise BadInput("a propensity is not in (0, 1]", "log the probability with which the action was drawn")

    def weights(self, target: ArrayLike) -> Floats:
        """Give how much more often the other policy would have drawn what was drawn [shape=(n,)].

        Parameters
        ----------
        target : float [shape=(n, n_arms)] or [shape=(n_arms,)]
            Of each arm in each round; one row where the policy looks at nothing.
        """
        rows = np.broadcast_to(np.asarray(target, dtype=np.float64), (len(self.actions), np.shape(target)[-1]))
        return np.asarray(rows[np.arange(len(self.actions)), self.actions] / self.propensities)


def ips(logged: Logged, target: ArrayLike, *, rng: np.random.Generator, level: float = 0.95) -> PolicyValue:
    """Weigh each reward by how much more often the other policy would have earned it.

    Examples
    --------
    >>> rounds = Logged(np.array([0, 1, 0, 1]), np.array([1.0, 0.0, 1.0, 1.0]), np.full(4, 0.5))
    >>> ips(rounds, [1.0, 0.0], rng=np.random.default_rng(0)).value
    1.0
    """
    weights = logged.weights(target)
    return _told(weights * logged.rewards, weights, rng, level)


def snips(logged: Logged, target: ArrayLike, *, rng: np.random.Generator, level: float = 0.95) -> PolicyValue:
    """Weigh as :func:`ips` does, and divide by the mean of the weights.

    The interval is of the linearised ratio.
    """
    weights = logged.weights(target)
    if not weights.any():
        raise BadInput("the other policy never draws what was drawn", "log with more exploration")
    value = float(weights @ logged.rewards / weights.sum())
    return _told(value + weights * (logged.rewards - value) / weights.mean(), weights, rng, level)


def doubly_robust(
    logged: Logged, target: ArrayLike, predicted: ArrayLike, *, rng: np.random.Generator, level: float = 0.95
) -> PolicyValue:
    """Take a model's word for what the other policy would earn, and correct it where something is known.

    Parameters
    ----------
    predicted : float [shape=(n, n_arms)]
        Rewards by a model that has not seen the round: :func:`predicted_rewards`.
    """
    guesses = np.asarray(predicted, dtype=np.float64)
    rows = np.broadcast_to(np.asarray(target, dtype=np.float64), guesses.shape)
    weights = logged.weights(rows)
    drawn = guesses[np.arange(len(guesses)), logged.actions]
    return _told((rows * guesses).sum(axis=1) + weights * (logged.rewards - drawn), weights, rng, level)


def predicted_rewards(
    logged: Logged,
    contexts: ArrayLike,
    n_arms: int,
    *,
    rng: np.random.Generator,
    folds: int = 5,
    ridge: float = 1.0,
) -> Floats:
    """Predict each arm's reward in each round by ridge regressions that have not seen that round.

    Parameters
    ----------
    contexts : float [shape=(n, n_features)]
        Without a constant; one is added.
    n_arms : int
    folds : int >= 2
    ridge : float > 0

    Returns
    -------
    float64 [shape=(n, n_arms)]
    """
    x = np.asarray(contexts, dtype=np.float64)
    x = np.column_stack([np.ones(len(x)), x])
    fold = rng.permutation(len(x)) % folds
    found = np.zeros((len(x), n_arms))
    for out in range(folds):
        for arm in range(n_arms):
            seen = (fold != out) & (logged.actions == arm)
            others = logged.rewards[seen] if seen.any() else logged.rewards[fold != out]
            mean = others.mean() if len(others) else 0.0
            gram = x[seen].T @ x[seen] + ridge * np.eye(x.shape[1])
            slope = np.linalg.solve(gram, x[seen].T @ (logged.rewards[seen] - mean))
            found[fold == out, arm] = mean + x[fold == out] @ slope
    return found


def _told(terms: Floats, weights: Floats, rng: np.random.Generator, level: float) -> PolicyValue:
    interval = bootstrap_mean(terms, rng=rng, level=level)
    squares = float(weights @ weights)
    effective = float(weights.sum()) ** 2 / squares if squares else 0.0
    return PolicyValue(interval.mean, interval.low, interval.high, level, len(terms), effective, float(weights.max()))

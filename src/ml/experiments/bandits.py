"""Learning which arm is best while it is asked for.

Conventions
-----------
- A choice carries its *propensity*: the probability with which exactly this arm was drawn. It is logged with the
  choice; :mod:`ml.experiments.off_policy` needs nothing else to say what another policy would have reached.
- Every arm keeps a probability of at least ``exploration / n_arms``, so that every policy can be judged afterwards.
- Rewards lie in [0, 1].
- A state is plain numbers and lists: ``to_state`` and ``from_state`` go through JSON.

References
----------
Thompson, "On the likelihood that one unknown probability exceeds another", Biometrika 25, 1933.
Chapelle and Li, "An empirical evaluation of Thompson sampling", NeurIPS 2011.
Li, Chu, Langford and Schapire, "A contextual-bandit approach to personalized news article recommendation", WWW 2010.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from ml.foundation.errors import BadInput
from ml.foundation.results import Result

Floats = NDArray[np.float64]
# Where an arm's posterior is looked at, in standard deviations around its mean.
_STEPS = np.linspace(-6, 6, 97)


@dataclass(frozen=True, slots=True)
class Choice(Result):
    """An arm that was drawn.

    Parameters
    ----------
    arm : str
    propensity : float in (0, 1]
        Probability with which it was drawn.
    """

    arm: str
    propensity: float


class ThompsonSampling:
    """Draws each arm with the probability that it is the best, given what it earned: Beta posteriors.

    Parameters
    ----------
    arms : sequence of str
        At least two.
    exploration : float in [0, 1]
        Share of the choices that are drawn evenly.

    Examples
    --------
    >>> bandit = ThompsonSampling(["a", "b"], exploration=0.0)
    >>> bandit.update("a", 1.0)
    >>> bandit.probabilities().round(3)  # of 2 x against 1 on [0, 1]: two thirds
    array([0.667, 0.333])
    """

    def __init__(self, arms: Sequence[str], *, exploration: float = 0.05) -> None:
        self.arms = _checked(arms, exploration)
        self.exploration = exploration
        self._earned = np.ones(len(arms))
        self._missed = np.ones(len(arms))

    def probabilities(self) -> Floats:
        """Give the probability of each arm to be drawn now [shape=(n_arms,)]."""
        best = _chances_to_be_best(self._earned, self._missed)
        return _mixed(best / best.sum(), self.exploration)

    def choose(self, rng: np.random.Generator) -> Choice:
        """Draw an arm."""
        return _drawn(self.arms, self.probabilities(), rng)

    def update(self, arm: str, reward: float) -> None:
        """Learn what an arm earned, a number in [0, 1].

        Raises
        ------
        BadInput
            If there is no such arm, or the reward lies outside.
        """
        index = _index(self.arms, arm, reward)
        self._earned[index] += reward
        self._missed[index] += 1 - reward

    def to_state(self) -> dict[str, Any]:
        """Give everything that was learned, as JSON knows it."""
        return {
            "arms": list(self.arms),
            "exploration": self.exploration,
            "earned": self._earned.tolist(),
            "missed": self._missed.tolist(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Go on from a state.

        Raises
        ------
        BadInput
            If it is none of this kind.
        """
        try:
            made = cls(state["arms"], exploration=state["exploration"])
            made._earned = _array(state["earned"], (len(made.arms),))
            made._missed = _array(state["missed"], (len(made.arms),))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"this is no state of Thompson sampling: {error}", "give what to_state() gave") from None
        return made


class LinUCB:
    """Takes the arm whose reward could be highest in this context: a ridge regression an arm, disjoint.

    Parameters
    ----------
    arms : sequence of str
        At least two.
    n_features : int >= 1
        Length of a context; one of its numbers should be 1.
    alpha : float >= 0
        How many standard deviations of doubt count in favour of an arm.
    ridge : float > 0
    exploration : float in [0, 1]
        Share of the choices that are drawn evenly: without it nothing could be said about other policies.
    """

    def __init__(
        self,
        arms: Sequence[str],
        n_features: int,
        *,
        alpha: float = 1.0,
        ridge: float = 1.0,
        exploration: float = 0.05,
    ) -> None:
        self.arms = _checked(arms, exploration)
        self.exploration, self.alpha, self.ridge = exploration, alpha, ridge
        self._inverse = np.tile(np.eye(n_features) / ridge, (len(arms), 1, 1))
        self._earned = np.zeros((len(arms), n_features))

    def bounds(self, context: ArrayLike) -> Floats:
        """Give what each arm could earn at most in a context [shape=(n_arms,)]."""
        x = self._context(context)
        towards = self._inverse @ x
        mean = np.einsum("kd,kd->k", towards, self._earned)
        return np.asarray(mean + self.alpha * np.sqrt(towards @ x))

    def probabilities(self, context: ArrayLike) -> Floats:
        """Give the probability of each arm to be drawn in a context [shape=(n_arms,)]; equals share it."""
        bounds = self.bounds(context)
        best = np.isclose(bounds, bounds.max(), rtol=1e-12, atol=0.0)
        return _mixed(best / best.sum(), self.exploration)

    def choose(self, context: ArrayLike, rng: np.random.Generator) -> Choice:
        """Draw an arm for a context [shape=(n_features,)]."""
        return _drawn(self.arms, self.probabilities(context), rng)

    def update(self, arm: str, context: ArrayLike, reward: float) -> None:
        """Learn what an arm earned in a context, a number in [0, 1].

        Raises
        ------
        BadInput
            If there is no such arm, the reward lies outside, or the context has another length.
        """
        index, x = _index(self.arms, arm, reward), self._context(context)
        # Sherman and Morrison: the inverse after one more observation.
        towards = self._inverse[index] @ x
        self._inverse[index] -= np.outer(towards, towards) / (1 + x @ towards)
        self._earned[index] += reward * x

    def _context(self, context: ArrayLike) -> Floats:
        try:
            return _array(context, (self._earned.shape[1],))
        except (TypeError, ValueError) as error:
            raise BadInput(f"this is no context: {error}", f"give {self._earned.shape[1]} numbers") from None

    def to_state(self) -> dict[str, Any]:
        """Give everything that was learned, as JSON knows it."""
        return {
            "arms": list(self.arms),
            "exploration": self.exploration,
            "alpha": self.alpha,
            "ridge": self.ridge,
            "inverse": self._inverse.tolist(),
            "earned": self._earned.tolist(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Go on from a state.

        Raises
        ------
        BadInput
            If it is none of this kind.
        """
        try:
            options = {name: state[name] for name in ("alpha", "ridge", "exploration")}
            size = len(state["earned"][0])
            made = cls(state["arms"], size, **options)
            made._inverse = _array(state["inverse"], (len(made.arms), size, size))
            made._earned = _array(state["earned"], (len(made.arms), size))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise BadInput(f"this is no state of LinUCB: {error}", "give what to_state() gave") from None
        return made


def _chances_to_be_best(earned: Floats, missed: Floats) -> Floats:
    """Integrate each posterior over where all others lie below, on a grid that is fine wherever one of them is."""
    n = earned + missed
    mean = earned / n
    deviation = np.sqrt(mean * (1 - mean) / (n + 1))
    around = mean[:, None] + deviation[:, None] * _STEPS
    grid = np.unique(np.concatenate([[0.0, 1.0], around.ravel().clip(0, 1)]))
    below = betainc(earned[:, None], missed[:, None], grid)
    mass, middle = np.diff(below), (below[:, 1:] + below[:, :-1]) / 2
    others = np.stack([np.prod(np.delete(middle, arm, axis=0), axis=0) for arm in range(len(earned))])
    return np.asarray((mass * others).sum(axis=1))


def _mixed(best: Floats, exploration: float) -> Floats:
    return np.asarray((1 - exploration) * best + exploration / len(best))


def _drawn(arms: Sequence[str], probabilities: Floats, rng: np.random.Generator) -> Choice:
    index = int(rng.choice(len(arms), p=probabilities))
    return Choice(arms[index], float(probabilities[index]))


def _checked(arms: Sequence[str], exploration: float) -> tuple[str, ...]:
    if isinstance(arms, str) or len(arms) < 2 or len(set(arms)) < len(arms):
        raise BadInput(f"{arms!r} are no arms to choose from", "give at least two different names")
    if not 0 <= exploration <= 1:
        raise BadInput(f"exploration = {exploration!r}", "give a share between 0 and 1")
    return tuple(arms)


def _index(arms: tuple[str, ...], arm: str, reward: float) -> int:
    if arm not in arms:
        raise BadInput(f"there is no arm {arm!r}", f"known: {', '.join(arms)}")
    if not 0 <= reward <= 1:
        raise BadInput(f"reward = {reward!r}", "give a number between 0 and 1")
    return arms.index(arm)


def _array(values: Any, shape: tuple[int, ...]) -> Floats:
    found = np.array(values, dtype=np.float64)
    if found.shape != shape or not np.isfinite(found).all():
        raise ValueError(f"numbers of shape {shape} are needed, not {found.shape}")
    return found

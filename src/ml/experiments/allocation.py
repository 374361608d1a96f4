"""How a bandit shares out its listeners: by what each variant has earned so far, as the store tells it.

Conventions
-----------
- A listener is drawn once, when they come in, and keeps the variant; the probability of the draw is written down with
  the exposure.
- What they earn is their metric within the window, as a share of ``full_reward``, in [0, 1]; one less that where less
  is better. It counts when the window is over: nobody is drawn by what they themselves did later.
- Probabilities are those of Thompson sampling (:class:`ml.experiments.bandits.ThompsonSampling`), worked out anew
  for each full hour (UTC) from what was known by then. The coin is a hash of the listener. *When* the odds of an hour
  are used is for :mod:`ml.experiments.odds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.schema import exposures
from ml.data.store import bulk
from ml.experiments.bandits import ThompsonSampling
from ml.experiments.cohort import window_ms
from ml.experiments.definition import Definition
from ml.experiments.registry import Experiment
from ml.experiments.sql import Stretch, per_listener

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Earned:
    """Listeners of a bandit whose window is over, in the order of their exposure.

    Parameters
    ----------
    at : int64 [shape=(n,)]
        When they were exposed, UTC milliseconds.
    arm : int64 [shape=(n,)]
        The variant, by number.
    propensity : float64 in (0, 1] [shape=(n,)]
    reward : float64 in [0, 1] [shape=(n,)]
    """

    at: NDArray[np.int64]
    arm: NDArray[np.int64]
    propensity: Floats
    reward: Floats

    @classmethod
    def read(
        cls, connection: Connection, experiment: Experiment, until: int, *, patience_s: float | None = None
    ) -> Earned:
        """Read what was earned by a moment.

        Parameters
        ----------
        patience_s : float, optional
            Seconds that the metric may take; :data:`ml.experiments.sql.PATIENCE_S` if left out.

        Raises
        ------
        BadInput
            If the metric cannot be counted.
        """
        definition = experiment.definition
        window = window_ms(definition)
        # First what may take too long, and is ended then.
        stretch = Stretch(experiment.id, window, until)
        values = per_listener(connection, definition.metric.statement, stretch, patience_s=patience_s)
        columns = (exposures.c.user_key, exposures.c.exposed_at, exposures.c.variant, exposures.c.propensity)
        mine = (exposures.c.experiment_id == experiment.id) & (exposures.c.exposed_at <= until - window)
        frame = bulk.read(connection, select(*columns).where(mine)).sort("exposed_at", "user_key")
        names = [variant.name for variant in definition.variants]
        found = np.array([values.get(user, 0.0) for user in frame["user_key"].to_list()], dtype=np.float64)
        return cls(
            frame["exposed_at"].to_numpy().astype(np.int64),
            np.array([names.index(name) for name in frame["variant"].to_list()], dtype=np.int64),
            frame["propensity"].to_numpy().astype(np.float64),
            rewards(definition, found),
        )

    def sums(self, n_arms: int) -> tuple[Floats, Floats]:
        """Give what each arm earned in all, and how many listeners it had [each of shape=(n_arms,)]."""
        earned = np.bincount(self.arm, weights=self.reward, minlength=n_arms)
        return np.asarray(earned, dtype=np.float64), np.bincount(self.arm, minlength=n_arms).astype(np.float64)


def rewards(definition: Definition, values: Floats) -> Floats:
    """Turn values of the metric into rewards.

    >>> from ml.experiments.definition import Definition
    >>> two = {"name": "x", "variants": [{"name": "A"}, {"name": "B"}], "design": "bandit"}
    >>> rewards(Definition.of({**two, "metric": "minutes", "full_reward": 60}), np.array([0.0, 30.0, 90.0]))
    array([0. , 0.5, 1. ])
    >>> rewards(Definition.of({**two, "metric": "skips", "full_reward": 4}), np.array([0.0, 3.0]))
    array([1.  , 0.25])
    """
    assert definition.full_reward is not None
    share = np.clip(values / definition.full_reward, 0.0, 1.0)
    return np.asarray(share if definition.metric.rises else 1.0 - share)


def probabilities(definition: Definition, earned: Floats, n: Floats) -> Floats:
    """Give the probability of each variant to be drawn [shape=(n_arms,)].

    Parameters
    ----------
    earned, n : float64 [shape=(n_arms,)]
        Sums of rewards, and listeners.
    """
    names = [variant.name for variant in definition.variants]
    state = {"arms": names, "exploration": definition.exploration, "earned": 1 + earned, "missed": 1 + n - earned}
    return ThompsonSampling.from_state(state).probabilities()


def means_before(definition: Definition, earned: Earned) -> Floats:
    """Give what each arm had earned on average when each listener came in, of those whose window was over by then.

    Returns
    -------
    float64 [shape=(n, n_arms)]
        One half, where nothing was known, is as good as one listener's word: the mean of the posterior.
    """
    n_arms, window = len(definition.variants), window_ms(definition)
    one_hot = earned.arm[:, None] == np.arange(n_arms)
    total = np.vstack([np.zeros(n_arms), (one_hot * earned.reward[:, None]).cumsum(axis=0)])
    n = np.vstack([np.zeros(n_arms), one_hot.cumsum(axis=0)])
    known = np.searchsorted(earned.at, earned.at - window, side="right")
    assert all(one <= other for one, other in pairwise(known.tolist()))
    return np.asarray((1 + total[known]) / (2 + n[known]))

"""When the odds of a bandit are worked out: never at the cost of an answer.

Conventions
-----------
- The odds of an hour are worked out once a process, by the first answer of that hour, which waits for
  :data:`PROMPT_S` at most; others that come meanwhile are drawn by the odds that were known before.
- A metric that takes longer is counted on a connection of its own, beside the answers, for
  :data:`ml.experiments.sql.PATIENCE_S` at most. Until then the odds that were known before hold, and even ones where
  there were none.
- Whatever odds a listener is drawn by are given back to be written down with the exposure. All of them rest on
  windows that were over, so estimates from the log stay right.
"""

from __future__ import annotations

import threading

import numpy as np
from sqlalchemy import Connection

from ml.data.store import Store
from ml.experiments.allocation import Earned, Floats, probabilities
from ml.experiments.registry import Experiment
from ml.foundation.errors import BadInput, MLError, StoreError
from ml.foundation.log import logger

#: How long one answer an hour may wait for odds, in seconds.
PROMPT_S = 0.1
REFRESH_MS = 3_600_000


class Odds:
    """The probabilities of running bandits, remembered for the hour in which they hold.

    Parameters
    ----------
    store : Store, optional
        Without it, a metric that takes longer than :data:`PROMPT_S` leaves the odds as they were for the hour.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._known: dict[int, tuple[int, Floats]] = {}
        self._working: dict[int, threading.Lock] = {}

    def now(self, connection: Connection, experiment: Experiment, at: int) -> Floats:
        """Give the probabilities to draw by at a moment, UTC milliseconds [shape=(n_arms,)]."""
        hour = at // REFRESH_MS
        known = self._known.get(experiment.id)
        if known is None or known[0] != hour:
            self._refresh(connection, experiment, hour)
            known = self._known.get(experiment.id)
        return _even(experiment) if known is None else known[1]

    def _refresh(self, connection: Connection, experiment: Experiment, hour: int) -> None:
        """Work the odds of an hour out, unless somebody does already."""
        working = self._working.setdefault(experiment.id, threading.Lock())
        if not working.acquire(blocking=False):
            return
        handed_over = False
        try:
            known = self._known.get(experiment.id)
            if known is not None and known[0] == hour:
                return
            try:
                self._known[experiment.id] = hour, _worked_out(connection, experiment, hour, PROMPT_S)
            except BadInput as error:
                # No answer tries again in this hour. The report says what is wrong with the metric.
                self._known[experiment.id] = hour, _even(experiment) if known is None else known[1]
                if self._store is not None:
                    beside = (self._store, experiment, hour, working)
                    threading.Thread(target=self._beside, args=beside, name="odds", daemon=True).start()
                    handed_over = True
                else:
                    _log(experiment, error)
        finally:
            if not handed_over:
                working.release()

    def _beside(self, store: Store, experiment: Experiment, hour: int, working: threading.Lock) -> None:
        try:
            with store.read() as connection:
                self._known[experiment.id] = hour, _worked_out(connection, experiment, hour, None)
        except (BadInput, StoreError) as error:
            _log(experiment, error)  # what was known before goes on; the next hour tries again
        finally:
            working.release()


def _log(experiment: Experiment, error: MLError) -> None:
    logger.warning("experiment %s draws by the odds it had, for this hour: %s", experiment.name, error.message)


def _worked_out(connection: Connection, experiment: Experiment, hour: int, patience_s: float | None) -> Floats:
    earned = Earned.read(connection, experiment, hour * REFRESH_MS, patience_s=patience_s)
    return probabilities(experiment.definition, *earned.sums(len(experiment.definition.variants)))


def _even(experiment: Experiment) -> Floats:
    n_arms = len(experiment.definition.variants)
    return np.full(n_arms, 1 / n_arms)

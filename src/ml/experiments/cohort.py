"""Who was exposed, and on which day of an experiment they begin to count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.schema import exposures
from ml.data.store import bulk
from ml.experiments.comparison import Integers
from ml.experiments.definition import Definition
from ml.experiments.registry import Experiment

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Cohort:
    """Who was exposed, in the order of their exposure.

    Parameters
    ----------
    users, at : int64 [shape=(n,)]
    variant : int64 [shape=(n,)]
        By number.
    counted : bool [shape=(n,)]
        Whether the window is over.
    look : int64 [shape=(n,)]
        Day of the experiment, from 0, on which it was.
    n_looks : int
    """

    users: Integers
    at: Integers
    variant: Integers
    counted: NDArray[np.bool_]
    look: Integers
    n_looks: int

    @classmethod
    def read(cls, connection: Connection, experiment: Experiment, until: int) -> Cohort:
        """Read the exposures up to a moment."""
        definition = experiment.definition
        columns = (exposures.c.user_key, exposures.c.exposed_at, exposures.c.variant)
        statement = select(*columns).where(exposures.c.experiment_id == experiment.id, exposures.c.exposed_at <= until)
        frame = bulk.read(connection, statement).sort("exposed_at", "user_key")
        names = [variant.name for variant in definition.variants]
        users, at = (frame[name].to_numpy().astype(np.int64) for name in ("user_key", "exposed_at"))
        place = {name: number for number, name in enumerate(names)}
        # Of an interleaved experiment everybody has both variants: there is one group.
        variant = np.array([place.get(name, 0) for name in frame["variant"].to_list()], dtype=np.int64)
        over = at + window_ms(definition)
        began = int(at[0]) if len(at) else until
        look = np.maximum(0, (over - began) // DAY_MS)
        n_looks = max(1, int((until - began) // DAY_MS) + 1)
        return cls(users, at, variant, over <= until, look, n_looks)

    @property
    def began(self) -> int:
        """When the first of them came in."""
        return int(self.at[0])


def window_ms(definition: Definition) -> int:
    """Give the length of the window."""
    return round(definition.window_days * DAY_MS)

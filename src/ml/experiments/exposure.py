"""Which variant a listener is given, and that it is written down once.

Conventions
-----------
Who was exposed once keeps that variant while the experiment runs, also when they would no longer be targeted. Who was
not yet is in if they are not held out, their bucket is one of the experiment's, and all conditions hold.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from ml.data.schema import experiments, exposures, listens, play_counts, subjects
from ml.data.store import Store
from ml.experiments import registry
from ml.experiments.assignment import bucket, held_out, variant_index
from ml.experiments.definition import Targeting
from ml.experiments.registry import Experiment
from ml.foundation.results import Result

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_KNOWN = select(exposures.c.variant).where(
    exposures.c.experiment_id == bindparam("experiment"), exposures.c.user_key == bindparam("user")
)
_RUNNING = select(experiments.c.id, experiments.c.changed_at).where(experiments.c.state == registry.RUNNING)


@dataclass(frozen=True, slots=True)
class Assignment(Result):
    """The variant that a listener is given.

    Parameters
    ----------
    experiment_id : int
    experiment, variant : str
    parameters : dict
    varied : frozenset of str
        Parameters that any variant of the experiment sets.
    new : bool
        Whether it is to be written down still.
    """

    experiment_id: int
    experiment: str
    variant: str
    parameters: Mapping[str, Any]
    varied: frozenset[str]
    new: bool


class Running:
    """The experiments that run now, remembered as long as none changes.

    One small query an answer tells whether any does: another process may start and stop them.
    """

    def __init__(self) -> None:
        self._known: tuple[dict[int, int], list[Experiment], float] = ({}, [], 0.0)

    def assignments(self, connection: Connection, user_key: int, surface: str) -> list[Assignment]:
        """Give the variants of a listener on a surface; nothing is written down.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            Of :meth:`ml.data.store.Store.read`.
        user_key : int
        surface : str
            Such as ``"recommendations"``.
        """
        running, holdout = self._read(connection)
        found = [
            _assigned(connection, each, holdout, user_key) for each in running if each.definition.surface == surface
        ]
        return [each for each in found if each is not None]

    def _read(self, connection: Connection) -> tuple[list[Experiment], float]:
        state = {row.id: row.changed_at for row in connection.execute(_RUNNING)}
        known = self._known
        if state != known[0]:
            rows = connection.execute(select(experiments).where(experiments.c.id.in_(state))).all()
            # One assignment: another thread sees the old or the new, never half of each.
            known = (state, [registry.read_row(row) for row in rows], registry.holdout(connection))
            self._known = known
        return known[1], known[2]


def expose(store: Store, user_key: int, assignments: Sequence[Assignment], *, at: int | None = None) -> None:
    """Write new exposures down, durably; those that are there already stay as they are.

    Parameters
    ----------
    at : int, optional
        UTC milliseconds; now if left out.
    """
    new = [each for each in assignments if each.new]
    if not new:
        return
    moment = time.time_ns() // 1_000_000 if at is None else at
    with store.write() as connection:
        for each in new:
            if _known(connection, each.experiment_id, user_key) is None:
                values: dict[str, Any] = {"experiment_id": each.experiment_id, "user_key": user_key}
                values |= {"variant": each.variant, "exposed_at": moment}
                connection.execute(insert(exposures).values(values))


def _assigned(connection: Connection, experiment: Experiment, holdout: float, user_key: int) -> Assignment | None:
    definition = experiment.definition
    if held_out(holdout, user_key) or bucket(definition.layer, user_key) not in experiment.buckets:
        return None
    known = _known(connection, experiment.id, user_key)
    if known is None and not targeted(connection, definition.targeting, user_key):
        return None
    weights = [variant.weight for variant in definition.variants]
    variant = definition.variants[variant_index(definition.draw, weights, user_key)]
    varied = definition.parameters
    return Assignment(experiment.id, experiment.name, variant.name, variant.parameters, varied, known is None)


def _known(connection: Connection, experiment_id: int, user_key: int) -> str | None:
    """Give the variant that a listener was exposed to."""
    asked = {"experiment": experiment_id, "user": user_key}
    found: str | None = connection.execute(_KNOWN, asked).scalar_one_or_none()
    return found


def targeted(connection: Connection, targeting: Targeting, user_key: int) -> bool:
    """Tell whether all conditions hold for a listener now; only what is asked for is looked up."""
    if targeting.countries:
        statement = select(subjects.c.country).where(subjects.c.user_key == user_key)
        if connection.execute(statement).scalar_one_or_none() not in targeting.countries:
            return False
    if targeting.min_listens or targeting.max_listens is not None:
        heard = select(func.count()).select_from(listens).where(listens.c.user_key == user_key)
        totals = select(func.coalesce(func.sum(play_counts.c.plays), 0)).where(play_counts.c.user_key == user_key)
        n = connection.execute(heard).scalar_one() + int(connection.execute(totals).scalar_one())
        return n >= targeting.min_listens and (targeting.max_listens is None or n <= targeting.max_listens)
    return True

"""Which variant a listener is given, and that it is written down once.

Conventions
-----------
Who was exposed once keeps that variant while the experiment runs, also when they would no longer be targeted. Who was
not yet is in if they are not held out, their bucket is one of the experiment's, all conditions hold, and their history
is not paused: of what they do nothing is kept, so there would be nothing to count.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from ml.data.identity.lookup import matching_rows
from ml.data.schema import experiments, exposures
from ml.data.store import Store
from ml.experiments import registry
from ml.experiments.admission import let_in
from ml.experiments.assignment import bucket, held_out, variant_index
from ml.experiments.definition import BANDIT, INTERLEAVED, SPLIT, Design, Variant
from ml.experiments.drafts import write_drafts
from ml.experiments.odds import Odds
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
    design : str
    variants : tuple of Variant
        All of the experiment; both have a say where it is interleaved.
    draw : str
        The salt of its draws.
    propensity : float or None
        Probability with which a bandit drew the variant just now.
    """

    experiment_id: int
    experiment: str
    variant: str
    parameters: Mapping[str, Any]
    varied: frozenset[str]
    new: bool
    design: Design = SPLIT
    variants: tuple[Variant, ...] = ()
    draw: str = ""
    propensity: float | None = None


class Running:
    """The experiments that run now, remembered as long as none changes.

    One small query an answer tells whether any does: another process may start and stop them.

    Parameters
    ----------
    store : Store, optional
        Where odds of a bandit that no answer waits for are worked out meanwhile; without it they are not.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._known: tuple[dict[int, int], list[Experiment], float] = ({}, [], 0.0)
        self._odds = Odds(store)

    def assignments(
        self, connection: Connection, user_key: int, surface: str, *, at: int | None = None
    ) -> list[Assignment]:
        """Give the variants of a listener on a surface; nothing is written down.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            Of :meth:`ml.data.store.Store.read`.
        user_key : int
        surface : str
            Such as ``"recommendations"``.
        at : int, optional
            UTC milliseconds; now if left out.
        """
        return self.assignments_of(connection, [user_key], surface, at=at)[user_key]

    def assignments_of(
        self, connection: Connection, user_keys: Collection[int], surface: str, *, at: int | None = None
    ) -> dict[int, list[Assignment]]:
        """Give the variants of some listeners, by their keys."""
        running, holdout = self._read(connection)
        found: dict[int, list[Assignment]] = {key: [] for key in user_keys}
        for experiment in running:
            if experiment.definition.surface != surface:
                continue
            layer, buckets = experiment.definition.layer, frozenset(experiment.buckets)
            inside = [key for key in found if not held_out(holdout, key) and bucket(layer, key) in buckets]
            known = _variants(connection, experiment.id, inside)
            entering = let_in(connection, experiment.definition.targeting, [key for key in inside if key not in known])
            for key in inside:
                if key in known or key in entering:
                    found[key].append(self._assigned(connection, experiment, key, known.get(key), at))
        return found

    def _assigned(
        self, connection: Connection, experiment: Experiment, user_key: int, known: str | None, at: int | None
    ) -> Assignment:
        definition = experiment.definition
        name: str
        parameters: Mapping[str, Any]
        propensity: float | None = None
        if definition.design == INTERLEAVED:
            name, parameters = INTERLEAVED, {}
        elif definition.design == BANDIT and known is not None:
            name, parameters = known, definition.variant(known).parameters
        else:
            weights = [variant.weight for variant in definition.variants]
            if definition.design == BANDIT:
                weights = self._odds.now(connection, experiment, _moment(at)).tolist()
            index = variant_index(definition.draw, weights, user_key)
            name, parameters = definition.variants[index].name, definition.variants[index].parameters
            propensity = weights[index] if definition.design == BANDIT else None
        return Assignment(
            experiment.id,
            experiment.name,
            name,
            parameters,
            definition.parameters,
            known is None,
            definition.design,
            definition.variants,
            definition.draw,
            propensity,
        )

    def _read(self, connection: Connection) -> tuple[list[Experiment], float]:
        state = {row.id: row.changed_at for row in connection.execute(_RUNNING)}
        known = self._known
        if state != known[0]:
            rows = connection.execute(select(experiments).where(experiments.c.id.in_(state))).all()
            # One assignment: another thread sees the old or the new, never half of each.
            known = (state, [registry.read_row(row) for row in rows], registry.holdout(connection))
            self._known = known
        return known[1], known[2]


@dataclass(frozen=True)
class Shown:
    """What a listener was given by the experiments that had a say.

    Parameters
    ----------
    user_key : int
    assignments : sequence of Assignment
    teams : mapping of int to (mapping of int to int)
        Of interleaved experiments, by their ids: which ranking each item came from, by the item's key.
    """

    user_key: int
    assignments: Sequence[Assignment]
    teams: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


def expose(store: Store, user_key: int, assignments: Sequence[Assignment], *, at: int | None = None) -> None:
    """Write a listener's new exposures down, durably; those that are there already stay as they are.

    Parameters
    ----------
    at : int, optional
        UTC milliseconds; now if left out.
    """
    expose_all(store, [Shown(user_key, assignments)], at=at)


def expose_all(store: Store, shown: Sequence[Shown], *, at: int | None = None) -> None:
    """Write what is new of several listeners down, together."""
    moment = _moment(at)
    new: dict[int, dict[int, Assignment]] = {}
    for each in shown:
        for assignment in each.assignments:
            if assignment.new:
                new.setdefault(assignment.experiment_id, {})[each.user_key] = assignment
    if new:
        with store.write() as connection:
            for experiment_id, given in new.items():
                # Another process may have been quicker.
                known = _variants(connection, experiment_id, list(given))
                rows: list[dict[str, Any]] = [
                    {
                        "experiment_id": experiment_id,
                        "user_key": user_key,
                        "variant": assignment.variant,
                        "exposed_at": moment,
                        "propensity": assignment.propensity,
                    }
                    for user_key, assignment in given.items()
                    if user_key not in known
                ]
                if rows:
                    connection.execute(insert(exposures), rows)
    drafted = {(experiment_id, each.user_key): teams for each in shown for experiment_id, teams in each.teams.items()}
    if drafted:
        write_drafts(store, drafted, at=moment)


def _moment(at: int | None) -> int:
    return time.time_ns() // 1_000_000 if at is None else at


def _known(connection: Connection, experiment_id: int, user_key: int) -> str | None:
    """Give the variant that a listener was exposed to."""
    asked = {"experiment": experiment_id, "user": user_key}
    found: str | None = connection.execute(_KNOWN, asked).scalar_one_or_none()
    return found


def _variants(connection: Connection, experiment_id: int, user_keys: Sequence[int]) -> dict[int, str]:
    """Give the variants that some listeners were exposed to, by their keys."""
    if len(user_keys) <= 1:
        found = {key: _known(connection, experiment_id, key) for key in user_keys}
        return {key: variant for key, variant in found.items() if variant is not None}
    statement = select(exposures.c.user_key, exposures.c.variant).where(exposures.c.experiment_id == experiment_id)
    return {row.user_key: row.variant for row in matching_rows(connection, statement, exposures.c.user_key, user_keys)}

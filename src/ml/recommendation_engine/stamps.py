"""Whether an answer that was given before would be given again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, bindparam, func, select

from ml.data.identity.lookup import check_text
from ml.data.schema import experiments, imports, users
from ml.data.store import Store
from ml.data.vault.listeners import hidden
from ml.experiments import registry
from ml.models import pointer

#: Model set, listener, what was recorded of them, imports.
Stamp = tuple[str, int, int, int, int]


class Moment(NamedTuple):
    """What the store says of a listener, and of all else that answers rest on, at one moment.

    Parameters
    ----------
    key : int
        Of the listener.
    changes : int
        How often something was recorded of them.
    imported : int
        When the last import ended, UTC milliseconds; 0 where there was none.
    undone : int
        Imports that were undone.
    experiments, importing : int
        Experiments and imports that run.
    """

    key: int
    changes: int
    imported: int
    undone: int
    experiments: int
    importing: int

    @property
    def catalogue(self) -> tuple[int, int] | None:
        """A mark that changes when names of items do; None while they may change at any time."""
        return None if self.importing else (self.imported, self.undone)


def _running(table: Table, column: ColumnElement[Any], value: str) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(column == value).scalar_subquery()


_STATE = select(
    users.c.key,
    users.c.changes,
    select(func.coalesce(func.max(imports.c.finished_at), 0)).scalar_subquery().label("imported"),
    _running(imports, imports.c.status, "undone").label("undone"),
    _running(experiments, experiments.c.state, registry.RUNNING).label("experiments"),
    _running(imports, imports.c.status, "running").label("importing"),
).where(users.c.source == bindparam("source"), users.c.external_id == bindparam("external"))


def moment_of(connection: Connection, user_id: str) -> Moment | None:
    """Read what answers to a listener rest on; None where nobody is called so in full."""
    source, colon, external = user_id.partition(":")
    check_text(user_id)
    wanted = {"source": source, "external": hidden(connection, external)}
    row = connection.execute(_STATE, wanted).first() if colon else None
    return None if row is None else Moment(*row)


def stamp_of(store: Store, models_root: Path, user_id: str) -> Stamp | None:
    """Give numbers that change whenever an answer to a listener does, but for the time of day and merges of items.

    Parameters
    ----------
    user_id : str
        Outside id, in full.

    Returns
    -------
    tuple or None
        None where an answer must not be given twice: nothing is known of the listener, an experiment is running, whose
        exposures have to be written down, or an import is under way.
    """
    source, _, external = user_id.partition(":")
    version = pointer.current(models_root)
    wanted = {"source": source, "external": store.vault.hidden(external)}
    row = store.first(_STATE, wanted) if version is not None else None
    if version is None or row is None or row.experiments or row.importing:
        return None
    return version, int(row.key), int(row.changes), int(row.imported), int(row.undone)


def key_in(stamp: Stamp) -> int:
    """Give the listener's key that a mark holds."""
    return stamp[1]

"""Whether an answer that was given before would be given again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import bindparam, func, select

from ml.data.schema import experiments, imports, users
from ml.data.store import Store
from ml.experiments import registry
from ml.models import pointer

#: Model set, listener, what was recorded of them, imports.
Stamp = tuple[str, int, int, int, int]

_RUNNING = select(func.count()).select_from(experiments).where(experiments.c.state == registry.RUNNING)
_IMPORTING = select(func.count()).select_from(imports).where(imports.c.status == "running")
_STATE = select(
    users.c.key,
    users.c.changes,
    select(func.coalesce(func.max(imports.c.finished_at), 0)).scalar_subquery().label("imported"),
    select(func.count()).select_from(imports).where(imports.c.status == "undone").scalar_subquery().label("undone"),
    (_RUNNING.scalar_subquery() + _IMPORTING.scalar_subquery()).label("moving"),
).where(users.c.source == bindparam("source"), users.c.external_id == bindparam("external"))


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
    if version is None or row is None or row.moving:
        return None
    return version, int(row.key), int(row.changes), int(row.imported), int(row.undone)


def key_in(stamp: Stamp) -> int:
    """Give the listener's key that a mark holds."""
    return stamp[1]

"""Experiments in the store: made, started, ramped, stopped, found.

Conventions
-----------
``draft`` → ``running`` → ``stopped``; nothing goes back. A running experiment holds buckets of its layer; a stopped one
gives them free. Shares are of a layer's buckets, and of those listeners the holdout is left out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ml.data.schema import experiments, exposures, facts
from ml.data.store import Store
from ml.experiments.assignment import BUCKETS, more_buckets
from ml.experiments.definition import BANDIT, Definition
from ml.experiments.sql import Stretch, per_listener
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.results import Result, plain

DRAFT, RUNNING, STOPPED = "draft", "running", "stopped"
_HOLDOUT = "experiments holdout"


@dataclass(frozen=True, slots=True)
class Experiment(Result):
    """An experiment as it stands in the store.

    Parameters
    ----------
    id : int
    definition : Definition
    state : str
        ``"draft"``, ``"running"`` or ``"stopped"``.
    buckets : tuple of int
        Of its layer; those it held last where it was stopped.
    created_at, started_at, stopped_at, changed_at : int or None
        UTC milliseconds.
    exposed : int
        Listeners who were given a variant.
    notices : tuple of str
        What a reader should know, such as that the data are synthetic.
    """

    id: int
    definition: Definition
    state: str
    buckets: tuple[int, ...]
    created_at: int
    started_at: int | None
    stopped_at: int | None
    changed_at: int
    exposed: int = 0
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.name

    @property
    def share(self) -> float:
        """Of its layer, now; 0 from when it is stopped."""
        return 0.0 if self.state == STOPPED else self.last_share

    @property
    def last_share(self) -> float:
        """Of its layer, now or when it was stopped."""
        return len(self.buckets) / BUCKETS

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, the shares in place of the buckets."""
        names = ("id", "state", "created_at", "started_at", "stopped_at", "exposed", "notices", "share", "last_share")
        found = {name: plain(getattr(self, name)) for name in names}
        return {"name": self.name, **found, "definition": self.definition.to_dict()}


def create(store: Store, definition: Definition) -> Experiment:
    """Write a new experiment down; nobody is in it yet.

    Raises
    ------
    BadInput
        If the name is taken, or a metric cannot be counted.
    """
    with store.read() as connection:
        for metric in definition.metrics:
            per_listener(connection, metric.statement, Stretch(0, 1, 0))
    now = _now()
    with store.write() as connection:
        if connection.execute(select(experiments.c.id).where(experiments.c.name == definition.name)).first():
            raise BadInput(
                f"there is an experiment {definition.name!r} already",
                "choose another name",
                code="experiment_taken",
                values={"name": definition.name},
            )
        found = {
            "id": store.allocate(connection, "experiment", 1),
            "name": definition.name,
            "surface": definition.surface,
            "layer": definition.layer,
            "state": DRAFT,
            "definition": definition.to_json(),
            "buckets": "[]",
            "created_at": now,
            "changed_at": now,
        }
        connection.execute(insert(experiments).values(found))
        return find(connection, definition.name)


def find(connection: Connection, name: str) -> Experiment:
    """Give an experiment by its name.

    Raises
    ------
    UnknownId
    """
    row = connection.execute(select(experiments).where(experiments.c.name == name)).first()
    if row is None:
        known = connection.execute(select(experiments.c.name)).scalars().all()
        raise UnknownId(
            f"no experiment {name!r}",
            did_you_mean(name, known) if known else "make one: ml experiment create",
            code="experiment_unknown" if known else "experiments_none",
            values={"name": name},
        )
    count = select(func.count()).select_from(exposures).where(exposures.c.experiment_id == row.id)
    return read_row(row, exposed=int(connection.execute(count).scalar_one()))


def everything(connection: Connection) -> list[Experiment]:
    """List the experiments, the newest first."""
    count = select(exposures.c.experiment_id, func.count()).group_by(exposures.c.experiment_id)
    exposed = {key: int(n) for key, n in connection.execute(count)}
    rows = connection.execute(select(experiments).order_by(experiments.c.id.desc())).all()
    return [read_row(row, exposed=exposed.get(row.id, 0)) for row in rows]


def read_row(row: Row[Any], *, exposed: int = 0) -> Experiment:
    """Read a row of the table."""
    return Experiment(
        row.id,
        Definition.of(_as_written_now(orjson.loads(row.definition))),
        row.state,
        tuple(orjson.loads(row.buckets)),
        row.created_at,
        row.started_at,
        row.stopped_at,
        row.changed_at,
        exposed,
    )


def _as_written_now(stored: dict[str, Any]) -> dict[str, Any]:
    """Read a definition of earlier versions: each had what only a bandit understands."""
    if stored.get("design") != BANDIT:
        for name in ("full_reward", "exploration"):
            stored.pop(name, None)
    return stored


def start(store: Store, name: str, *, share: float = 1.0) -> Experiment:
    """Let listeners in.

    Parameters
    ----------
    share : float in (0, 1]
        Of its layer.

    Raises
    ------
    BadInput
        If it is no draft, the layer has too little room, or another layer's experiment sets the same parameter.
    UnknownId
    """
    with store.write() as connection:
        found = find(connection, name)
        if found.state != DRAFT:
            hint, code = "make a new experiment: who was in this one knows its variants", "experiment_over"
            if found.state == RUNNING:
                hint, code = f"let in more listeners: ml experiment ramp {name} --share {share:g}", "experiment_runs"
            raise BadInput(f"{name} is {found.state}", hint, code=code, values={"name": name})
        _refuse_clash(found, running(connection))
        buckets = _room(connection, found, share)
        return _changed(connection, found, state=RUNNING, buckets=buckets, started_at=_now())


def ramp(store: Store, name: str, *, share: float) -> Experiment:
    """Let more listeners in; whoever is in stays, with the same variant.

    Raises
    ------
    BadInput
        If it is not running, the share is not larger, or the layer has too little room.
    UnknownId
    """
    _check_share(share)
    with store.write() as connection:
        found = find(connection, name)
        if found.state != RUNNING:
            hint, code = f"only what runs is ramped: ml experiment start {name}", "experiment_draft"
            if found.state == STOPPED:
                hint = "what was stopped stays so: make a new experiment, since who was in this one knows its variants"
                code = "experiment_over"
            raise BadInput(f"{name} is {found.state}", hint, code=code, values={"name": name})
        if round(share * BUCKETS) <= len(found.buckets):
            hint = "give a larger share, or stop it: sending back who is in would bias what is measured"
            raise BadInput(
                f"{name} has {found.share:.1%} of its layer already", hint, code="share_smaller", values={"name": name}
            )
        return _changed(connection, found, buckets=_room(connection, found, share))


def stop(store: Store, name: str) -> Experiment:
    """End an experiment: from now on nobody is given a variant, and its buckets are free.

    Raises
    ------
    BadInput
        If it was stopped already.
    UnknownId
    """
    with store.write() as connection:
        found = find(connection, name)
        if found.state == STOPPED:
            raise BadInput(
                f"{name} was stopped already",
                f"read it: ml experiment report {name}",
                code="experiment_stopped",
                values={"name": name},
            )
        return _changed(connection, found, state=STOPPED, stopped_at=_now())


def discard(store: Store, name: str) -> Experiment:
    """Delete a draft; return what it was.

    Raises
    ------
    BadInput
        If it was started: what listeners were given is not forgotten.
    UnknownId
    """
    with store.write() as connection:
        found = find(connection, name)
        if found.state == RUNNING:
            raise BadInput(
                f"{name} is running: only a draft can be deleted",
                f"ml experiment stop {name} ends it",
                code="experiment_running",
                values={"name": name},
            )
        if found.state == STOPPED:
            raise BadInput(
                f"{name} was run: only a draft can be deleted",
                "what it found stays to be read",
                code="experiment_was_run",
                values={"name": name},
            )
        connection.execute(delete(experiments).where(experiments.c.id == found.id))
        return found


def running(connection: Connection) -> list[Experiment]:
    """List the experiments that run, the oldest first."""
    rows = connection.execute(select(experiments).where(experiments.c.state == RUNNING).order_by(experiments.c.id))
    return [read_row(row) for row in rows.all()]


def holdout(connection: Connection) -> float:
    """Give the share of all listeners whom no experiment touches."""
    text = connection.execute(select(facts.c.value).where(facts.c.name == _HOLDOUT)).scalar_one_or_none()
    return float(text) if text else 0.0


def hold_out(store: Store, share: float) -> float:
    """Keep a share of all listeners out of every experiment.

    Raises
    ------
    BadInput
        If the share is none below 1, or an experiment runs: it would lose or gain listeners.
    """
    if not _is_number(share) or not 0 <= share < 1:
        raise BadInput(f"a holdout of {share!r}", "give a share from 0 to below 1, such as 0.05")
    with store.write() as connection:
        others = running(connection)
        if others:
            names = ", ".join(each.name for each in others)
            raise BadInput(f"the holdout cannot change while experiments run: {names}", "stop them first")
        connection.execute(delete(facts).where(facts.c.name == _HOLDOUT))
        connection.execute(insert(facts).values(name=_HOLDOUT, value=repr(float(share))))
    return share


def _room(connection: Connection, found: Experiment, share: float) -> list[int]:
    _check_share(share)
    others = [each for each in running(connection) if each.id != found.id]
    layer = found.definition.layer
    taken = {bucket for each in others if each.definition.layer == layer for bucket in each.buckets}
    buckets = more_buckets(found.definition.draw, found.buckets, taken, share)
    if buckets is None:
        names = ", ".join(each.name for each in others if each.definition.layer == layer)
        free = 1 - len(taken) / BUCKETS
        raise BadInput(
            f"layer {layer!r} has {free:.1%} left, and {names} the rest",
            "stop one of them, or give a smaller share",
            code="layer_full",
            values={"layer": layer},
        )
    return buckets


def _check_share(share: object) -> None:
    if not _is_number(share) or not 0 < share <= 1:
        raise BadInput(f"a share of {share!r}", "give a number above 0 and at most 1")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refuse_clash(found: Experiment, others: Sequence[Experiment]) -> None:
    """Two experiments that set one thing must share a layer: else a listener could be in both."""
    for other in others:
        same = sorted(found.definition.parameters & other.definition.parameters)
        apart = other.definition.layer != found.definition.layer
        if same and apart and other.definition.surface == found.definition.surface:
            message = f"{other.name} is running and sets {', '.join(same)} too, in layer {other.definition.layer!r}"
            raise BadInput(message, f"make {found.name} again in that layer, or stop {other.name}")


def _changed(connection: Connection, found: Experiment, **values: Any) -> Experiment:
    if "buckets" in values:
        values["buckets"] = orjson.dumps(values["buckets"]).decode()
    # Never the same twice: who remembers an experiment goes by it.
    values["changed_at"] = max(_now(), found.changed_at + 1)
    connection.execute(update(experiments).where(experiments.c.id == found.id).values(values))
    return find(connection, found.name)


def _now() -> int:
    return time.time_ns() // 1_000_000

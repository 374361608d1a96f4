"""What listeners do that is no listen: clicks and the like, appended one by one."""

from __future__ import annotations

import math
import re
import time

from sqlalchemy import insert, select

from ml.data.ingest.checks import AHEAD_MS, EARLIEST_MS
from ml.data.ingest.record import is_paused
from ml.data.schema import outcomes
from ml.data.store import Store
from ml.foundation.errors import BadInput

_EVENT = re.compile(r"[\w.-]{1,60}")


def record_outcome(
    store: Store,
    user_key: int,
    event: str = "click",
    *,
    item_key: int | None = None,
    value: float = 1.0,
    occurred_at: int | None = None,
) -> int | None:
    """Append an event, durable before it returns; give the moment under which it stands.

    It counts in every experiment that the listener was exposed to before; no experiment is named. While their history
    is paused nothing is stored: None.

    Parameters
    ----------
    event : str
        Letters, digits, ``.``, ``-`` and ``_``; the metric ``clicks`` sums ``"click"``.
    item_key : int, optional
    value : float
        What the event adds to a sum.
    occurred_at : int, optional
        UTC milliseconds; now if left out. A moment that is taken by the same event of the same listener is the next
        free one: two clicks are two.

    Raises
    ------
    BadInput
        If the event, the value or the time cannot be.
    """
    _check(event, value)
    now = time.time_ns() // 1_000_000
    at = now if occurred_at is None else occurred_at
    if not EARLIEST_MS <= at <= now + AHEAD_MS:
        raise BadInput(f"an event at {at} ms is dated in the future or before 1971", "give UTC milliseconds")
    same = (outcomes.c.user_key == user_key) & (outcomes.c.event == event)
    with store.write() as connection:
        if is_paused(connection, user_key):
            return None
        while connection.execute(select(outcomes.c.event).where(same, outcomes.c.occurred_at == at)).first():
            at += 1
        values = {"user_key": user_key, "occurred_at": at, "event": event, "item_key": item_key, "value": value}
        connection.execute(insert(outcomes).values(values))
    return at


def _check(event: object, value: object) -> None:
    if not isinstance(event, str) or not _EVENT.fullmatch(event):
        raise BadInput(f"{event!r} is no name of an event", "write letters, digits, '.', '-' and '_', at most 60")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"value = {value!r}", "give a finite number")

"""Listeners' outside ids, hidden on the way in and revealed on the way out.

Conventions
-----------
- Of an encrypted workspace ``external_id`` is a blind index, by which a listener is found, and the id itself is in
  ``sealed``. Of any other, ``external_id`` is the id and ``sealed`` null. ``source`` is never hidden.
- A process that has not noticed yet that another has encrypted the workspace finds out by the first row that is sealed,
  or by not finding somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection

from ml.data.vault.vault import vault_of

_TABLE = "users"
_FIELD = "external_id"


def subject_of(user_key: int) -> str:
    """Name a listener as the holder of a data key.

    >>> subject_of(7)
    'user/7'
    """
    return f"user/{user_key}"


def hidden(connection: Connection, external: str) -> str:
    """Give what ``external_id`` has to be for a listener."""
    return vault_of(connection).hidden(external)


def hide(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows of new listeners, with ``key`` and ``external_id``, as they are to be stored."""
    sealer = vault_of(connection).sealer(connection)
    if sealer is None or not rows:
        return list(rows)
    fields = {subject_of(row["key"]): {_FIELD: row[_FIELD]} for row in rows}
    sealed = sealer.seal_many(_TABLE, fields, new=True)
    return [row | {_FIELD: sealer.blind(row[_FIELD]), "sealed": sealed[subject_of(row["key"])]} for row in rows]


def reveal(connection: Connection, rows: Iterable[tuple[int, str, str | None]]) -> dict[int, str]:
    """Give the outside ids, without their source, of (key, external_id, sealed)."""
    known: dict[int, str] = {}
    sealed: dict[int, str] = {}
    for key, external, text in rows:
        if text is None:
            known[key] = external
        else:
            sealed[key] = text
    return known | _opened(connection, sealed)


def revealed(connection: Connection, frame: pl.DataFrame, *, key: str) -> pl.DataFrame:
    """Give a frame with columns ``external_id`` and ``sealed`` with the ids themselves, and without ``sealed``.

    Parameters
    ----------
    key : str
        The column of the listeners' keys.
    """
    rows = frame.filter(pl.col("sealed").is_not_null())
    if rows.is_empty():
        return frame.drop("sealed")
    names = _opened(connection, dict(rows.select(key, "sealed").iter_rows()))
    own = pl.DataFrame({key: list(names), "own": list(names.values())}, {key: pl.Int64, "own": pl.String})
    joined = frame.join(own, on=key, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("own", _FIELD).alias(_FIELD)).drop("own", "sealed")


def _opened(connection: Connection, sealed: Mapping[int, str]) -> dict[int, str]:
    if not sealed:
        return {}
    texts = {subject_of(key): text for key, text in sealed.items()}
    fields = vault_of(connection).open_many(connection, _TABLE, texts)
    return {key: fields[subject_of(key)][_FIELD] for key in sealed}

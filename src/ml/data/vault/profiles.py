"""What listeners' profiles say, sealed or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from ml.data.schema import subjects
from ml.data.vault.listeners import subject_of
from ml.data.vault.vault import vault_of

_TABLE = "subjects"
#: The columns that are sealed together, and their types.
FIELDS = {"name": pl.String, "gender": pl.String, "age": pl.Int64, "country": pl.String, "registered_at": pl.Int64}
_COLUMNS = (*(subjects.c[name] for name in FIELDS), subjects.c.sealed)
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_ALL = select(subjects.c.user_key, *_COLUMNS)
_SOME = _ALL.where(subjects.c.user_key.in_(_KEYS))
_ONE = _ALL.where(subjects.c.user_key == bindparam("key"))
# PostgreSQL takes at most 65,535 parameters in a statement, SQLite 32,766.
_SLICE = 5_000
_SCHEMA = {"user_key": pl.Int64, **FIELDS}


class Profile(NamedTuple):
    """What is known of a listener."""

    name: str | None = None
    gender: str | None = None
    age: int | None = None
    country: str | None = None
    registered_at: int | None = None


def profiles(connection: Connection, user_keys: Collection[int] | None = None) -> dict[int, Profile]:
    """Read the profiles of some listeners, or of all; those without one are left out."""
    rows: Sequence[Row[Any]]
    if user_keys is None:
        rows = connection.execute(_ALL).all()
    elif len(user_keys) == 1:
        rows = connection.execute(_ONE, {"key": next(iter(user_keys))}).all()
    else:
        keys = list(user_keys)
        parts = (keys[first : first + _SLICE] for first in range(0, len(keys), _SLICE))
        rows = [row for part in parts for row in connection.execute(_SOME, {"keys": part})]
    sealed = {subject_of(row.user_key): row.sealed for row in rows if row.sealed is not None}
    opened = vault_of(connection).open_many(connection, _TABLE, sealed) if sealed else {}
    return {
        row.user_key: Profile(*row[1:-1]) if row.sealed is None else Profile(**opened[subject_of(row.user_key)])
        for row in rows
    }


def profile_frame(connection: Connection, user_keys: Collection[int] | None = None) -> pl.DataFrame:
    """Read the same as columns, ``user_key`` first."""
    rows = [(key, *profile) for key, profile in profiles(connection, user_keys).items()]
    return pl.DataFrame(rows, _SCHEMA, orient="row")


def hide_profiles(connection: Connection, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame of profiles, in a transaction that writes, as it is to be stored."""
    sealer = vault_of(connection).sealer(connection)
    if sealer is None or frame.is_empty():
        return frame
    rows = {row["user_key"]: fields_of(row) for row in frame.iter_rows(named=True)}
    sealed = sealer.seal_many(_TABLE, {subject_of(key): fields for key, fields in rows.items()})
    texts = pl.Series("sealed", [sealed[subject_of(key)] for key in frame["user_key"]], dtype=pl.String)
    return frame.with_columns(texts, *(pl.lit(None, dtype=kind).alias(name) for name, kind in FIELDS.items()))


def fields_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a profile that say something."""
    return {name: row[name] for name in FIELDS if row[name] is not None}

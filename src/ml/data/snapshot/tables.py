"""The tables of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

#: Changes whenever a table gains, loses or redefines a column.
SCHEMA_VERSION = 2
#: Versions that can be read: 1 had no feedback.
READABLE = (1, 2)

_TEXT, _WHOLE, _YES_NO, _REAL = pl.String(), pl.Int64(), pl.Boolean(), pl.Float64()


@dataclass(frozen=True)
class Table:
    """Columns of a table, by name, and the ones that it is sorted by and that make a row unique."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, pl.DataType]

    def empty(self) -> pl.DataFrame:
        """Give the table without rows."""
        return pl.DataFrame(schema=self.columns)


_ALL = (
    Table(
        "items",
        ("key",),
        {
            "key": _WHOLE,
            "kind": _TEXT,  # track | artist
            "name": _TEXT,
            "credit": _TEXT,
            "album": _TEXT,
            "duration_ms": _WHOLE,
            "isrc": _TEXT,
            "mbid": _TEXT,
            "year": _WHOLE,
            "language": _TEXT,
            "explicit": _YES_NO,
            "country": _TEXT,
        },
    ),
    Table("redirects", ("key",), {"key": _WHOLE, "root": _WHOLE}),
    Table(
        "listens",
        ("user_key", "listened_at", "item_key"),
        {
            "user_key": _WHOLE,
            "item_key": _WHOLE,
            "listened_at": _WHOLE,  # UTC, in milliseconds
            "ms_played": _WHOLE,
            "skipped": _YES_NO,
            "shuffle": _YES_NO,
            "device": _TEXT,
            "activity": _TEXT,
        },
    ),
    Table(
        "feedback",
        ("user_key", "item_key", "kind"),
        {"user_key": _WHOLE, "item_key": _WHOLE, "kind": _TEXT, "said_at": _WHOLE},  # like | dislike | add_to_playlist
    ),
    Table("counts", ("user_key", "item_key"), {"user_key": _WHOLE, "item_key": _WHOLE, "plays": _WHOLE}),
    Table(
        "tags",
        ("item_key", "tag", "kind", "user_key"),
        {"item_key": _WHOLE, "tag": _TEXT, "kind": _TEXT, "user_key": _WHOLE},
    ),
    Table(
        "credits",
        ("track_key", "position"),
        {"track_key": _WHOLE, "position": _WHOLE, "artist_key": _WHOLE, "role": _TEXT},
    ),
    Table("features", ("item_key", "feature"), {"item_key": _WHOLE, "feature": _TEXT, "value": _REAL}),
)

#: Every table by name.
TABLES: dict[str, Table] = {table.name: table for table in _ALL}

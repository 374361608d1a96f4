"""A described item: what a row of a foreign file says about a track or an artist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import polars as pl

from ml.data.frames import ITEM
from ml.data.identity.names import match_key
from ml.data.identity.outside import OutsideId

#: Separates the parts of a description's text; importers strip control characters.
_UNIT = "\x1f"
#: What a description may add to an item that is already there.
DETAILS = ("album", "duration_ms", "isrc", "mbid", "year", "language", "explicit", "country")


@dataclass(frozen=True, slots=True)
class Description:
    """One item as a source describes it.

    Parameters
    ----------
    text : str
        All that identifies it, joined: equal texts are one item.
    kind : str
    outside : OutsideId or None
    name : str
        Title or artist's name; the outside id where there is no name.
    credit : str or None
    match : str
        What other descriptions of it share; an outside id alone matches nothing else.
    artist_mbids : tuple of str
    details : mapping
        Values for the columns :data:`DETAILS`.
    """

    text: str
    kind: str
    outside: OutsideId | None
    name: str
    credit: str | None
    match: str
    artist_mbids: tuple[str, ...]
    details: Mapping[str, Any]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of a frame with the columns of :data:`ml.data.frames.ITEM` and any details."""
        kind = row["kind"] or "track"
        outside = OutsideId.parse(row["item_id"]) if row["item_id"] else None
        name, credit = row["title"], row["artist"] if kind == "track" else None
        match = match_key(kind, name, credit) if name else f"={outside}"
        return cls(
            text=row["description"],
            kind=kind,
            outside=outside,
            name=name or str(outside),
            credit=credit,
            match=match,
            artist_mbids=tuple(row.get("artist_mbids") or ()),
            details={column: row.get(column) for column in DETAILS},
        )

    @property
    def named(self) -> bool:
        """Whether it may be recognised by its name: it has one, and a track has an artist."""
        return not self.match.startswith(("=", "t||"))

    @property
    def duration_ms(self) -> int | None:
        """Length in milliseconds, where the source gives it."""
        value: int | None = self.details["duration_ms"]
        return value


def description() -> pl.Expr:
    """Join the columns that identify an item into one text; equal texts are equal descriptions."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in ITEM], separator=_UNIT).alias(
        "description"
    )

"""Keys to what people and other programs call a thing, for whole tables at once."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from ml.data.schema import aliases, items, users
from ml.data.store import bulk
from ml.data.vault.listeners import revealed


def item_ids(connection: Connection) -> pl.DataFrame:
    """Give one outside id for every item that a source has named; the same as everywhere else.

    Returns
    -------
    polars.DataFrame [columns item_key, item_id]
    """
    columns = (aliases.c.item_key, aliases.c.source, aliases.c.external_id)
    rows = bulk.read(connection, select(*columns), split=aliases.c.item_key)
    return (
        rows.sort("item_key", "source", "external_id")
        .unique("item_key", keep="first", maintain_order=True)
        .select("item_key", outside_id().alias("item_id"))
    )


def item_names(connection: Connection) -> pl.DataFrame:
    """Give every item's id and the names that it is known by.

    An item that no source has named has no id: its names are what identifies it. An item
    known by its id alone has no title.

    Returns
    -------
    polars.DataFrame [columns item_key, item_id, kind, title, artist, album]
    """
    columns = (
        items.c.key.label("item_key"),
        items.c.kind,
        items.c.name,
        items.c.credit.label("artist"),
        items.c.album,
        items.c.match,
    )
    rows = bulk.read(connection, select(*columns), split=items.c.key)
    named = rows.join(item_ids(connection), on="item_key", how="left")
    return named.select("item_key", "item_id", "kind", title(), "artist", "album")


def title() -> pl.Expr:
    """Give the column ``title``: the name, unless it only repeats the id."""
    return pl.when(~pl.col("match").str.starts_with("=")).then(pl.col("name")).alias("title")


def user_ids(connection: Connection) -> pl.DataFrame:
    """Give every listener's outside id.

    Returns
    -------
    polars.DataFrame [columns user_key, user_id]
    """
    columns = (users.c.key.label("user_key"), users.c.source, users.c.external_id, users.c.sealed)
    rows = revealed(connection, bulk.read(connection, select(*columns)), key="user_key")
    return rows.select("user_key", outside_id().alias("user_id"))


def outside_id() -> pl.Expr:
    """Give the outside id, ``source:id``, of rows with ``source`` and ``external_id``."""
    return pl.concat_str("source", "external_id", separator=":")

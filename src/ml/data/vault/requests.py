"""What saved searches and recipes of playlists ask for, sealed in an encrypted workspace: both may name a listener."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, Table

from ml.data.vault.cipher import place
from ml.data.vault.texts import hide_text, show_text
from ml.data.vault.vault import REQUESTS

#: The column of both tables, whose rows are known by ``name``.
COLUMN = "request"


def hide_request(connection: Connection, table: Table, name: str, text: str) -> str:
    """Give what is stored for a request, a JSON document, in a transaction that writes."""
    return hide_text(connection, REQUESTS, place(table.name, COLUMN, name), text)


def show_request(connection: Connection, table: Table, name: str, text: str) -> str:
    """Give a stored request as JSON."""
    return show_text(connection, REQUESTS, place(table.name, COLUMN, name), text)


def read_request(connection: Connection, table: Table, name: str, text: str) -> dict[str, Any]:
    """Read a stored request."""
    read: dict[str, Any] = orjson.loads(show_request(connection, table, name, text))
    return read

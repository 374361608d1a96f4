"""Remembering that something was used, without making anybody wait for it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Update

from ml.data.store import Store
from ml.foundation.errors import StoreError


def touch(store: Store, statement: Update, values: Mapping[str, object]) -> None:
    """Write a small change if nobody else is writing; else the next request does it.

    A database that is full or busy must not keep out who may come in.
    """
    try:
        with store.write(durable=False, patience_s=0.0) as connection:
            connection.execute(statement, values)
    except StoreError:
        return

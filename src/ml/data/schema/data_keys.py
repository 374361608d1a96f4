"""The keys of what is encrypted; see :mod:`ml.data.vault`."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from ml.data.schema.base import metadata

#: One key a subject, wrapped by a root key that is not here. Deleting a row shreds what it opens.
data_keys = Table(
    "data_keys",
    metadata,
    Column("subject", String, primary_key=True),  # user/KEY, account/ID, …
    Column("root", String, nullable=False),  # the id of the root key
    Column("wrapped", String, nullable=False),
    Index(None, "root"),
)

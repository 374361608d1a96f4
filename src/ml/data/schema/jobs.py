"""Work in the background; see :mod:`ml.data.jobs`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from ml.data.schema.base import key, metadata

#: Work in the background, in the order in which it was asked for; see :mod:`ml.data.jobs`.
jobs = Table(
    "jobs",
    metadata,
    key("id", primary=True),
    Column("kind", String, nullable=False),
    Column("arguments", String, nullable=False),  # JSON
    Column("state", String, nullable=False),  # queued | running | done | failed | cancelled
    Column("owner", String, nullable=False),  # the id of who asked for it
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("beat_at", BigInteger),  # when its runner was last heard of
    Column("finished_at", BigInteger),
    Column("runner", String),  # drawn anew by each
    Column("attempts", BigInteger, nullable=False),
    Column("progress", String, nullable=False),  # JSON, as are the next two
    Column("result", String),
    Column("error", String),
    Column("cancel_asked", Boolean, nullable=False),
    Index(None, "state"),
)

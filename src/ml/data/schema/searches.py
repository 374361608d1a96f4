"""What was searched for; see :mod:`ml.intelligent_search.history`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from ml.data.schema.base import key, metadata

#: What was searched for. ``whose`` is a keyed hash of the listener, null where nobody was named; ``plain`` is the text
#: as :func:`ml.data.identity.normalise` leaves it; ``total`` is how many documents matched.
searches = Table(
    "searches",
    metadata,
    key("id", primary=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("whose", String),
    Column("text", String, nullable=False),
    Column("plain", String, nullable=False),
    Column("total", BigInteger, nullable=False),
    Index(None, "plain"),
    Index(None, "asked_at"),
    Index(None, "whose"),
)

#: Which hits of a search were chosen.
search_choices = Table(
    "search_choices",
    metadata,
    key("search_id", primary=True),
    Column("hit", String, primary_key=True),
    Column("chosen_at", BigInteger, nullable=False),
)

#: Searches that somebody gave a name, to ask again.
saved_searches = Table(
    "saved_searches",
    metadata,
    Column("name", String, primary_key=True),
    Column("request", String, nullable=False),  # JSON
    Column("created_at", BigInteger, nullable=False),
)

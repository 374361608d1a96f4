"""The store: the source of truth, in SQLite or PostgreSQL.

:class:`Store` opens a database and hands out transactions; :mod:`~ml.data.store.bulk`
moves whole columns in and out; :mod:`~ml.data.store.faults` turns a driver's complaint
into one of our errors.
"""

from ml.data.store.store import Store

__all__ = ["Store"]

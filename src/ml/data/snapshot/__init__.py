"""Snapshots: what training, evaluation and analytics read. Columnar, immutable, named by their content.

::

    snapshots/
      latest                     name of the newest snapshot
      3f9a…/                     first 16 hex digits of the hash
        manifest.json            what is in it, and the SHA-256 of every file
        items/part-00000.parquet
        listens/part-00000.parquet  part-00001.parquet …

Conventions
-----------
- Every table is a folder of Parquet parts. The rows of the parts, one after the other, are
  sorted and have no doubles; Spark, Dask and polars read a table's folder as it is.
- Item keys are those of *roots*: what the store says to be the same thing has one key here, and
  ``redirects`` tells which keys it absorbed.
- No personal data: listeners are random keys; no outside ids, no names of listeners, no paths.
- Listens of private sessions are left out.
- The hash is of the sorted content of the columns: it depends neither on the database, nor on
  the order in which rows arrived, nor on who wrote the files.
"""

from ml.data.snapshot.manifest import FileFacts, Manifest
from ml.data.snapshot.snapshot import Snapshot
from ml.data.snapshot.tables import TABLES
from ml.data.snapshot.taking import take

__all__ = ["TABLES", "FileFacts", "Manifest", "Snapshot", "take"]

"""A workspace: the one folder in which everything about one body of music lives.

::

    <home>/
      ml.db                       the store, unless ML_DATABASE_URL names another database
      snapshots/  models/         immutable, hashed; pointer files name the current ones
      indexes/                    derived: may be thrown away at any time
      reports/  rejects/          what was measured; rows that imports refused
      audit/                      who did what; files that only grow
      demo/                       a workspace of its own: the demo world

Conventions
-----------
- A workspace is *real* or *demo*, for good; the two are never mixed. Demo data is synthetic.
- Nothing here reads settings: a workspace is given its folder and its database.
- A backup is one uncompressed tar archive. The database in it is always SQLite, from
  whichever database it came, so that it can be restored into either.
"""

from ml.data.workspace.archive import Backup, backup
from ml.data.workspace.overview import Status, status
from ml.data.workspace.restoration import Restored, restore
from ml.data.workspace.workspace import DEMO, REAL, Workspace, demo_home

__all__ = [
    "DEMO",
    "REAL",
    "Backup",
    "Restored",
    "Status",
    "Workspace",
    "backup",
    "demo_home",
    "restore",
    "status",
]

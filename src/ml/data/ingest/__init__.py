"""From files to the store: recognised, checked, resolved, written, remembered.

Conventions
-----------
- The same file twice adds nothing. A file that was read to its end before is not read again.
- Every batch is written in slices of at most some 50 ms, each its own transaction, so that
  a listen recorded meanwhile does not wait. After a kill, the next run goes on behind the
  last complete batch, and rows of the broken one are recognised as already there.
- A row that cannot be used is written to the workspace's ``rejects`` folder with file,
  line and reason; nothing is dropped in silence.
- Listens are sorted by listener before they are written: their table is clustered by
  listener, and sorted batches keep the pages that a transaction touches few.
"""

from ml.data.ingest.history import ImportRecord, UndoReport, list_imports, news_since, undo
from ml.data.ingest.loader import load
from ml.data.ingest.record import Event, record_block, record_feedback, record_listen
from ml.data.ingest.run import dry_run, run
from ml.data.ingest.scrobbles import Scrobbled, record_described, record_heard
from ml.data.ingest.summary import ImportSummary
from ml.data.ingest.undoing import Undone, pause_history, undo_event

__all__ = [
    "Event",
    "ImportRecord",
    "ImportSummary",
    "Scrobbled",
    "UndoReport",
    "Undone",
    "dry_run",
    "list_imports",
    "load",
    "news_since",
    "pause_history",
    "record_block",
    "record_described",
    "record_feedback",
    "record_heard",
    "record_listen",
    "run",
    "undo",
    "undo_event",
]

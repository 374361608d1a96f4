"""The audit log: who did what, when, on whom and with what result; written before it is answered for.

Conventions
-----------
- The log is the folder ``audit`` of a workspace: files that only grow, one JSON object a line, each with the hash of
  the one before (:mod:`ml.data.audit.record`). A *chain* belongs to one process at a time; a process that ends leaves
  it to the next. It lies in *segments*, a file each, by day and size: ``<first day>-<chain>-<number>.jsonl``.
- A record that :meth:`AuditLog.record` has returned for is on the disk. Records of many threads reach it together, as
  soon as those before them have: nobody waits for company. What cannot be recorded raises, and must not happen.
- Nobody is named: a listener by a keyed hash of their random key, others by the id of their account or key.
- Each process writes the ends of the others' chains into its own (*anchors*), so that what is cut off one is missed by
  another. :func:`anchor_line` is for a place that no process of this machine can change.
- A line without an end is of a process that died while writing it: nobody was told that it is there. Whoever goes on
  with the chain cuts it off and notes that. It is no finding of :func:`verify`; nor is a clock that has jumped, which
  is noted too.
- Times are UTC.
"""

from ml.data.audit.anchor import Head, anchor_line, heads, read_anchors
from ml.data.audit.batch import Ticket
from ml.data.audit.log import AuditLog
from ml.data.audit.reading import Exported, Wanted, export, last, records
from ml.data.audit.record import Deed, Key
from ml.data.audit.retention import Pruned
from ml.data.audit.segment import held
from ml.data.audit.verification import Finding, Verification, verify

__all__ = [
    "AuditLog",
    "Deed",
    "Exported",
    "Finding",
    "Head",
    "Key",
    "Pruned",
    "Ticket",
    "Verification",
    "Wanted",
    "anchor_line",
    "export",
    "heads",
    "held",
    "last",
    "read_anchors",
    "records",
    "verify",
]

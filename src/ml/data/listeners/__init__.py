"""All that is stored of one listener: given to them, or erased.

Conventions
-----------
- What is stored of a listener is found by their key; who gets in as them (accounts, keys, invitations) by their outside
  id. :mod:`~ml.data.listeners.tables` lists every place, and a test holds it to the schema.
- An export is one JSON document, made piece by piece, so that a history of any length takes the same memory.
- An erasure is one transaction, after most of a long history went in short ones: who is stopped half-way begins again.
"""

from ml.data.listeners.erasing import Erased, Taint, erase, shut_out, tainted_by
from ml.data.listeners.exporting import export
from ml.data.listeners.whom import Whom, find_whom

__all__ = ["Erased", "Taint", "Whom", "erase", "export", "find_whom", "shut_out", "tainted_by"]

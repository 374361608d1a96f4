"""Indexes of vectors that stay open between questions, until their file is another one."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from ml.foundation.errors import CorruptModel
from ml.models.retrieval import VectorIndex

#: That are open at a time: our own, and a larger embedder's.
_MOST = 2


def read(path: Path) -> VectorIndex | None:
    """Read an index; None where there is none, or none that can be read: it can be made again."""
    try:
        return VectorIndex.load(path) if path.is_file() else None
    except CorruptModel:
        return None


class Opened:
    """Reads indexes, each once as long as its file stays the same. Whoever adds to one adds to a copy."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[Path, tuple[tuple[int, ...], VectorIndex | None]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, path: Path) -> VectorIndex | None:
        """Give an index as its file is now; None as :func:`read`."""
        with self._lock:  # of two who ask at once the second waits: to read it twice would take longer
            # Looked at before it is read: one that changes meanwhile looks changed the next time.
            mark = _mark(path)
            known = self._indexes.pop(path, None)
            if mark is None:
                return None
            if known is None or known[0] != mark:
                known = mark, read(path)
            self._indexes[path] = known
            if len(self._indexes) > _MOST:
                self._indexes.popitem(last=False)
            return known[1]


def _mark(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size

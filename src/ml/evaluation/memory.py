"""The most memory that a stretch of work needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class Peak:
    """The peak of a stretch, once it is over.

    Parameters
    ----------
    mb : float
        10⁶ bytes.
    """

    mb: float = 0.0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Measure the peak of the process's memory inside the block; Linux forgets earlier peaks when asked to.

    >>> with peak_memory() as peak:
    ...     block = bytearray(50_000_000)
    >>> peak.mb > 50
    True
    """
    _CLEAR.write_text("5")
    peak = Peak()
    try:
        yield peak
    finally:
        found = _PEAK.search(_STATUS.read_text())
        peak.mb = int(found[1]) * 1024 / 1e6 if found else 0.0

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
    mb : float or None
        10⁶ bytes; None where the system does not tell.
    """

    mb: float | None = None


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Measure the peak of the process's memory inside the block; Linux forgets earlier peaks when asked to.

    >>> with peak_memory() as peak:
    ...     block = bytearray(50_000_000)
    >>> peak.mb is None or peak.mb > 50
    True
    """
    peak = Peak()
    try:
        _CLEAR.write_text("5")
    except OSError:
        yield peak
        return
    try:
        yield peak
    finally:
        found = _PEAK.search(_STATUS.read_text())
        peak.mb = int(found[1]) * 1024 / 1e6 if found else None

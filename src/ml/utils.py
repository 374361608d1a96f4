"""Tools around the package's work: how long something takes, and how much memory."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ml.foundation.log import logger
from ml.foundation.results import Result

__all__ = ["Profile", "profile_performance"]

_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Profile(Result):
    """What a stretch of work took. A megabyte is 10⁶ bytes.

    Parameters
    ----------
    label : str
    wall_s : float
        Seconds on the clock.
    cpu_s : float
        Seconds of processor time of the whole process, so threads add up; waiting costs none.
    peak_rss_mb : float
        The most memory this process ever held, until the end of the block.
    rss_change_mb : float
        Memory held after the block less that before; negative where it gave some back.
    failed : bool
        Whether the block ended in an exception.
    """

    label: str
    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    rss_change_mb: float
    failed: bool = False

    def __str__(self) -> str:
        name = f"{self.label}: " if self.label else ""
        end = ", failed" if self.failed else ""
        return (
            f"{name}{self.wall_s:.3f} s, processor {self.cpu_s:.3f} s, "
            f"memory {self.rss_change_mb:+.1f} MB, peak {self.peak_rss_mb:.0f} MB{end}"
        )


class profile_performance:  # noqa: N801  # reads as a verb at every place of use
    """Measure what happens inside a ``with`` block, ``await`` included.

    Parameters
    ----------
    label : str
        What is measured, for the report.
    report : bool
        Print one line to stderr and log it to ``ml``; False only measures.

    Raises
    ------
    RuntimeError
        If a number is read before the block has ended.

    Examples
    --------
    >>> with profile_performance("sum", report=False) as profile:
    ...     total = sum(range(1000))
    >>> profile.result.label, profile.wall_s >= 0, profile["failed"]
    ('sum', True, False)
    """

    def __init__(self, label: str = "", *, report: bool = True) -> None:
        self._label = label
        self._report = report
        self._result: Profile | None = None

    @property
    def result(self) -> Profile:
        """The frozen numbers."""
        if self._result is None:
            raise RuntimeError("nothing is measured yet: read the profile after its `with` block")
        return self._result

    @property
    def wall_s(self) -> float:
        """Seconds on the clock."""
        return self.result.wall_s

    @property
    def cpu_s(self) -> float:
        """Seconds of processor time."""
        return self.result.cpu_s

    @property
    def peak_rss_mb(self) -> float:
        """Peak memory of the process."""
        return self.result.peak_rss_mb

    @property
    def rss_change_mb(self) -> float:
        """Memory after less memory before."""
        return self.result.rss_change_mb

    def __getitem__(self, name: str) -> Any:
        return self.result[name]

    def __enter__(self) -> Self:
        self._result = None
        self._rss = _rss_mb()
        self._cpu = time.process_time()
        self._wall = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._result = Profile(
            label=self._label,
            wall_s=time.perf_counter() - self._wall,
            cpu_s=time.process_time() - self._cpu,
            peak_rss_mb=_peak_rss_mb(),
            rss_change_mb=_rss_mb() - self._rss,
            failed=error is not None,
        )
        if self._report:
            sys.stderr.write(f"{self._result}\n")
            logger.info("%s", self._result)


def _rss_mb() -> float:
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * resource.getpagesize() / 1e6
    return _peak_rss_mb()  # not Linux: the nearest that the standard library knows


def _peak_rss_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6

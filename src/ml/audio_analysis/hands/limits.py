"""How much a process may take that opens what strangers send."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import Self

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take.

    Parameters
    ----------
    memory_bytes : int
        Of addresses, which is more than it uses.
    cpu_s : int
        Processor time of one job.
    file_bytes : int
        Of a file that it writes.
    """

    memory_bytes: int = 4096 * _MIB
    cpu_s: int = 120
    file_bytes: int = 512 * _MIB

    def to_text(self) -> str:
        """Give the limits as an argument of a program."""
        return f"{self.memory_bytes},{self.cpu_s},{self.file_bytes}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what :meth:`to_text` wrote.

        >>> Limits.from_text(Limits(cpu_s=5).to_text()).cpu_s
        5
        """
        return cls(*(int(part) for part in text.split(",")))

    def apply(self) -> None:
        """Hold this process to them, for good; it dumps no core, which would hold what it was sent."""
        for what, most in (
            (resource.RLIMIT_AS, self.memory_bytes),
            (resource.RLIMIT_FSIZE, self.file_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (most, most))

    def begin_job(self) -> None:
        """Give the next job its processor time; one that takes more ends the process."""
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = int(spent.ru_utime + spent.ru_stime) + self.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))

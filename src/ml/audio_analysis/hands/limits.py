"""How much a process may take that opens what strangers send."""

from __future__ import annotations

import os
import resource
from dataclasses import astuple, dataclass
from pathlib import Path
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
    files : int
        That it has open at a time.
    processes : int
        Threads and processes of this user beyond those that there are when a job begins: a decoder's program has
        some, and one that was taken over has no more. The system does not hold root to it.
    """

    memory_bytes: int = 4096 * _MIB
    cpu_s: int = 120
    file_bytes: int = 512 * _MIB
    files: int = 128
    processes: int = 64

    def to_text(self) -> str:
        """Give the limits as an argument of a program."""
        return ",".join(str(each) for each in astuple(self))

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
            (resource.RLIMIT_NOFILE, self.files),
        ):
            resource.setrlimit(what, (most, most))

    def begin_job(self) -> None:
        """Give the next job its processor time; one that takes more ends the process."""
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = int(spent.ru_utime + spent.ru_stime) + self.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        most = threads_of(os.getuid()) + self.processes
        resource.setrlimit(resource.RLIMIT_NPROC, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def threads_of(user: int) -> int:
    """Count the threads of a user, which the system counts as processes; 0 where it does not tell."""
    return sum(_threads(folder, user) for folder in Path("/proc").glob("[0-9]*"))


def _threads(folder: Path, user: int) -> int:
    try:
        return len(list((folder / "task").iterdir())) if folder.stat().st_uid == user else 0
    except OSError:
        return 0  # it has ended meanwhile

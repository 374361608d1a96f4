"""Processes that do jobs side by side, and survive what files do to decoders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Protocol, cast

import orjson

from ml.audio_analysis.hands.limits import Limits
from ml.audio_analysis.hands.work import Job, Reply, problem

#: No answer after this long, plus what a file of its size may take on a slow machine: then it is stuck.
PATIENCE_S, SLOWEST_BYTES_S = 600.0, 50_000.0
# Each process has one core: the BLAS in it shall not ask for the others.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
#: What a process that opens strangers' files is told of this one: no passwords, no addresses of databases.
_HARMLESS = frozenset({"HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "PATH", "TZ", "VIRTUAL_ENV"})
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Hands(Protocol):
    """Who does jobs."""

    width: int
    """How many at a time."""

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a job, or let it wait."""


class Processes:
    """Processes on this machine; each is started when there is something for it to do.

    Parameters
    ----------
    width : int >= 1
    limits : Limits, optional
        How much each may take, where files are from strangers.
    """

    def __init__(self, width: int, limits: Limits | None = None) -> None:
        self.width, self._limits = width, limits
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="ml-scan")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._alive: set[_Process] = set()
        self._closed = False

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a job, or let it wait."""
        return self._threads.submit(self._ask, job)

    def close(self) -> None:
        """End every process, whatever it is at, and drop what waits."""
        with self._lock:
            self._closed = True
            alive = list(self._alive)
        for process in alive:
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in alive:
            process.end()

    def _ask(self, job: Job) -> Reply:
        process = getattr(self._own, "process", None) or self._start()
        reply: Reply | None = process.ask(job)
        if reply is not None:
            return reply
        self._own.process = None
        with self._lock:
            self._alive.discard(process)
        return process.death()

    def _start(self) -> _Process:
        with self._lock:
            if self._closed:
                raise RuntimeError("the processes are closed")
            process = self._own.process = _Process(self._limits)
            self._alive.add(process)
        process.await_ready()
        return process


class _Process:
    """One process, the pipes to it, and what it starts and writes for itself."""

    def __init__(self, limits: Limits | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ml-scan-", ignore_cleanup_errors=True)
        # It imports what this process imports, from where this one does; -P keeps its folder of work out of that.
        known = os.environ if limits is None else {name: os.environ[name] for name in _HARMLESS & os.environ.keys()}
        environment = (
            dict(known) | _ONE_THREAD | {"PYTHONPATH": os.pathsep.join(part or os.curdir for part in sys.path)}
        )
        environment["TMPDIR"] = self._folder.name
        held_to = [] if limits is None else [limits.to_text()]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ml.audio_analysis.hands.worker", self._folder.name, *held_to],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # a group of its own: a decoder's program in it is ended with it
        )
        self._stdin, self._stdout = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._stuck = False

    def await_ready(self) -> None:
        """Wait for its first word.

        Raises
        ------
        RuntimeError
            If it does not come up, which is a fault of ours and no file's.
        """
        if not self._read(PATIENCE_S):
            self.end()
            raise RuntimeError(f"{sys.executable} -m ml.audio_analysis.hands.worker does not start")

    def ask(self, job: Job) -> Reply | None:
        """Give a job and wait for the reply; None if the process ended instead."""
        try:
            size = os.stat(job["path"]).st_size  # noqa: PTH116
        except OSError:
            return problem("unreadable", "gone before it could be read", retry=True)
        try:
            self._stdin.write(orjson.dumps(dict(job)) + b"\n")
            self._stdin.flush()
        except OSError:
            return None
        line = self._read(PATIENCE_S + size / SLOWEST_BYTES_S)
        return orjson.loads(line) if line.endswith(b"\n") else None

    def death(self) -> Reply:
        """Say what ended it, as far as a file is concerned."""
        self.end()
        code = self._process.returncode
        if self._stuck:
            return problem("stuck", "the analysis does not come to an end; it was stopped")
        if code == -signal.SIGXCPU:
            return problem("stuck", "the analysis takes more time than a file may; it was stopped")
        if code < 0 and -code in _FROM_OUTSIDE:
            return problem("killed", f"the process that analysed it was killed (signal {-code})", retry=True)
        return problem("crashed", f"the process that analysed it broke down (status {code})")

    def kill(self) -> None:
        """End it, and what it started, whatever they are at; any thread may."""
        # Not where it was waited for: the number may be another's by now.
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):  # the system's words for a group of the dead
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End it, and let go of what was held for it."""
        self.kill()
        self._process.wait()
        self._folder.cleanup()
        with suppress(OSError):  # what it was told last may still lie in the pipe
            self._stdin.close()
        self._stdout.close()

    def _read(self, patience_s: float) -> bytes:
        timer = threading.Timer(patience_s, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            return self._stdout.readline()
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self._stuck = True
        self.kill()

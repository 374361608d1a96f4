"""One chain of records, while this process holds it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from ml.data.audit.record import CLOCK, NOTHING, SEGMENT, TORN, Entry, Key, microseconds, moment, of_the_log, write_line
from ml.data.audit.record import read_line as read
from ml.data.audit.segment import Segment, chains, first_record, is_taken, last_line
from ml.foundation.atomic import sync
from ml.foundation.extras import DISTRIBUTION

FORMAT = 1
#: A segment that has grown beyond this is followed by another.
LARGEST_BYTES = 16 << 20
#: A clock that goes wrong by more than this, or by a thousandth of the time gone by, has jumped.
_JUMP_S = 1.0
_DRIFT = 1e-3

# What is on the disk includes the length of the file, which is all that we need of its entry.
_reach_disk = getattr(os, "fdatasync", os.fsync)


class _State(NamedTuple):
    """Where a chain ends."""

    n: int
    prev: str
    wall_us: int
    steady_s: float | None


class Chain:
    """A chain that this process alone extends; made with :meth:`take`.

    A process that ends leaves its chain to the next: there are as many as processes that ever wrote at one time.
    """

    def __init__(self, folder: Path, key: Key, chain: str) -> None:
        self.id = chain
        self._folder, self._key = folder, key
        self._state = _State(0, NOTHING, 0, None)
        self._segment: Segment | None = None
        self._key_id = ""
        self._descriptor, self._size = -1, 0
        self._torn: bytes = b""

    @classmethod
    def take(cls, folder: Path, key: Key) -> Chain:
        """Take a chain that no process has, or begin one."""
        for found in chains(folder).values():
            taken = cls._resumed(folder, key, found[-1])
            if taken is not None:
                return taken
        return cls(folder, key, secrets.token_hex(8))

    @classmethod
    def _resumed(cls, folder: Path, key: Key, last: Segment) -> Chain | None:
        try:
            descriptor = os.open(last.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except FileNotFoundError:  # pruned
            return None
        # Whoever had it may have gone on to another segment, or pruned it, since we looked.
        if is_taken(descriptor) or chains(folder).get(last.chain, [last])[-1] != last or not last.path.exists():
            os.close(descriptor)
            return None
        line, end = last_line(descriptor)
        try:
            record, self = read(line).fields, cls(folder, key, last.chain)
            self._key_id = first_record(last.path)["about"]["key"]
            self._state = _State(record["n"], record["hash"], microseconds(record["at"]), None)
        except (ValueError, KeyError, TypeError):  # damaged: left as it is, for `verify` to show
            os.close(descriptor)
            return None
        self._torn = os.pread(descriptor, os.fstat(descriptor).st_size - end, end)
        self._segment, self._descriptor, self._size = last, descriptor, end
        return self

    @property
    def n(self) -> int:
        """How many records it has had."""
        return self._state.n

    def append(self, entries: Sequence[Entry]) -> None:
        """Write records and wait until they are on the disk: all of them, or none.

        Raises
        ------
        OSError
            If they cannot be written; the chain is as it was.
        """
        state, wanted = self._state, self._noted(entries)
        day = moment(entries[0].wall_us)[:10]
        fresh = self._next(day)
        lines: list[bytes] = []
        if fresh is not None:
            state = self._write(lines, state, self._heading(fresh, entries[0]))
        for entry in wanted:
            state = self._add(lines, state, entry)
        data = b"".join(lines)
        if fresh is None:
            self._extend(data)
        else:
            self._begin(fresh, data)
        self._state, self._torn = state, b""

    def close(self) -> None:
        """Leave the chain to the next process."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _noted(self, entries: Sequence[Entry]) -> list[Entry]:
        """Put in front what the process before left unfinished."""
        if not self._torn:
            return list(entries)
        note = of_the_log(TORN, bytes=len(self._torn), sha256=sha256(self._torn).hexdigest())
        return [Entry(entries[0].wall_us, entries[0].steady_s, note), *entries]

    def _next(self, day: str) -> Segment | None:
        """Give the segment that is to be begun; None while the present one will do."""
        now = self._segment
        if now is not None and now.day >= day and self._size < LARGEST_BYTES and self._key_id == self._key.id:
            return None
        return Segment.named(self._folder, self.id, 1 if now is None else now.number + 1, day)

    def _heading(self, segment: Segment, first: Entry) -> Entry:
        about = {"chain": self.id, "segment": segment.number, "format": FORMAT, "version": version(DISTRIBUTION)}
        about |= {"key": self._key.id}
        jump = _jump(self._state, first)
        if jump is not None:  # the heading comes first, so that it says this itself
            about |= {"jump_s": jump}
        return Entry(first.wall_us, first.steady_s, of_the_log(SEGMENT, **about))

    def _add(self, lines: list[bytes], state: _State, entry: Entry) -> _State:
        if state.steady_s is not None and entry.steady_s < state.steady_s:
            # Made a moment before the log's own record that overtook it.
            entry.wall_us, entry.steady_s = max(entry.wall_us, state.wall_us), state.steady_s
        jump = _jump(state, entry)
        if jump is not None:
            state = self._write(lines, state, Entry(entry.wall_us, entry.steady_s, of_the_log(CLOCK, jump_s=jump)))
        return self._write(lines, state, entry)

    def _write(self, lines: list[bytes], state: _State, entry: Entry) -> _State:
        entry.n = state.n + 1
        line, text = write_line(entry.n, moment(entry.wall_us), entry.fields, state.prev, self._key)
        lines.append(line)
        return _State(entry.n, text, entry.wall_us, entry.steady_s)

    def _extend(self, data: bytes) -> None:
        # What a write that failed, or a process that died, left behind the end is not part of the chain.
        if os.fstat(self._descriptor).st_size != self._size:
            os.ftruncate(self._descriptor, self._size)
        try:
            _write_all(self._descriptor, data)
            _reach_disk(self._descriptor)
        except OSError:
            with suppress(OSError):  # if not now, then before the next record
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def _begin(self, segment: Segment, data: bytes) -> None:
        """Write the first records of a segment, which appears under its name with them."""
        if self._torn:
            os.ftruncate(self._descriptor, self._size)
            _reach_disk(self._descriptor)
        hidden = segment.path.with_name(f".{segment.path.name}")
        hidden.unlink(missing_ok=True)  # of a process that died
        descriptor = os.open(hidden, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            is_taken(descriptor)  # by nobody else: nobody knows of it
            _write_all(descriptor, data)
            os.fsync(descriptor)
            hidden.rename(segment.path)
            sync(self._folder)
        except BaseException:
            os.close(descriptor)
            for path in (hidden, segment.path):
                with suppress(OSError):
                    path.unlink()
            raise
        self.close()
        self._segment, self._descriptor, self._size, self._key_id = segment, descriptor, len(data), self._key.id


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _jump(state: _State, entry: Entry) -> float | None:
    """Tell by how many seconds the clock has jumped since the record before; None where it has not."""
    gone_s = (entry.wall_us - state.wall_us) / 1e6
    if state.steady_s is None:  # of another process, whose other clock is not ours
        return round(gone_s, 6) if gone_s < 0 else None
    steady_s = entry.steady_s - state.steady_s
    off_s = gone_s - steady_s
    return round(off_s, 6) if gone_s < 0 or abs(off_s) > max(_JUMP_S, _DRIFT * steady_s) else None

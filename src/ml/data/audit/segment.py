"""The files of chains: their names, their ends, and the lock of their folder."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, Self

from ml.data.audit.record import read_line
from ml.foundation.atomic import is_full
from ml.foundation.errors import DiskFull, StoreError

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-([0-9a-f]{16})-(\d{6,})\.jsonl", re.ASCII)
_LOCK = ".lock"
_BLOCK = 1 << 14


class Segment(NamedTuple):
    """One file of a chain.

    Parameters
    ----------
    chain : str
        Of 16 hexadecimal digits.
    number : int
        From 1.
    day : str
        Of its first record, ISO 8601.
    path : Path
    """

    chain: str
    number: int
    day: str
    path: Path

    @classmethod
    def named(cls, folder: Path, chain: str, number: int, day: str) -> Self:
        """Give the segment of a name, there or not."""
        return cls(chain, number, day, folder / f"{day}-{chain}-{number:06}.jsonl")


def chains(folder: Path) -> dict[str, list[Segment]]:
    """List the segments of every chain, in order."""
    found: list[Segment] = []
    with suppress(FileNotFoundError):
        named = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
        found = [Segment(match[2], int(match[3]), match[1], path) for match, path in named if match]
    return {chain: list(each) for chain, each in groupby(sorted(found), key=lambda one: one.chain)}


def last_line(descriptor: int) -> tuple[bytes, int]:
    """Give the last whole line of a file, and where the next begins: what follows there was never finished."""
    size = os.fstat(descriptor).st_size
    window = _BLOCK
    while True:
        start = max(0, size - window)
        block = os.pread(descriptor, size - start, start)
        end = block.rfind(b"\n") + 1
        begin = block.rfind(b"\n", 0, max(0, end - 1)) + 1
        if start == 0 or begin:
            return block[begin : max(0, end - 1)], start + end
        window *= 4


def first_record(path: Path) -> dict[str, Any]:
    """Read the first record of a segment.

    Raises
    ------
    ValueError
        If there is none.
    """
    with path.open("rb") as stream:
        return read_line(stream.readline().rstrip(b"\n")).fields


def last_record(path: Path) -> dict[str, Any]:
    """Read the last whole record of a segment.

    Raises
    ------
    ValueError
        If there is none.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return read_line(last_line(descriptor)[0]).fields
    finally:
        os.close(descriptor)


def is_taken(descriptor: int) -> bool:
    """Take a file for this process; say whether another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


@contextmanager
def held(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep other processes from anchoring and pruning meanwhile; gives whether that was possible.

    Parameters
    ----------
    wait : bool
        Whether to wait for another that does.
    """
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if wait:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield wait or not is_taken(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def unpruned(folder: Path) -> Iterator[None]:
    """Keep other processes from removing files meanwhile, where that is possible: nobody prunes a copy."""
    with ExitStack() as stack:
        if (folder / _LOCK).exists():
            with suppress(OSError):  # somebody else's log, which we may only read
                stack.enter_context(held(folder))
        yield


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn what the system says of the log's folder into errors that a user can read.

    Raises
    ------
    DiskFull, StoreError
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise DiskFull(
                f"{folder}: no space left for the audit log, without which nothing is done",
                "free some space, or: ml audit prune",
            ) from error
        raise StoreError(
            f"{folder}: the audit log cannot be written ({error.strerror}), without which nothing is done",
            "check the folder's permissions, or: ml doctor",
        ) from error

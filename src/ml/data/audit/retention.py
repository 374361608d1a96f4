"""Removing what is older than it has to be kept, in a way that shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.data.audit.record import PRUNED, Key, microseconds, read_line
from ml.data.audit.scan import lines_about
from ml.data.audit.segment import Segment, chains, first_record, held, is_taken, last_record
from ml.foundation.atomic import sync
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Pruned(Result):
    """What was removed.

    Parameters
    ----------
    files, records : int
    """

    files: int
    records: int


def prune(
    folder: Path, before_us: int, *, key: Key, own: str, note: Callable[[dict[str, Any]], object], wait: bool = True
) -> Pruned:
    """Remove the first segments of chains whose last record is older; others may go on writing.

    Parameters
    ----------
    folder : Path
    before_us : int
        UTC microseconds.
    key : Key
        Which notes of earlier removals have to be sealed with, to be believed.
    own : str
        The chain of this process.
    note : callable
        Writes down what is removed, and returns when that is on the disk.
    wait : bool
        Whether to wait for another process that prunes or copies the log; else nothing is removed then.
    """
    with held(folder, wait=wait) as alone, ExitStack() as stack:
        every = chains(folder).values() if alone else ()
        old = [one for each in every for one in _old(each, before_us, own, stack)]
        if not old:
            return Pruned(0, 0)
        through = believed(folder, key)
        records = 0
        for segment in old:
            end = last_record(segment.path)
            records += end["n"] - first_record(segment.path)["n"] + 1
            through[segment.chain] = max(through.get(segment.chain, (0, "")), (end["n"], end["hash"]))
        note({"files": len(old), "records": records, "through": {name: list(at) for name, at in through.items()}})
        for segment in old:
            segment.path.unlink()
        sync(folder)
        return Pruned(len(old), records)


def believed(folder: Path, key: Key | None) -> dict[str, tuple[int, str]]:
    """Read up to which record chains were removed, and its hash, from notes that are sealed.

    Parameters
    ----------
    key : Key or None
        None where there is none to check seals with.
    """
    found: dict[str, tuple[int, str]] = {}
    for segments in chains(folder).values():
        for segment in segments:
            for line in lines_about(segment.path, PRUNED):
                _believe(found, line, key)
    return found


def _believe(found: dict[str, tuple[int, str]], line: bytes, key: Key | None) -> None:
    try:
        read = read_line(line)
        if read.genuine and (key is None or key.has_sealed(read)):
            for chain, (n, text) in read.fields["about"]["through"].items():
                found[chain] = max(found.get(chain, (0, "")), (int(n), str(text)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # shown by `verify`


def _old(segments: list[Segment], before_us: int, own: str, stack: ExitStack) -> Iterator[Segment]:
    """Give the segments of a chain that can be removed, keeping others from going on with the last."""
    for segment in segments:
        if segment == segments[-1] and not _is_ended(segment, own, stack):
            return
        try:
            if microseconds(last_record(segment.path)["at"]) >= before_us:
                return
        except (ValueError, KeyError, TypeError):
            return  # damaged: left for `verify` to show
        yield segment


def _is_ended(last: Segment, own: str, stack: ExitStack) -> bool:
    """Tell whether no process writes to the last segment of a chain, and none begins to."""
    if last.chain == own:
        return False
    descriptor = os.open(last.path, os.O_RDWR)
    stack.callback(os.close, descriptor)
    return not is_taken(descriptor)

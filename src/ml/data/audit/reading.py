"""What was recorded, for people and other programs."""

from __future__ import annotations

import csv
import heapq
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from ml.data.audit.record import SELF, read_line
from ml.data.audit.segment import Segment, chains
from ml.foundation.atomic import draft, sync
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

FIELDS = ("at", "who", "role", "what", "whom", "how", "request", "result", "about", "chain", "n", "hash")
SUFFIXES = (".jsonl", ".csv")
# A spreadsheet would take a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are looked for; None is any.

    Parameters
    ----------
    who, whom, result : str, optional
        ``whom`` is a pseudonym; ``result`` ``"error"`` is every error.
    what : str, optional
        ``"history"`` finds ``history.paused`` too.
    since, until : str, optional
        As records have moments; ``until`` is not included.
    notes : bool
        Whether with what the log notes about itself.
    """

    who: str | None = None
    what: str | None = None
    whom: str | None = None
    result: str | None = None
    since: str | None = None
    until: str | None = None
    notes: bool = True

    def fits(self, fields: dict[str, Any]) -> bool:
        """Tell whether a record is looked for."""
        return (
            (self.who is None or fields["who"] == self.who)
            and (self.whom is None or fields["whom"] == self.whom)
            and (self.what is None or f"{fields['what']}.".startswith(f"{self.what}."))
            and (self.result is None or f"{fields['result']}:".startswith(f"{self.result}:"))
            and (self.since is None or fields["at"] >= self.since)
            and (self.until is None or fields["at"] < self.until)
            and (self.notes or fields["how"] != SELF)
        )


@dataclass(frozen=True, slots=True)
class Exported(Result):
    """An export that was written.

    Parameters
    ----------
    file : Path
    records : int
    """

    file: Path
    records: int


def records(folder: Path, wanted: Wanted | None = None) -> Iterator[dict[str, Any]]:
    """Give records of all chains, the oldest first; lines that are damaged are passed over."""
    wanted = wanted or Wanted()
    streams = [_chain(segments, wanted) for segments in chains(folder).values()]
    return heapq.merge(*streams, key=lambda fields: fields["at"])


def last(folder: Path, wanted: Wanted, count: int) -> list[dict[str, Any]]:
    """Give the newest records that are looked for, the newest first; of a long log, few files are read for few."""
    began = sorted({segment.day for segments in chains(folder).values() for segment in segments}, reverse=True)
    days = [day for day in began if wanted.until is None or day <= wanted.until[:10]]
    reach = 1
    while True:
        # Further back, twice as many days each time, until there are enough, or nothing lies further back.
        whole = reach >= len(days) or (wanted.since is not None and wanted.since >= days[reach - 1])
        part = wanted if whole else replace(wanted, since=days[reach - 1])
        found = deque(records(folder, part), maxlen=count)
        if whole or len(found) == count:
            return list(reversed(found))
        reach *= 2


def _chain(segments: Sequence[Segment], wanted: Wanted) -> Iterator[dict[str, Any]]:
    for segment, after in zip(segments, [*segments[1:], None], strict=True):
        # What begins and ends before a day holds nothing of later ones, nor what begins after one of earlier ones.
        early = after is not None and wanted.since is not None and max(after.day, segment.day) < wanted.since[:10]
        if early or (wanted.until is not None and segment.day > wanted.until[:10]):
            continue
        with segment.path.open("rb") as stream:
            for line in stream:
                try:
                    fields = read_line(line.rstrip(b"\n")).fields
                    if wanted.fits(fields):
                        yield _shown(fields, segment.chain)
                except (ValueError, KeyError, TypeError):
                    continue


def _shown(fields: dict[str, Any], chain: str) -> dict[str, Any]:
    return {name: chain if name == "chain" else fields[name] for name in FIELDS}


def export(folder: Path, wanted: Wanted, file: Path, *, force: bool = False) -> Exported:
    """Write records to a file of JSON lines or CSV, which appears when it is whole.

    Raises
    ------
    BadInput
        If the name has another suffix, or the file exists and ``force`` is false.
    DiskFull
    """
    if file.suffix not in SUFFIXES:
        raise BadInput(f"{file}: the name tells no format", f"end it in {' or '.join(SUFFIXES)}")
    if file.exists() and not force:
        raise BadInput(f"{file}: exists already", "give another name, or replace it with --force")
    write = _json_line if file.suffix == ".jsonl" else _csv_line
    count = 0
    with draft(file.absolute().parent) as place:
        new = place / file.name
        with new.open("wb") as stream:
            if file.suffix == ".csv":
                stream.write(",".join(FIELDS).encode() + b"\r\n")
            for fields in records(folder, wanted):
                stream.write(write(fields))
                count += 1
        sync(new)
        new.replace(file)
        sync(file.absolute().parent)
    return Exported(file, count)


def _json_line(fields: dict[str, Any]) -> bytes:
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def _csv_line(fields: dict[str, Any]) -> bytes:
    cells = [orjson.dumps(value).decode() if isinstance(value, dict) else value for value in fields.values()]
    text = io.StringIO()
    csv.writer(text).writerow(f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells)
    return text.getvalue().encode()

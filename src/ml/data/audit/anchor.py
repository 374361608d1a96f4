"""Where chains end, written down elsewhere: in another chain, or outside of this machine.

A chain shows by itself that nothing in it was changed, but not that nothing was cut off its end. Whoever knows where it
ended at some time knows that it has to go on from there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ml.data.audit.record import read_line
from ml.data.audit.segment import chains, last_line
from ml.foundation.atomic import sync
from ml.foundation.errors import BadInput

_FIRST = "ml-audit-anchor:1"
_HEAD = re.compile(r"([0-9a-f]{16}):(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_LARGEST = 1 << 24


class Head(NamedTuple):
    """The last record of a chain at some time.

    Parameters
    ----------
    n : int
    hash : str
    what : str
        What it records; empty where that is not known.
    """

    n: int
    hash: str
    what: str = ""


def heads(folder: Path, *, without: str = "") -> dict[str, Head]:
    """Give the last record of every chain but one, after it has reached the disk."""
    found = {}
    for chain, segments in chains(folder).items():
        if chain != without and (head := _head(segments[-1].path)):
            found[chain] = head
    return found


def _head(path: Path) -> Head | None:
    """Read where a segment ends; None where that is being changed or cannot be read."""
    try:
        sync_first = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # pruned meanwhile
        return None
    try:
        line, end = last_line(sync_first)
        # A power cut must not take from it what an anchor has promised to be there.
        sync(path)
        # A write that failed is taken back at once.
        if os.pread(sync_first, len(line) + 1, end - len(line) - 1) != line + b"\n":
            return None
        fields = read_line(line).fields
        return Head(fields["n"], fields["hash"], fields["what"])
    except (ValueError, FileNotFoundError):
        return None
    finally:
        os.close(sync_first)


def anchor_line(found: Mapping[str, Head]) -> str:
    """Write ends of chains as one line, to be kept elsewhere.

    >>> anchor_line({})[:17]
    'ml-audit-anchor:1'
    """
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return " ".join([_FIRST, now, *(f"{chain}:{head.n}:{head.hash}" for chain, head in sorted(found.items()))])


def read_anchors(text_or_file: str) -> list[tuple[str, Head]]:
    """Read anchors: a line, or a file with one or more; other lines in it, such as those of a mail, are passed over.

    Raises
    ------
    BadInput
        If there is none, or one cannot be read.
    """
    where, text = "--anchor", text_or_file
    if not text.startswith(_FIRST):
        where, text = text_or_file, _contents(Path(text_or_file))
    lines = [line.split() for line in text.splitlines() if line.startswith(_FIRST)]
    if not lines:
        raise BadInput(f"{where}: no anchor", "give a line that `ml audit anchor` printed, or a file with some")
    found = []
    for line in lines:
        for word in line[2:]:
            match = _HEAD.fullmatch(word)
            if match is None:
                raise BadInput(f"{where}: {word[:100]!r} is no part of an anchor", "give the line as it was printed")
            found.append((match[1], Head(int(match[2]), match[3])))
    return found


def _contents(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInput(f"{file}: too large for a file of anchors", "name the file with the lines alone")
        return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no path"
        raise BadInput(f"{file}: cannot be read ({reason})", "give a file, or the line itself in quotes") from None

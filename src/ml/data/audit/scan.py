"""Finding the few lines of a segment that the log has written about itself, without reading the others."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path


def lines_about(path: Path, what: str) -> Iterator[bytes]:
    """Give the whole lines of a file that record one thing.

    Parameters
    ----------
    path : Path
    what : str
        As ``"audit.anchor"``.
    """
    sought = b'"what":"%b"' % what.encode()
    with path.open("rb") as stream:
        if stream.seek(0, 2) == 0:
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
            place = text.find(sought)
            while place >= 0:
                end = text.find(b"\n", place)
                if end < 0:
                    return
                yield text[text.rfind(b"\n", 0, place) + 1 : end]
                place = text.find(sought, end)

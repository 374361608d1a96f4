"""The first record of a table: what the columns are called, and what separates them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from ml.data.importers.lines import LineReader, Stretch
from ml.foundation.errors import BadInput

DELIMITERS = ",\t;|"
#: Lines that are looked at to guess the delimiter.
HEAD_LINES = 50


@dataclass(frozen=True, slots=True)
class Header:
    """How the records of a file are written, as its first one tells.

    Parameters
    ----------
    names : sequence of str
        The columns' names.
    delimiter : str
        What separates the fields.
    lines : int
        Physical lines up to and including the header; 0 where there is none.
    quoting : bool
        Whether quotes mean anything.
    """

    names: Sequence[str]
    delimiter: str
    lines: int
    quoting: bool = True


def read_header(stretch: Stretch, *, delimiter: str | None, known: Callable[[str], bool]) -> Header | None:
    """Find the header at the start of a file, and the delimiter.

    The delimiter is the one under which most names are known, then the one under which
    most of the next lines have as many fields as the header.

    Parameters
    ----------
    stretch : Stretch
        The first lines of the file.
    delimiter : str or None
        None guesses.
    known : callable
        Whether a column name is a known one.

    Returns
    -------
    Header or None
        None if there is no line that could be one.
    """
    texts = [line.decode(errors="replace") for line in islice(stretch.lines(), HEAD_LINES)]
    start = next((index for index, text in enumerate(texts) if text.strip()), None)
    if start is None:
        return None
    candidates = [(_score(texts[start:], mark, known), mark) for mark in ([delimiter] if delimiter else DELIMITERS)]
    (_, names, lines), mark = max(candidates, key=lambda candidate: candidate[0][0])
    return Header([name.strip() for name in names], mark, start + lines)


def _score(
    texts: Sequence[str], delimiter: str, known: Callable[[str], bool]
) -> tuple[tuple[int, float, int], list[str], int]:
    names, lines = _record(texts, delimiter)
    rows = [text for text in texts[lines:] if text.strip()]
    alike = sum(len(_record([text], delimiter)[0]) == len(names) for text in rows) / max(1, len(rows))
    return (sum(map(known, names)), alike if len(names) > 1 else 0, len(names)), names, lines


def _record(texts: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """Read one record leniently: its fields, and the lines that it spans."""
    reader = csv.reader(texts, delimiter=delimiter)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return texts[0].split(delimiter), 1


def take_header(reader: LineReader, *, delimiter: str | None, known: Callable[[str], bool]) -> Header | None:
    """Read the header, as :func:`read_header` does, and leave the reader at the line below it."""
    stretch = reader.take(HEAD_LINES)
    header = read_header(stretch, delimiter=delimiter, known=known)
    if header is not None:
        reader.put_back(b"".join(stretch.lines()[header.lines :]))
    return header


def parse_delimiter(text: str) -> str:
    r"""Read what a user gives as delimiter: one character, ``tab`` or ``\t``.

    Raises
    ------
    BadInput
        If it is anything else.
    """
    mark = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(mark) != 1 or not mark.isascii() or mark in '"\r\n\0':
        raise BadInput(f"{text!r} cannot be a delimiter", "give one character, such as ';', or 'tab'")
    return mark

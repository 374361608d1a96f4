"""Text files of any size, as UTF-8 blocks and as numbered lines.

Conventions
-----------
- Whatever the file's encoding, what comes out is UTF-8: a byte order mark is removed, and
  UTF-16 is recognised by its mark and turned into UTF-8 while it is read.
- A line ends at a line feed; a carriage return before it is removed. Lines count from 1.
- Memory is bounded: a file is read :data:`BLOCK_BYTES` at a time and a line longer than
  :data:`MAX_ROW_BYTES` is refused, not stored.
"""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from ml.data.importers.base import Reject
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

BLOCK_BYTES = 1 << 20
#: A line or a JSON element longer than this is refused: no row of an export is.
MAX_ROW_BYTES = 16 << 20
#: Rows handed on together. Parsed rows are many times larger than their text, so few live at a time.
STRETCH_ROWS = 16_384
#: … and no more when their text reaches this.
STRETCH_BYTES = 2 << 20
#: How much of a refused row is quoted.
RAW_CHARS = 200

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some lines of a file, blank ones left out.

    Parameters
    ----------
    numbers : sequence of int
        Line number of each line, from 1.
    lines : list of str
    rejects : list of Reject
        Lines that are too long or not UTF-8.
    """

    numbers: Sequence[int]
    lines: list[str]
    rejects: list[Reject]


def quoted(raw: bytes | str) -> str:
    """Give the beginning of a refused row, for the rejects file."""
    if isinstance(raw, bytes):
        raw = raw[: 4 * RAW_CHARS].decode("utf-8", "replace")
    return raw.strip()[:RAW_CHARS]


def head_text(entry: Entry) -> str:
    """Give the beginning of a file as text, for guessing what it is; never raises."""
    bom, codec = _encoding(entry.head)
    return entry.head[len(bom) :].decode(codec, "replace")


def utf8_blocks(entry: Entry) -> Iterator[bytes]:
    """Read a file as blocks of UTF-8 without a byte order mark.

    Bytes that are not valid in the file's encoding come out as bytes that are not valid
    UTF-8, so that the row they stand in is refused and no other.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read.
    """
    try:
        with entry.open() as stream:
            first = stream.read(BLOCK_BYTES)
            bom, codec = _encoding(first)
            first = first[len(bom) :]
            if not first:
                raise BadInput(f"{entry.name}: the file is empty", "download or copy it again")
            blocks = _rest(first, stream)
            yield from blocks if codec == "utf-8" else _transcoded(blocks, codec)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        hint = "check that the file is readable, or unpack the archive and import the folder"
        raise BadInput(f"{entry.name}: cannot be read ({error})", hint) from error


def line_blocks(entry: Entry) -> Iterator[tuple[int, list[bytes]]]:
    """Read a file as lists of at most :data:`STRETCH_ROWS` lines, each with its first line's number.

    A line longer than :data:`MAX_ROW_BYTES` is cut, but stays longer than that, so that
    the reader sees it and refuses it.
    """
    number = 1
    held: list[bytes] = []
    for block in utf8_blocks(entry):
        lines = block.split(b"\n")
        _hold(held, lines[0])
        if len(lines) == 1:
            continue
        lines[0] = b"".join(held)
        held = [lines.pop()]
        for start in range(0, len(lines), STRETCH_ROWS):
            some = lines[start : start + STRETCH_ROWS]
            yield number, some
            number += len(some)
    last = b"".join(held)
    if last:
        yield number, [last]


def text_blocks(entry: Entry) -> Iterator[TextBlock]:
    """Read a file as blocks of decoded lines."""
    for first, lines in line_blocks(entry):
        yield _decoded(entry.name, first, lines)


def tab_table(file: str, block: TextBlock, columns: Sequence[str]) -> tuple[pl.DataFrame, list[Reject]]:
    """Split lines at tabs, quoting off, into columns of text.

    Parameters
    ----------
    file : str
        Name for the rejects.
    block : TextBlock
    columns : sequence of str
        Names of the columns; a line with another number of fields is refused.

    Returns
    -------
    frame : polars.DataFrame
        The columns as text, empty fields as null, and ``line``.
    rejects : list of Reject
        The block's own, and the lines refused here.
    """
    breaks = len(columns) - 1
    lines = pl.DataFrame(
        {"line": pl.Series(block.numbers, dtype=pl.Int64), "text": pl.Series(block.lines, dtype=pl.String)}
    )
    lines = lines.with_columns(found=pl.col("text").str.count_matches("\t", literal=True))
    ragged = lines.filter(pl.col("found") != breaks)
    rejects = [
        Reject(file, line, f"{found + 1} fields where {len(columns)} are expected", quoted(text))
        for line, text, found in ragged.iter_rows()
    ]
    fields = pl.col("text").str.split_exact("\t", breaks).struct.rename_fields(list(columns)).alias("fields")
    frame = lines.filter(pl.col("found") == breaks).select("line", fields).unnest("fields")
    text = pl.col(list(columns)).str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text).name.keep()), [*block.rejects, *rejects]


def _encoding(head: bytes) -> tuple[bytes, str]:
    return next(((bom, codec) for bom, codec in _BOMS if head.startswith(bom)), (b"", "utf-8"))


def _rest(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield first
    while block := stream.read(BLOCK_BYTES):
        yield block


def _transcoded(blocks: Iterator[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:  # half a character: the file was cut
        yield b"\xff"


def _hold(held: list[bytes], piece: bytes) -> None:
    """Keep the beginning of a line that goes on in the next block, up to one byte past the limit."""
    room = MAX_ROW_BYTES + 1 - sum(map(len, held))
    if room > 0:
        held.append(piece[:room])


def _decoded(file: str, first: int, lines: list[bytes]) -> TextBlock:
    numbers = range(first, first + len(lines))
    if max(map(len, lines), default=0) <= MAX_ROW_BYTES:
        try:
            text = [line.removesuffix("\r") for line in b"\n".join(lines).decode().split("\n")]
        except UnicodeDecodeError:
            pass
        else:
            return _without_blanks(numbers, text, [])
    good: list[tuple[int, str]] = []
    rejects: list[Reject] = []
    for number, line in zip(numbers, lines, strict=True):
        try:
            if len(line) > MAX_ROW_BYTES:
                rejects.append(Reject(file, number, too_long(), quoted(line)))
            else:
                good.append((number, line.decode().removesuffix("\r")))
        except UnicodeDecodeError:
            rejects.append(Reject(file, number, "not UTF-8 text; save the file as UTF-8", quoted(line)))
    return _without_blanks([number for number, _ in good], [line for _, line in good], rejects)


def too_long() -> str:
    """Give the reason for refusing a row past the limit."""
    return f"the row is longer than {MAX_ROW_BYTES >> 20} MiB"


def _without_blanks(numbers: Sequence[int], lines: list[str], rejects: list[Reject]) -> TextBlock:
    if all(lines) and not any(map(str.isspace, lines)):
        return TextBlock(numbers, lines, rejects)
    kept = [(number, line) for number, line in zip(numbers, lines, strict=True) if line and not line.isspace()]
    return TextBlock([number for number, _ in kept], [line for _, line in kept], rejects)

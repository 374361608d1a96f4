"""The ``user item item …`` text in which research publishes its splits (LightGCN and its heirs).

Conventions
-----------
One line a listener: numbers separated by single spaces, the listener first, then the items
heard. Each pair is a total of one play. Ids get ``--source``: ``local:user/0``,
``local:item/5``. A folder with ``train.txt`` and ``test.txt`` is one unit for each file. A
listener without items is no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import polars as pl

from ml.data.importers.base import BATCH_ROWS, Batch, Options, Reject, Unit
from ml.data.importers.encoding import utf8_chunks, utf8_head
from ml.data.importers.lines import LineReader, Stretch
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.foundation.errors import BadInput

#: A listener with two million items has a line of this length.
LONGEST_LINE_BYTES = 16 << 20
_LINES = 5_000
# A number of up to 18 digits fits 64 bits.
_NUMBERS = r"\d{1,18}(?: \d{1,18})*"
_LINE = re.compile(rf"^{_NUMBERS} ?\r?$".encode())


class UserItems:
    """Reads ``user item item …`` lines as totals of one play."""

    kind: ClassVar[str] = "user_items"
    title: ClassVar[str] = "`user item item …` lines of whole numbers (.txt)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find text files whose head is nothing but such lines."""
        return [
            Unit(self.kind, entry.name, (entry,))
            for entry in source.entries
            if entry.suffix == ".txt" and _is_user_items(entry)
        ]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read a file in batches; a row is a pair of a listener and an item.

        Raises
        ------
        BadInput
            If there is no pair in the file.
        """
        entry = unit.entries[0]
        found = False
        reader = LineReader(utf8_chunks(entry, encoding=options.encoding), max_line=LONGEST_LINE_BYTES)
        for stretch in reader.stretches(_LINES):
            pairs, rejects = _pairs(stretch, entry.name)
            for batch in _batches(_counts(pairs, options), rejects, entry.name):
                found = True
                yield batch
        if not found:
            raise BadInput(f"{entry.name}: no listener with an item in it", "export it again")


def _is_user_items(entry: Entry) -> bool:
    """Check the lines of the head; where the head cuts a line off, what is left of it fits as well."""
    lines = [line for line in utf8_head(entry).split(b"\n") if line.strip()]
    return bool(lines) and all(map(_LINE.match, lines)) and any(b" " in line.strip() for line in lines)


def _pairs(stretch: Stretch, file: str) -> tuple[pl.DataFrame, list[Reject]]:
    """Read lines as pairs of numbers, columns ``line``, ``user`` and ``item``."""
    lines = [line.rstrip(b"\r\n").decode(errors="replace") for line in stretch.lines()]
    frame = pl.DataFrame({"text": pl.Series(lines, dtype=pl.String)}).with_row_index("line", offset=stretch.first)
    frame = frame.filter(pl.col("text").str.strip_chars() != "")
    fits = pl.col("text").str.contains(rf"^{_NUMBERS} ?$") & (pl.col("text").str.len_bytes() <= LONGEST_LINE_BYTES)
    bad = frame.filter(~fits)["line"]
    rejects = [Reject(file, line, reason("not_numbers"), stretch.text(line)) for line in bad]
    numbers = frame.filter(fits).select(
        pl.col("line").cast(pl.Int64), pl.col("text").str.strip_chars_end(" ").str.split(" ").alias("numbers")
    )
    pairs = numbers.select(
        "line", pl.col("numbers").list.first().alias("user"), pl.col("numbers").list.slice(1).alias("item")
    )
    return pairs.explode("item").filter(pl.col("item").is_not_null()), rejects


def _counts(pairs: pl.DataFrame, options: Options) -> pl.DataFrame:
    return pairs.select(
        "line",
        pl.lit(options.item_kind).alias("kind"),
        pl.concat_str(pl.lit(f"{options.source}:item/"), "item").alias("item_id"),
        pl.concat_str(pl.lit(f"{options.source}:user/"), "user").alias("user_id"),
        pl.lit(1, dtype=pl.Int64).alias("plays"),
    )


def _batches(counts: pl.DataFrame, rejects: list[Reject], file: str) -> Iterator[Batch]:
    """Cut pairs into batches; the rejects come with the first."""
    first = max(0, BATCH_ROWS - len(rejects))
    if counts.height or rejects:
        yield Batch(file, min(first, counts.height) + len(rejects), {"counts": counts[:first]}, rejects)
    for piece in counts[first:].iter_slices(BATCH_ROWS):
        if piece.height:
            yield Batch(file, piece.height, {"counts": piece})

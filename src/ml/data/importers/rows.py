"""Rows of a table, however its file is written: strings by position, until an importer names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ml.data.importers.base import Batch, Reject, TextTable
from ml.data.importers.batching import sifted


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns ``"0"``, ``"1"``, … in the file's order, and ``line``.
    rejects : sequence of Reject
        The records that are no rows.
    text : callable
        Gives a line of the file by its number, for a report about it.
    table : TextTable, optional
        Of a text table whose columns its first line names.
    """

    frame: pl.DataFrame
    rejects: Sequence[Reject]
    text: Callable[[int], str]
    table: TextTable | None = None

    def named(self, columns: Mapping[str, int]) -> pl.DataFrame:
        """Give some columns under their names, after ``line``; text without outer blanks, null where none is left.

        Parameters
        ----------
        columns : mapping of str to int
            Name to position in the file.
        """
        frame = self.frame.select("line", *(pl.col(str(at)).alias(name) for name, at in columns.items()))
        texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
        frame = frame.with_columns(pl.col(texts).str.strip_chars()) if texts else frame
        return frame.with_columns(pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)) for name in texts)

    def batch(self, file: str, name: str, judged: pl.DataFrame, *, notes: Sequence[str] = ()) -> Batch:
        """Make a batch of what an importer made of these rows.

        Parameters
        ----------
        file : str
        name : str
            The frame, a key of :data:`ml.data.frames.FRAMES`.
        judged : polars.DataFrame
            With ``line``, and ``reason`` where a row cannot be used.
        notes : sequence of str
        """
        lines = judged["line"]
        good, bad = sifted(judged, file, lambda index: self.text(lines[index]))
        rejects = sorted([*self.rejects, *bad], key=lambda reject: reject.line or 0)
        return Batch(file, self.frame.height + len(self.rejects), {name: good}, rejects, tuple(notes), self.table)

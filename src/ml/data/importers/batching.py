"""Small stretches into batches, and good rows from bad."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from ml.data.importers.base import BATCH_ROWS, Batch, Reject
from ml.foundation.errors import BadInput
from ml.foundation.said import Said

#: A batch whose frames reach this is handed on, however few rows it has.
BATCH_BYTES = 128 << 20


def merged(stretches: Iterable[Batch], *, rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Join stretches of a file into batches of at most ``rows`` rows.

    The same stretches give the same batches. Stretches of different files are never
    joined. What was read before a :class:`BadInput` is handed on before it is raised.

    Parameters
    ----------
    stretches : iterable of Batch
        Each of at most ``rows`` rows.
    rows : int > 0
    """
    pending = _Pending()
    try:
        for stretch in stretches:
            if pending.stretches and not pending.has_room(stretch, rows):
                yield pending.batch()
                pending = _Pending()
            pending.add(stretch)
    except BadInput:
        if pending.stretches:
            yield pending.batch()
        raise
    if pending.stretches:
        yield pending.batch()


@dataclass
class _Pending:
    stretches: list[Batch] = field(default_factory=list)
    rows: int = 0
    size_bytes: int = 0

    def has_room(self, stretch: Batch, rows: int) -> bool:
        same_file = self.stretches[-1].file == stretch.file
        return same_file and self.rows + stretch.rows <= rows and self.size_bytes < BATCH_BYTES

    def add(self, stretch: Batch) -> None:
        self.stretches.append(stretch)
        self.rows += stretch.rows
        self.size_bytes += int(sum(frame.estimated_size() for frame in stretch.frames.values()))

    def batch(self) -> Batch:
        frames: dict[str, list[pl.DataFrame]] = {}
        for stretch in self.stretches:
            for name, frame in stretch.frames.items():
                if frame.height:
                    frames.setdefault(name, []).append(frame)
        joined = {name: pl.concat(parts, how="diagonal") for name, parts in frames.items()}
        rejects = [reject for stretch in self.stretches for reject in stretch.rejects]
        notes = dict.fromkeys(note for stretch in self.stretches for note in stretch.notes)
        return Batch(self.stretches[0].file, self.rows, joined, rejects, tuple(notes))


def sifted(frame: pl.DataFrame, file: str, raw: Callable[[int], str]) -> tuple[pl.DataFrame, list[Reject]]:
    """Part the rows that have a ``reason`` from those that have none.

    Parameters
    ----------
    frame : polars.DataFrame
        With the columns ``line`` and ``reason``; the reason is null for a good row.
    file : str
        Name for the rejects.
    raw : callable of int to str
        Gives the text of the row at a position in the frame.

    Returns
    -------
    frame : polars.DataFrame
        The good rows, without the column ``reason``.
    rejects : list of Reject
    """
    reasons = frame.get_column("reason")
    if reasons.null_count() == frame.height:
        return frame.drop("reason"), []
    bad = frame.select("line", "reason").with_row_index().filter(pl.col("reason").is_not_null())
    rejects = [Reject(file, line, reason, raw(index)) for index, line, reason in bad.iter_rows()]
    return frame.filter(reasons.is_null()).drop("reason"), rejects


def lacks(needed: str | pl.Expr, reason: Said) -> pl.Expr:
    r"""Give the reason where what a row needs is null.

    >>> from ml.data.importers.reasons import reason
    >>> pl.DataFrame({"id": ["7", None]}).select(lacks("id", reason("no_id")))["literal"].to_list()
    [None, '\x1fno_id']
    """
    column = pl.col(needed) if isinstance(needed, str) else needed
    return pl.when(column.is_null()).then(pl.lit(reason.coded))

"""Parquet files as columns of strings, in stretches; the row number stands for the line.

A file that was cut off, or whose description is damaged, is bad input, and so is most
damage within. Known limit: a page header that claims an absurd size makes polars end the
process; what was stored before stays, and that file can only be left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

import polars as pl

from ml.data.importers.base import BATCH_ROWS
from ml.data.importers.rows import Rows
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

_FLAT = "write it as text, or say that another column is read in its place"
_LIST = pl.List(pl.String())


@contextmanager
def local_path(entry: Entry) -> Iterator[Path]:
    """Give a path on disk: the file's own, or that of a copy for as long as the block lasts."""
    if entry.path is not None:
        yield entry.path
        return
    with tempfile.NamedTemporaryFile(suffix=".parquet") as copy, entry.open() as stream:
        copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


def column_names(path: Path, *, file: str) -> list[str]:
    """Read the names of a file's columns.

    Raises
    ------
    BadInput
        If it is not a Parquet file, or a damaged one.
    """
    with _readable(file):
        return _scan(path).collect_schema().names()


def read_rows(path: Path, *, columns: Collection[int], file: str) -> Iterator[Rows]:
    """Read some columns of a file as strings, times and lists of strings.

    Parameters
    ----------
    path : Path
    columns : collection of int
        Positions of the columns in the file; these numbers are their names in the frames.
    file : str
        For messages.

    Raises
    ------
    BadInput
        If the file is damaged, or a column holds what a table cannot (structures, bytes).
    """
    with _readable(file):
        frame = _scan(path)
        schema = list(frame.collect_schema().items())
        wanted = [_plain(*schema[index], file).alias(str(index)) for index in sorted(columns)]
        parts = frame.select(wanted).collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)
    first = 1
    while True:
        with _readable(file):
            part = next(parts, None)
        if part is None:
            return
        for piece in part.iter_slices(BATCH_ROWS):
            lines = pl.int_range(first, first + piece.height, eager=True)
            first += piece.height
            if piece.height:
                yield Rows(piece.with_columns(line=lines), (), lambda _: "")


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _plain(name: str, dtype: pl.DataType, file: str) -> pl.Expr:
    """Bring a column to strings; times and lists keep their type."""
    column = pl.col(name)
    if dtype in (pl.Struct, pl.Array, pl.Binary, pl.Object) or (isinstance(dtype, pl.List) and _is_deep(dtype)):
        raise BadInput(f"{file}: the column {name!r} holds {dtype}, no text, numbers or times", _FLAT)
    if dtype in (pl.Date, pl.Datetime):
        return column
    if isinstance(dtype, pl.List):
        return column.cast(_LIST)
    if dtype.is_float():
        # An id or a number with gaps was stored as a float: 31.0 is meant to be 31.
        whole = column.cast(pl.Int64, strict=False)
        return pl.when(whole.cast(dtype) == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
    return column.cast(pl.String)


def _is_deep(dtype: pl.List) -> bool:
    return dtype.inner in (pl.List, pl.Struct, pl.Array, pl.Binary, pl.Object)


@contextmanager
def _readable(file: str) -> Iterator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise BadInput(f"{file}: cannot be read as Parquet ({reason})", "make or download the file again") from error

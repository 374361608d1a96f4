"""Tables out: a frame as CSV, TSV or Parquet, whole or not at all.

Conventions
-----------
A column of times is one of type ``Datetime`` or, as in :mod:`ml.data.frames`, whole numbers
under a name that ends in ``_at``: UTC milliseconds. Text carries times as ISO 8601
(``2009-12-14T02:52:24Z``, with ``.250`` where a column is finer than seconds), Parquet as
timestamps with their zone. A list becomes one text cell, ``rock|pop``. The table importer
reads all of that back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from ml.data.exporters.whole_file import whole_file
from ml.data.frames import Schema
from ml.foundation.errors import BadInput

SUFFIXES = (".csv", ".tsv", ".parquet")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


def write_table(frame: pl.DataFrame, path: Path | str) -> Path:
    """Write a frame in the format that the suffix names.

    Parameters
    ----------
    frame : polars.DataFrame
    path : Path or str
        Ends in ``.csv``, ``.tsv`` or ``.parquet``. An existing file is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    BadInput
        If the suffix is another one, if a column holds what a text cell cannot, or if the
        folder does not exist or may not be written.
    DiskFull
        If no space is left; an existing file stays as it was and nothing else is left behind.
    """
    path = Path(path)
    suffix = suffix_of(path)
    with whole_file(path) as unfinished:
        if suffix == ".parquet":
            _timed(frame).write_parquet(unfinished)
        else:
            _texts(frame, path).write_csv(unfinished, separator=_SEPARATORS[suffix])
    return path


def write_slices(slices: Iterable[pl.DataFrame], path: Path | str, *, columns: Schema, form: str | None = None) -> int:
    """Write a table that need not fit into memory.

    Parameters
    ----------
    slices : iterable of polars.DataFrame
        The rows in order; only a few slices are held at a time. For Parquet they are asked for in
        a thread of polars.
    path : Path or str
        As for :func:`write_table`.
    columns : mapping of str to polars.DataType
        Names and types of each slice, so that a table without rows has them too.
    form : str, optional
        ``"csv"``, ``"tsv"`` or ``"parquet"``, whatever the suffix; left out, the suffix names it.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    BadInput, DiskFull
        As :func:`write_table` does. An error of the slices passes through; no file is left behind.
    """
    path = Path(path)
    suffix = suffix_of(path if form is None else Path(f"table.{form}"))
    counted = _Counted(slices)
    none = pl.DataFrame(schema=columns)
    with whole_file(path) as unfinished:
        if suffix == ".parquet":
            _sink_parquet(map(_timed, counted), unfinished, columns=_timed(none).schema)
        else:
            texts = (_texts(part, path) for part in chain([none], counted))
            _append_csv(texts, unfinished, separator=_SEPARATORS[suffix])
    return counted.rows


class _Counted:
    """Passes slices on and counts their rows."""

    def __init__(self, slices: Iterable[pl.DataFrame]) -> None:
        self._slices = slices
        self.rows = 0

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for part in self._slices:
            self.rows += len(part)
            yield part


def _append_csv(slices: Iterable[pl.DataFrame], path: Path, *, separator: str) -> None:
    with path.open("wb") as stream:
        for number, part in enumerate(slices):
            part.write_csv(stream, include_header=number == 0, separator=separator)


def _sink_parquet(slices: Iterable[pl.DataFrame], path: Path, *, columns: pl.Schema) -> None:
    broken: list[Exception] = []

    def rows(_columns: Any, _predicate: Any, _n_rows: Any, _batch: Any) -> Iterator[pl.DataFrame]:
        # Nothing stands between source and file that could ask for fewer columns or rows.
        try:
            yield from slices
        except Exception as error:  # noqa: BLE001
            # To polars this is the end: told of an error, it returns while its threads still write.
            broken.append(error)

    register_io_source(rows, schema=columns).sink_parquet(path)
    if broken:
        raise broken[0]


def suffix_of(path: Path) -> str:
    """Give the suffix that names a table's format, in lower case.

    Raises
    ------
    BadInput
        If it names none.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadInput(f"{path}: no table format {path.suffix!r}", f"end the name in {', '.join(SUFFIXES)}")
    return suffix


def _timed(frame: pl.DataFrame) -> pl.DataFrame:
    """Give every time its type: UTC, in milliseconds."""
    numbers = [name for name, dtype in frame.schema.items() if name.endswith("_at") and dtype.is_integer()]
    naive = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime) and not dtype.time_zone]
    zoned = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone]
    return frame.with_columns(
        pl.col(numbers).cast(pl.Int64).cast(pl.Datetime("ms", "UTC")),
        pl.col(naive).dt.replace_time_zone("UTC"),
        pl.col(zoned).dt.convert_time_zone("UTC"),
    )


def _texts(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Turn times and lists into text."""
    frame = _timed(frame)
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() and not isinstance(dtype, pl.List)]
    nested += [name for name, dtype in frame.schema.items() if dtype in (pl.Binary, pl.Object)]
    if nested:
        raise BadInput(f"{path}: {', '.join(nested)} cannot be written as text", "export to .parquet")
    times = [_iso(frame[name]) for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    lists = [
        frame[name].cast(pl.List(pl.String())).list.join("|", ignore_nulls=True)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.List)
    ]
    return frame.with_columns(times + lists)


def _iso(times: pl.Series) -> pl.Series:
    finer = bool((times.dt.millisecond() != 0).any())
    return times.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ" if finer else "%Y-%m-%dT%H:%M:%SZ")

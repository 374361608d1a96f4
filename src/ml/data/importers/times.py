"""Times as people write them, read as UTC milliseconds.

Conventions
-----------
A time without a zone is UTC. Two things cannot be told from a single value and are guessed
once for a file, from its first rows, and said in the summary: the unit of an epoch number,
and whether ``3/4/2019`` is the third of April (day first) or the fourth of March.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from ml.data.importers.reasons import reason

SECOND_MS = 1_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
# From 1 January of the year 1 to 31 December 9999.
_EARLIEST_MS, _LATEST_MS = -62_135_596_800_000, 253_402_300_799_999

#: The year 5138: a later time in seconds is one in milliseconds.
LATEST_S = 100_000_000_000

# An epoch number below the limit is in this unit.
_UNITS = ((LATEST_S, "seconds", 1e3), (1e14, "milliseconds", 1.0), (1e17, "microseconds", 1e-3))
_NANOSECONDS = ("nanoseconds", 1e-6)

# strptime pattern and the precision that it gives; null means seconds or finer.
_ANYWHERE: tuple[tuple[str, int | None], ...] = (
    ("%Y-%m-%dT%H:%M:%SZ", None),
    ("%Y-%m-%d %H:%M:%S%.f", None),
    ("%Y-%m-%d %H:%M", MINUTE_MS),
    ("%Y-%m-%d", DAY_MS),
    ("%Y/%m/%d %H:%M:%S", None),
    ("%Y/%m/%d %H:%M", MINUTE_MS),
    ("%Y/%m/%d", DAY_MS),
    ("%d.%m.%Y %H:%M:%S", None),
    ("%d.%m.%Y %H:%M", MINUTE_MS),
    ("%d.%m.%Y", DAY_MS),
    ("%d %b %Y %H:%M:%S", None),
    ("%d %b %Y %H:%M", MINUTE_MS),
    ("%d %b %Y", DAY_MS),
    ("%b %d %Y %H:%M:%S", None),
    ("%b %d %Y %H:%M", MINUTE_MS),
    ("%b %d %Y %I:%M %p", MINUTE_MS),
    ("%b %d %Y", DAY_MS),
    ("%a %d %b %Y %H:%M:%S", None),
)
_CLOCKS: tuple[tuple[str, int | None], ...] = (
    (" %H:%M:%S", None),
    (" %H:%M", MINUTE_MS),
    (" %I:%M:%S %p", None),
    (" %I:%M %p", MINUTE_MS),
    ("", DAY_MS),
)
_OFFSET = r"(\d\d:\d\d(?:\.\d+)?)\s*([+-])(\d\d):?(\d\d)$"


_Column = TypeVar("_Column", pl.Series, pl.Expr)


def parse_times(written: _Column, pattern: str) -> _Column:
    """Read texts of one pattern as UTC milliseconds; null where a text is of another.

    Parameters
    ----------
    written : polars.Series or polars.Expr
    pattern : str
        As ``strptime`` knows it.

    Examples
    --------
    >>> parse_times(pl.Series(["11 Oct 2019 20:05", "soon"]), "%d %b %Y %H:%M").to_list()
    [1570824300000, None]
    """
    return written.str.to_datetime(pattern, time_unit="ms", strict=False, exact=True).dt.epoch("ms")


@dataclass(frozen=True, slots=True)
class Clock:
    """How one column of a file writes its times.

    Parameters
    ----------
    factor : float > 0
        Milliseconds of one unit of a bare number.
    day_first : bool
        How to read ``3/4/2019``.
    compact : bool
        Whether a number such as ``20190403`` is a date.
    note : str
        What was guessed, the code of a sentence of :mod:`~ml.data.importers.reasons`; empty where nothing had to be.
    unit : str
        Of a bare number since 1970, for that sentence.

    Examples
    --------
    >>> clock = Clock.guess(pl.Series(["1260759144000"]))
    >>> clock.said("ts")
    'ts: numbers are milliseconds since 1970'
    >>> clock.read(pl.Series(["1260759144000", "2009-12-14T02:52:24Z", "soon"]))["ms"].to_list()
    [1260759144000, 1260759144000, None]
    """

    factor: float = 1e3
    day_first: bool = True
    compact: bool = False
    note: str = ""
    unit: str = ""

    def said(self, column: str) -> str:
        """Say of a column what was guessed; nothing where nothing was."""
        return reason(self.note, column=column, unit=self.unit) if self.note else ""

    @classmethod
    def guess(cls, values: pl.Series) -> Clock:
        """Look at the first values of a column."""
        if values.dtype.is_temporal():
            return cls()
        numbers = values.cast(pl.Float64, strict=False).drop_nulls().drop_nans()
        if len(numbers):
            if values.drop_nulls().str.contains(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$").all():
                return cls(compact=True, note="compact_dates")
            unit, factor = _unit(float(numbers.abs().median() or 0))  # type: ignore[arg-type]
            return cls(factor=factor, note="epoch", unit=unit)
        return _slashes(values)

    def read(self, values: pl.Series) -> pl.DataFrame:
        """Read a column.

        Returns
        -------
        polars.DataFrame [columns ms, precision_ms]
            UTC milliseconds, null where the value is no time; the precision is null for
            seconds or finer.
        """
        if values.dtype.is_temporal():
            precision = DAY_MS if values.dtype == pl.Date else None
            return _column(_utc(values).dt.epoch("ms"), precision)
        numbers = self._dates(values) if self.compact else self._numbers(values)
        texts = values.set(numbers["ms"].is_not_null(), None)
        return numbers if texts.null_count() == len(texts) else _merge(numbers, self._texts(texts))

    def _numbers(self, values: pl.Series) -> pl.DataFrame:
        ms = values.cast(pl.Float64, strict=False) * self.factor
        return _column(ms.set(~ms.is_between(_EARLIEST_MS, _LATEST_MS), None).round().cast(pl.Int64), None)

    def _dates(self, values: pl.Series) -> pl.DataFrame:
        return _column(parse_times(values, "%Y%m%d"), DAY_MS)

    def _texts(self, values: pl.Series) -> pl.DataFrame:
        """Try one way of writing after the other on what the ones before could not read."""
        date = "%d/%m/%Y" if self.day_first else "%m/%d/%Y"
        found = _column(pl.Series([None] * len(values), dtype=pl.Int64), None)
        left, offset = values, None
        for pattern, precision in (*_ANYWHERE, *((date + clock, precision) for clock, precision in _CLOCKS)):
            ms = parse_times(left, pattern)
            found = _merge(found, _column(ms if offset is None else ms - offset, precision))
            left = left.set(ms.is_not_null(), None)
            if left.null_count() == len(left):
                break
            if offset is None:
                left, offset = _plain(left)
        return found


def _unit(size: float) -> tuple[str, float]:
    return next(((unit, factor) for limit, unit, factor in _UNITS if size < limit), _NANOSECONDS)


def _slashes(values: pl.Series) -> Clock:
    parts = values.str.extract_groups(r"^(\d{1,2})/(\d{1,2})/\d{4}")
    first, second = (parts.struct[index].cast(pl.Int64).max() for index in (0, 1))
    if first is None or second is None:
        return Clock()
    if second > 12 >= first:  # type: ignore[operator]
        return Clock(day_first=False, note="month_first")
    return Clock(day_first=True, note="day_first" if first > 12 else "day_first_unsure")  # type: ignore[operator]


def _plain(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Bring ISO 8601's variants and commas to one form, and take the zone's offset out, in ms."""
    text = values.str.replace(r"^(\d{4}-\d\d-\d\d)[Tt]", "${1} ").str.replace(r"\s*(?:Z|z|UTC|GMT)$", "")
    text = text.str.replace_all(",", " ", literal=True).str.replace_all(r"\s+", " ")
    zone = text.str.extract_groups(_OFFSET)
    hours, minutes = zone.struct[2].cast(pl.Int64), zone.struct[3].cast(pl.Int64)
    sign = (zone.struct[1] == "-").cast(pl.Int64) * -2 + 1
    return text.str.replace(_OFFSET, "${1}"), ((hours * 60 + minutes) * MINUTE_MS * sign).fill_null(0)


def _utc(values: pl.Series) -> pl.Series:
    zoned = isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None
    return values.dt.convert_time_zone("UTC") if zoned else values.cast(pl.Datetime("ms"))


def _column(ms: pl.Series, precision: int | None) -> pl.DataFrame:
    frame = pl.DataFrame({"ms": ms.cast(pl.Int64)})
    known = pl.when(pl.col("ms").is_not_null()).then(pl.lit(precision, dtype=pl.Int64))
    return frame.with_columns(precision_ms=known)


def _merge(first: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """Keep the first reading where there is one."""
    have = first["ms"].is_not_null()
    return first.with_columns(
        ms=pl.when(have).then(pl.col("ms")).otherwise(then["ms"]),
        precision_ms=pl.when(have).then(pl.col("precision_ms")).otherwise(then["precision_ms"]),
    )

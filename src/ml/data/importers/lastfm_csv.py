"""Last.fm histories as CSV: the two exports in use.

Conventions
-----------
- *With ids* (lastfm.ghan.nl): a header ``uts,utc_time,artist,artist_mbid,album,album_mbid,
  track,track_mbid``; ``uts`` is the time in seconds.
- *Plain* (lastfm-to-csv): ``artist,album,track,date`` without a header, the date as
  ``11 Oct 2019 20:05`` or ``11 Oct 2019, 20:05`` in UTC. With a header, the order is free.
- A scrobble's time is when the track began. A row without one was playing when the export
  was made, and is no listen.
- Quoting is that of CSV, but a field may not span lines: a quote that is not closed costs its
  own line and no more.
- Last.fm's ids of artists and tracks are taken for MusicBrainz ids where they look like one.
- The listener is the one that the options name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import polars as pl

from ml.data.importers.base import Batch, Options, Reject, Unit
from ml.data.importers.batching import merged, sifted
from ml.data.importers.json_columns import mbids
from ml.data.importers.source import Entry, Source
from ml.data.importers.text_stream import TextBlock, head_text, quoted, text_blocks

PLAIN = ("artist", "album", "track", "date")
_OPTIONAL = ("uts", "utc_time", "artist_mbid", "track_mbid")
_SUFFIXES = {".csv", ".txt"}
# The year 5138: a later time in seconds is one in milliseconds.
_LATEST_S = 100_000_000_000
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d\d:\d\d")
#: Lines that are looked at to recognise a file without a header.
_LOOK = 10

Fields = list[str]


class LastfmCsv:
    """Reads CSV exports of Last.fm scrobbles."""

    kind: ClassVar[str] = "lastfm-csv"
    title: ClassVar[str] = "Last.fm scrobbles as CSV"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find CSV files with a header of the exports, or with their dates."""
        return [
            Unit(self.kind, entry.name, (entry,))
            for entry in source.entries
            if entry.suffix in _SUFFIXES and _is_scrobbles(entry)
        ]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read one file."""
        (entry,) = unit.entries
        return merged(_stretches(entry, options.user))


def _is_scrobbles(entry: Entry) -> bool:
    lines = [line for line in head_text(entry).splitlines()[:_LOOK] if line.strip()]
    rows = [fields for line in lines if (fields := _fields(line)) is not None]
    if not rows:
        return False
    return _header(rows[0]) is not None or any(len(row) == len(PLAIN) and _DATE.fullmatch(row[3]) for row in rows)


def _header(fields: Fields) -> tuple[str, ...] | None:
    """Give the names of a header's columns, or None where the line is none."""
    names = tuple(name.strip().lower() for name in fields)
    plain = set(names) == set(PLAIN) and len(names) == len(PLAIN)
    return names if plain or {"uts", "artist", "track"} <= set(names) else None


def _stretches(entry: Entry, user: str) -> Iterator[Batch]:
    names: tuple[str, ...] | None = None
    for block in text_blocks(entry):
        numbers, rows, rejects = _parsed(entry.name, block)
        skipped = 0
        if names is None and rows:
            header = _header(rows[0])
            names, skipped = header or PLAIN, 1 if header else 0
        yield _listens(entry.name, names or PLAIN, numbers[skipped:], rows[skipped:], rejects, user)


def _parsed(file: str, block: TextBlock) -> tuple[Sequence[int], list[Fields], list[Reject]]:
    """Split lines into fields, each line for itself."""
    try:
        rows = list(csv.reader(block.lines, strict=True))
    except csv.Error:
        rows = []
    # As many records as lines: no quote runs on into the next line.
    if len(rows) == len(block.lines):
        return block.numbers, rows, block.rejects
    found = [(number, line, _fields(line)) for number, line in zip(block.numbers, block.lines, strict=True)]
    reason = "a quote is not closed, or text follows a closing quote"
    rejects = [Reject(file, number, reason, quoted(line)) for number, line, fields in found if fields is None]
    good = [(number, fields) for number, _, fields in found if fields is not None]
    return [number for number, _ in good], [fields for _, fields in good], [*block.rejects, *rejects]


def _fields(line: str) -> Fields | None:
    try:
        return next(csv.reader([line], strict=True), None)
    except csv.Error:
        return None


def _listens(
    file: str, names: tuple[str, ...], numbers: Sequence[int], rows: list[Fields], rejects: list[Reject], user: str
) -> Batch:
    width = len(names)
    ragged = [
        Reject(file, number, f"{len(row)} fields where {width} are expected", quoted(",".join(row)))
        for number, row in zip(numbers, rows, strict=True)
        if len(row) != width
    ]
    if ragged:
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if len(row) == width]
        numbers, rows = [number for number, _ in kept], [row for _, row in kept]
    columns = dict(zip(names, zip(*rows, strict=True), strict=False)) if rows else {}
    table = {name: _texts(columns.get(name, ()), len(rows)) for name in {*PLAIN, *names, *_OPTIONAL}}
    frame = _columns(table).with_columns(line=pl.Series(numbers, dtype=pl.Int64), user_id=pl.lit(user))
    listens, bad = sifted(frame, file, lambda index: quoted(",".join(rows[index])))
    found = [*rejects, *ragged, *bad]
    return Batch(file, listens.height + len(found), {"listens": listens}, found)


def _texts(values: Sequence[str], length: int) -> pl.Series:
    """Give a column of texts, blank ones null; all null where the file lacks the column."""
    if not values:
        return pl.Series([None] * length, dtype=pl.String)
    column = pl.Series(values, dtype=pl.String).str.strip_chars()
    return column.set(column == "", None)


def _columns(table: dict[str, pl.Series]) -> pl.DataFrame:
    """Turn the file's columns into ours, with the reason why a row is no listen."""
    seconds = table["uts"].cast(pl.Int64, strict=False)
    seconds = seconds.set(seconds.abs() > _LATEST_S, None) * 1000
    minutes = _minutes(table["date"].zip_with(table["date"].is_not_null(), table["utc_time"]))
    dated = seconds.zip_with(seconds.is_not_null(), minutes)
    undated = table["uts"].is_null() & table["date"].is_null() & table["utc_time"].is_null()
    return pl.DataFrame(
        {
            "title": table["track"],
            "artist": table["artist"],
            "album": table["album"],
            "mbid": mbids(table["track_mbid"]),
            "artist_mbids": mbids(table["artist_mbid"]).str.split(","),
            "listened_at": dated,
            "no_seconds": seconds.is_null(),
            "undated": undated,
        }
    ).select(
        pl.exclude("no_seconds", "undated"),
        precision_ms=pl.when("no_seconds").then(pl.lit(60_000, pl.Int64)).otherwise(pl.lit(1_000, pl.Int64)),
        reason=pl.when("undated")
        .then(pl.lit("no date: what was playing when the export was made is no listen"))
        .when(pl.col("listened_at").is_null())
        .then(pl.lit("the date is neither seconds since 1970 nor of the form 11 Oct 2019 20:05")),
    )


def _minutes(written: pl.Series) -> pl.Series:
    plain = written.str.replace(",", "", literal=True)
    times = plain.str.to_datetime("%d %b %Y %H:%M", time_unit="ms", strict=False)
    return times.dt.timestamp("ms")

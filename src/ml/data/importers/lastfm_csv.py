"""Last.fm histories as CSV: the two exports in use.

Conventions
-----------
- *With ids* (lastfm.ghan.nl): a header ``uts,utc_time,artist,artist_mbid,album,album_mbid,
  track,track_mbid``; ``uts`` is the time in seconds.
- *Plain* (lastfm-to-csv): ``artist,album,track,date`` without a header, the date as
  ``11 Oct 2019 20:05`` or ``11 Oct 2019, 20:05`` in UTC. With a header, the order is free.
- A scrobble's time is when the track began. A row without one was playing when the export
  was made, and is no listen.
- Quoting is that of CSV (:mod:`ml.data.importers.delimited`).
- Last.fm's ids of artists and tracks are taken for MusicBrainz ids where they look like one.
- The listener is the one that the options name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import polars as pl

from ml.data.importers.base import Batch, Options, Unit
from ml.data.importers.delimited import read_rows
from ml.data.importers.encoding import head_text, utf8_chunks
from ml.data.importers.header import HEAD_LINES, Header, read_header
from ml.data.importers.identifiers import mbids
from ml.data.importers.lines import LineReader
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.times import LATEST_S, MINUTE_MS, SECOND_MS, parse_times

PLAIN = ("artist", "album", "track", "date")
_OPTIONAL = ("uts", "utc_time", "artist_mbid", "track_mbid")
_SUFFIXES = {".csv", ".txt"}
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d\d:\d\d")
#: Lines that are looked at to recognise a file without a header.
_LOOK = 10


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
        reader = LineReader(utf8_chunks(entry, encoding=options.encoding))
        header = _take_header(reader)
        places = {name: at for at, name in enumerate(header.names)}
        for rows in read_rows(reader, header, file=entry.name, encoding=options.encoding):
            yield rows.batch(entry.name, "listens", _listens(rows.named(places), options.user))


def _is_scrobbles(entry: Entry) -> bool:
    lines = [line for line in head_text(entry).splitlines()[:_LOOK] if line.strip()]
    rows = [fields for line in lines if (fields := _fields(line)) is not None]
    if not rows:
        return False
    return _names(rows[0]) is not None or any(len(row) == len(PLAIN) and _DATE.fullmatch(row[3]) for row in rows)


def _fields(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True), None)
    except csv.Error:
        return None


def _names(fields: Sequence[str]) -> tuple[str, ...] | None:
    """Give the names of a header's columns, or None where the record is none."""
    names = tuple(name.strip().lower() for name in fields)
    plain = set(names) == set(PLAIN) and len(names) == len(PLAIN)
    return names if plain or {"uts", "artist", "track"} <= set(names) else None


def _take_header(reader: LineReader) -> Header:
    """Read the header, if there is one, and leave the reader at the first row."""
    stretch = reader.take(HEAD_LINES)
    first = read_header(stretch, delimiter=",", known=lambda _: False)
    names = _names(first.names) if first else None
    header = replace(first, names=names) if first and names else Header(PLAIN, ",", 0)
    reader.put_back(b"".join(stretch.lines()[header.lines :]))
    return header


def _listens(rows: pl.DataFrame, user: str) -> pl.DataFrame:
    """Turn the file's columns into ours, with the reason why a row is no listen."""
    absent = [name for name in (*PLAIN, *_OPTIONAL) if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    seconds = pl.col("uts").cast(pl.Int64, strict=False)
    seconds = pl.when(seconds.abs() <= LATEST_S).then(seconds) * SECOND_MS
    written = pl.coalesce("date", "utc_time")
    minutes = parse_times(written.str.replace(",", "", literal=True), "%d %b %Y %H:%M")
    dated = pl.coalesce(seconds, minutes)
    return rows.select(
        "line",
        "artist",
        "album",
        user_id=pl.lit(user),
        title="track",
        mbid=mbids("track_mbid"),
        artist_mbids=mbids("artist_mbid").str.split(","),
        listened_at=dated,
        precision_ms=pl.when(seconds.is_null()).then(MINUTE_MS).otherwise(SECOND_MS).cast(pl.Int64),
        reason=pl.when(pl.col("uts").is_null() & written.is_null())
        .then(pl.lit(reason("playing_now").coded))
        .when(dated.is_null())
        .then(pl.lit(reason("lastfm_date").coded)),
    )

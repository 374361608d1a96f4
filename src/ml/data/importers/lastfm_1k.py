"""The Last.fm 1K data set: listening events of a thousand listeners, with their profiles.

Conventions
-----------
- Events are ``userid-timestamp-artid-artname-traid-traname.tsv``: six fields between tabs,
  quoting off, UTC seconds, newest first for each listener.
- Profiles are ``userid-profile.tsv`` beside it: id, gender, age, country (its English name) and
  the day of registration (``Aug 13, 2006``), any of which but the id may be empty. The header
  may be missing.
- A listener is ``lastfm1k:user_000001``.

References
----------
Ò. Celma, "Music Recommendation and Discovery in the Long Tail", Springer 2010.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import ClassVar

import polars as pl

from ml.data.importers.base import Batch, Options, Unit
from ml.data.importers.batching import lacks
from ml.data.importers.delimited import read_bare
from ml.data.importers.encoding import head_text
from ml.data.importers.identifiers import mbids
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.times import SECOND_MS, parse_times
from ml.foundation.said import Said

EVENTS = ("userid", "timestamp", "artid", "artname", "traid", "traname")
PROFILES = ("userid", "gender", "age", "country", "registered")

_EVENTS_FILE = "userid-timestamp-artid-artname-traid-traname.tsv"
_PROFILE_FILE = "userid-profile.tsv"
_EVENT = re.compile(r"user_\d{6}\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(\t[^\t\r\n]*){4}\r?(\n|$)")
_HEADER = r"(?i)#?(user)?id\tgender\tage\tcountry\t"


class Lastfm1k:
    """Reads the Last.fm 1K data set."""

    kind: ClassVar[str] = "lastfm-1k"
    title: ClassVar[str] = "Last.fm 1K data set (events and profiles)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find event files, each with the profiles of its folder; profiles alone are a unit as well."""
        profiles = [entry for entry in source.entries if entry.basename == _PROFILE_FILE]
        events = [entry for entry in source.entries if _is_events(entry)]
        units = [Unit(self.kind, entry.name, (*_beside(entry, profiles), entry)) for entry in events]
        taken = {entry.name for unit in units for entry in unit.entries}
        alone = [Unit(self.kind, entry.name, (entry,)) for entry in profiles if entry.name not in taken]
        return [*units, *alone]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read profiles, then events."""
        for entry in unit.entries:
            yield from _batches(entry, options.encoding)


def _is_events(entry: Entry) -> bool:
    if entry.suffix not in {".tsv", ".txt"} or entry.basename == _PROFILE_FILE:
        return False
    return entry.basename == _EVENTS_FILE or bool(_EVENT.match(head_text(entry)))


def _beside(entry: Entry, profiles: Sequence[Entry]) -> list[Entry]:
    folder = PurePosixPath(entry.name).parent
    return [profile for profile in profiles if PurePosixPath(profile.name).parent == folder]


def _batches(entry: Entry, encoding: str | None) -> Iterator[Batch]:
    profiles = entry.basename == _PROFILE_FILE
    name, columns, header, shape = (
        ("profiles", PROFILES, _HEADER, _profiles) if profiles else ("listens", EVENTS, None, _listens)
    )
    places = {column: at for at, column in enumerate(columns)}
    for rows in read_bare(entry, columns, encoding=encoding, header=header):
        yield rows.batch(entry.name, name, shape(rows.named(places)))


def _listens(rows: pl.DataFrame) -> pl.DataFrame:
    moment = parse_times(pl.col("timestamp"), "%Y-%m-%dT%H:%M:%SZ")
    return rows.select(
        "line",
        user_id="lastfm1k:" + pl.col("userid"),
        title="traname",
        artist="artname",
        mbid=mbids("traid"),
        artist_mbids=mbids("artid").str.split(","),
        listened_at=moment,
        precision_ms=pl.lit(SECOND_MS, pl.Int64),
        reason=pl.coalesce(lacks("userid", reason("no_user_id")), lacks(moment, reason("iso_time"))),
    )


def _profiles(rows: pl.DataFrame) -> pl.DataFrame:
    day = parse_times(pl.col("registered"), "%b %d, %Y")
    age = pl.col("age").cast(pl.Int64, strict=False)
    return rows.select(
        "line",
        "country",
        user_id="lastfm1k:" + pl.col("userid"),
        gender=pl.col("gender").str.to_lowercase(),
        age=age,
        registered_at=day,
        reason=pl.coalesce(
            lacks("userid", reason("no_user_id")),
            _unread("age", age, reason("age_whole")),
            _unread("registered", day, reason("registered_day")),
        ),
    )


def _unread(written: str, read: pl.Expr, why: Said) -> pl.Expr:
    """Give the reason where something is written that could not be read."""
    return pl.when(pl.col(written).is_not_null()).then(lacks(read, why))

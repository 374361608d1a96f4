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

from ml.data.importers.base import Batch, Options, Reject, Unit
from ml.data.importers.batching import merged, sifted
from ml.data.importers.json_columns import mbids
from ml.data.importers.source import Entry, Source
from ml.data.importers.text_stream import TextBlock, head_text, tab_table, text_blocks

EVENTS = ("userid", "timestamp", "artid", "artname", "traid", "traname")
PROFILES = ("userid", "gender", "age", "country", "registered")

_EVENTS_FILE = "userid-timestamp-artid-artname-traid-traname.tsv"
_PROFILE_FILE = "userid-profile.tsv"
_EVENT = re.compile(r"user_\d{6}\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(\t[^\t\r\n]*){4}\r?(\n|$)")
_HEADER = re.compile(r"#?(user)?id\tgender\tage\tcountry\t", re.IGNORECASE)


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

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:  # noqa: ARG002
        """Read profiles, then events."""
        return merged(stretch for entry in unit.entries for stretch in _stretches(entry))


def _is_events(entry: Entry) -> bool:
    if entry.suffix not in {".tsv", ".txt"} or entry.basename == _PROFILE_FILE:
        return False
    return entry.basename == _EVENTS_FILE or bool(_EVENT.match(head_text(entry)))


def _beside(entry: Entry, profiles: Sequence[Entry]) -> list[Entry]:
    folder = PurePosixPath(entry.name).parent
    return [profile for profile in profiles if PurePosixPath(profile.name).parent == folder]


def _stretches(entry: Entry) -> Iterator[Batch]:
    if entry.basename != _PROFILE_FILE:
        return (_listens(entry.name, block) for block in text_blocks(entry))
    return (_profiles(entry.name, _without_header(block)) for block in text_blocks(entry))


def _without_header(block: TextBlock) -> TextBlock:
    if block.numbers and block.numbers[0] == 1 and _HEADER.match(block.lines[0]):
        return TextBlock(block.numbers[1:], block.lines[1:], block.rejects)
    return block


def _listens(file: str, block: TextBlock) -> Batch:
    fields, rejects = tab_table(file, block, EVENTS)
    moment = pl.col("timestamp").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms", strict=False)
    frame = fields.select(
        "line",
        user_id="lastfm1k:" + pl.col("userid"),
        title="traname",
        artist="artname",
        mbid=pl.col("traid").map_batches(mbids, return_dtype=pl.String),
        artist_mbids=pl.col("artid").map_batches(mbids, return_dtype=pl.String).str.split(","),
        listened_at=moment.dt.timestamp("ms"),
        precision_ms=pl.lit(1_000, pl.Int64),
        reason=_reason("userid", "no user id").fill_null(
            _reason(moment, "the time is not of the form 2009-05-04T23:08:57Z")
        ),
    )
    return _batch(file, "listens", frame, fields, rejects)


def _profiles(file: str, block: TextBlock) -> Batch:
    fields, rejects = tab_table(file, block, PROFILES)
    day = pl.col("registered").str.to_datetime("%b %d, %Y", time_unit="ms", strict=False)
    age = pl.col("age").cast(pl.Int64, strict=False)
    frame = fields.select(
        "line",
        "country",
        user_id="lastfm1k:" + pl.col("userid"),
        gender=pl.col("gender").str.to_lowercase(),
        age=age,
        registered_at=day.dt.timestamp("ms"),
        reason=_reason("userid", "no user id")
        .fill_null(pl.when(pl.col("age").is_not_null()).then(_reason(age, "the age is not a whole number")))
        .fill_null(
            pl.when(pl.col("registered").is_not_null()).then(_reason(day, "registered is not a day like Aug 13, 2006"))
        ),
    )
    return _batch(file, "profiles", frame, fields, rejects)


def _reason(needed: pl.Expr | str, reason: str) -> pl.Expr:
    """Give the reason where what is needed is null."""
    column = pl.col(needed) if isinstance(needed, str) else needed
    return pl.when(column.is_null()).then(pl.lit(reason))


def _batch(file: str, name: str, frame: pl.DataFrame, fields: pl.DataFrame, rejects: list[Reject]) -> Batch:
    written = fields.drop("line")
    good, bad = sifted(frame, file, lambda index: "\t".join(value or "" for value in written.row(index)))
    return Batch(file, fields.height + len(rejects), {name: good}, [*rejects, *bad])

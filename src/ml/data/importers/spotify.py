"""Spotify's exports: account data, extended streaming history, playlists and saved tracks.

Conventions
-----------
- *Account data* is ``StreamingHistory*.json`` (also ``StreamingHistory_music_*.json``): the
  UTC minute in which a stream ended, artist, title and milliseconds played.
- *Extended history* is ``Streaming_History_*.json`` (earlier ``endsong_*.json``): the UTC
  second, the track's id, and how the stream began and ended.
- Both give the *end*; ``listened_at`` is the end minus ``ms_played``, exactly. So rows of the
  two exports are the same listen where ``ms_played`` is equal and ``listened_at + ms_played``
  falls into the same minute.
- Podcast episodes and audiobook chapters are no music: they become rejects that say so.
- ``Playlist*.json`` and ``YourLibrary.json`` are read by :mod:`ml.data.importers.spotify_library`.
- The listener is the one that the options name: the account data holds no user name.

References
----------
Spotify, "Understanding your data", support.spotify.com/article/understanding-my-data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import orjson
import polars as pl

from ml.data.importers.base import Batch, Options, Reject, Unit
from ml.data.importers.batching import merged, sifted
from ml.data.importers.encoding import head_text
from ml.data.importers.json_columns import texts, truths, whole, wholes
from ml.data.importers.json_stream import JsonRows, Row, json_array
from ml.data.importers.lines import excerpt
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.spotify_library import is_library, library
from ml.data.importers.times import MINUTE_MS, SECOND_MS, parse_times

_ACCOUNT = re.compile(r"StreamingHistory.*\.json", re.IGNORECASE)
_EXTENDED = re.compile(r"(Streaming_History_|endsong|endvideo).*\.json", re.IGNORECASE)

# What the name of a filled field tells about a row without a track.
_NOT_MUSIC = {"episode": "podcast episode", "podcast": "podcast episode", "audiobook": "audiobook chapter"}


class Spotify:
    """Reads Spotify's account data and extended streaming history."""

    kind: ClassVar[str] = "spotify"
    title: ClassVar[str] = "Spotify account data and extended streaming history"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find histories (the richer extended ones first), then playlists and saved tracks."""
        ranked = [(rank, entry) for entry in source.entries if (rank := _rank(entry)) is not None]
        ranked.sort(key=lambda pair: (pair[0], pair[1].name))
        return [Unit(self.kind, entry.name, (entry,)) for _, entry in ranked]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read one file of an export."""
        (entry,) = unit.entries
        if is_library(entry):
            return merged(library(entry, options.user))
        return merged(_listens(entry.name, found, options.user) for found in json_array(entry))


def _rank(entry: Entry) -> int | None:
    if entry.suffix != ".json":
        return None
    if _EXTENDED.fullmatch(entry.basename):
        return 0
    if _ACCOUNT.fullmatch(entry.basename):
        return 1
    if is_library(entry):
        return 2
    head = head_text(entry)
    if not head.lstrip().startswith("["):
        return None
    # A renamed history still has the fields of its rows.
    extended, account = ('"ts"', '"ms_played"'), ('"endTime"', '"msPlayed"')
    return next((rank for rank, keys in enumerate((extended, account)) if all(key in head for key in keys)), None)


def _listens(file: str, found: JsonRows, user: str) -> Batch:
    account = [index for index, row in enumerate(found.rows) if "endTime" in row]
    extended = [index for index, row in enumerate(found.rows) if "endTime" not in row]
    frames, rejects = [], found.rejects
    for columns, indices in ((_account_columns, account), (_extended_columns, extended)):
        if indices:
            rows = [found.rows[index] for index in indices]
            lines = pl.Series("line", [found.lines[index] for index in indices], dtype=pl.Int64)
            frame, bad = _started(file, columns(rows).with_columns(lines), rows)
            frames.append(frame)
            rejects = [*rejects, *bad]
    listens = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    return Batch(file, found.n_rows, {"listens": listens.with_columns(user_id=pl.lit(user))}, rejects)


def _account_columns(rows: Sequence[Row]) -> pl.DataFrame:
    title = texts(row.get("trackName") for row in rows)
    return pl.DataFrame(
        {
            "title": title,
            "artist": texts(row.get("artistName") for row in rows),
            "ms_played": wholes(row.get("msPlayed") for row in rows),
            "end": _times(texts(row.get("endTime") for row in rows)),
            "refusal": _refusals(rows, title.is_null(), "msPlayed"),
        }
    ).with_columns(precision_ms=pl.lit(MINUTE_MS, dtype=pl.Int64))


def _extended_columns(rows: Sequence[Row]) -> pl.DataFrame:
    title = texts(row.get("master_metadata_track_name") for row in rows)
    item = texts(row.get("spotify_track_uri") for row in rows)
    return pl.DataFrame(
        {
            "item_id": item.set(~item.str.starts_with("spotify:"), None),
            "title": title,
            "artist": texts(row.get("master_metadata_album_artist_name") for row in rows),
            "album": texts(row.get("master_metadata_album_album_name") for row in rows),
            "ms_played": wholes(row.get("ms_played") for row in rows),
            "skipped": truths(row.get("skipped") for row in rows),
            "incognito": truths(row.get("incognito_mode") for row in rows),
            "shuffle": truths(row.get("shuffle") for row in rows),
            "reason_start": texts(row.get("reason_start") for row in rows),
            "reason_end": texts(row.get("reason_end") for row in rows),
            "device": texts(row.get("platform") for row in rows),
            "end": _times(texts(row.get("ts") for row in rows)),
            "refusal": _refusals(rows, title.is_null() & item.is_null(), "ms_played"),
        }
    ).with_columns(precision_ms=pl.lit(SECOND_MS, dtype=pl.Int64))


def _times(written: pl.Series) -> pl.Series:
    """Read UTC times to the minute or the second, in milliseconds; null where it is no time."""
    plain = written.str.replace(r"(\d)T", "$1 ").str.replace(r"(?:Z|\+00:00| UTC)$", "")
    seconds, minutes = (parse_times(plain, pattern) for pattern in ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"))
    return seconds.zip_with(seconds.is_not_null(), minutes)


def _refusals(rows: Sequence[Row], nameless: pl.Series, played: str) -> pl.Series:
    """Say what is wrong with each row apart from its time; null where nothing is."""
    reasons: list[str | None] = [None] * len(rows)
    for index, row in enumerate(rows):
        value = row.get(played)
        if type(value) is not int and value is not None and whole(value) is None:
            reasons[index] = reason("not_whole", column=played).coded
    for index in nameless.arg_true():
        reasons[index] = _not_music(rows[index])
    return pl.Series(reasons, dtype=pl.String)


def _not_music(row: Row) -> str:
    for mark, kind in _NOT_MUSIC.items():
        if any(mark in name and row[name] for name in row):
            return reason("not_music", kind=kind).coded
    return reason("no_track").coded


def _started(file: str, frame: pl.DataFrame, rows: Sequence[Row]) -> tuple[pl.DataFrame, list[Reject]]:
    """Turn ends into starts and part the rows that are no listens."""
    no_time = pl.when(pl.col("end").is_null()).then(pl.lit(reason("end_time").coded))
    frame = frame.select(
        pl.exclude("end", "refusal"),
        listened_at=pl.col("end") - pl.col("ms_played").fill_null(0),
        reason=pl.coalesce("refusal", no_time),
    )
    return sifted(frame, file, lambda index: excerpt(orjson.dumps(rows[index])))

"""ListenBrainz's exports: JSON lines by month, or one JSON list.

Conventions
-----------
- The export of today is a folder or archive with ``listens/YYYY/M.jsonl`` and ``user.json``;
  the earlier one is a single list, ``NAME_lb-YYYY-MM-DD.json``. A file that merely looks like
  either is read as well.
- ``listened_at`` is when the track began, in seconds; a row without one is what was playing
  when the export was made, and no listen.
- The listener is ``listenbrainz:NAME``, by the row's ``user_name``, else by ``user.json``; else
  the one that the options name.
- What the player sent (``additional_info``) goes before what ListenBrainz matched
  (``mbid_mapping``), as in its own export. A value of the wrong shape is left out.
- ``feedback.jsonl`` and ``pinned_recording.jsonl`` name recordings by id alone and are not read.

References
----------
ListenBrainz, "JSON documentation", listenbrainz.readthedocs.io/en/latest/users/json.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import orjson
import polars as pl

from ml.data.importers.base import Batch, Options, Unit
from ml.data.importers.batching import merged, sifted
from ml.data.importers.encoding import head_text
from ml.data.importers.identifiers import mbids, spotify_track
from ml.data.importers.json_columns import text, texts, whole, wholes
from ml.data.importers.json_stream import JsonRows, Row, json_document, json_rows
from ml.data.importers.lines import excerpt
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.times import LATEST_S, SECOND_MS
from ml.foundation.errors import BadInput

_MONTH = re.compile(r"(?:.*/)?listens/\d{4}/\d{1,2}\.jsonl", re.IGNORECASE)
_SINGLE = re.compile(r".*_lb-\d{4}-\d\d-\d\d\.json", re.IGNORECASE)
_SUFFIXES = {".json", ".jsonl", ".ndjson", ".listens"}
_MARK = '"track_metadata"'
_NONE: Mapping[str, Any] = {}


class ListenBrainz:
    """Reads exports of ListenBrainz."""

    kind: ClassVar[str] = "listenbrainz"
    title: ClassVar[str] = "ListenBrainz export (JSON lines or a JSON list)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find the files of listens; each is a unit, together with the export's ``user.json``."""
        users = [entry for entry in source.entries if entry.basename == "user.json"]
        return [
            Unit(self.kind, entry.name, (entry, *_user_of(entry, users)))
            for entry in source.entries
            if _is_listens(entry)
        ]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read one file of listens."""
        entry, *users = unit.entries
        user = _user_name(users[0]) if users else None
        default = f"listenbrainz:{user}" if user else options.user
        return merged(_listens(entry.name, found, default) for found in json_rows(entry))


def _is_listens(entry: Entry) -> bool:
    if entry.suffix not in _SUFFIXES:
        return False
    return bool(_MONTH.fullmatch(entry.name) or _SINGLE.fullmatch(entry.name)) or _MARK in head_text(entry)


def _user_of(entry: Entry, users: Sequence[Entry]) -> list[Entry]:
    """Find the ``user.json`` of the export that a file belongs to: the nearest in a folder above it."""
    above = [user for user in users if entry.name.startswith(user.name.removesuffix("user.json"))]
    return sorted(above, key=lambda user: len(user.name))[-1:]


def _user_name(entry: Entry) -> str | None:
    try:
        document = json_document(entry)
    except BadInput:  # A listener can be named with the import as well; the listens need not be lost.
        return None
    found = document if isinstance(document, dict) else {}
    return next((name for key in ("username", "user_name", "musicbrainz_id") if (name := text(found.get(key)))), None)


def _listens(file: str, found: JsonRows, user: str) -> Batch:
    frame = listens_frame(found.rows, user).with_columns(
        line=pl.Series(found.lines, dtype=pl.Int64),
        reason=pl.Series(map(_refusal, found.rows), dtype=pl.String),
    )
    listens, rejects = sifted(frame, file, lambda index: excerpt(orjson.dumps(found.rows[index])))
    return Batch(file, found.n_rows, {"listens": listens}, [*found.rejects, *rejects])


def listens_frame(rows: Sequence[Row], user: str) -> pl.DataFrame:
    """Read listens, as ListenBrainz takes and gives them, into columns of :data:`ml.data.frames.LISTENS`.

    Parameters
    ----------
    rows : sequence of mapping
        Each with ``track_metadata``, and with ``listened_at`` in seconds.
    user : str
        Outside id of the listener of rows that name none.
    """
    tracks = [_mapping(row.get("track_metadata")) for row in rows]
    infos = [_mapping(track.get("additional_info")) for track in tracks]
    matches = [_mapping(track.get("mbid_mapping")) for track in tracks]
    frame = pl.DataFrame(
        {
            "user_id": _users(rows, user),
            "listened_at": _times(rows),
            "item_id": pl.Series(map(_spotify, infos), dtype=pl.String),
            "title": texts(track.get("track_name") for track in tracks),
            "artist": texts(track.get("artist_name") for track in tracks),
            "album": texts(track.get("release_name") for track in tracks),
            "duration_ms": pl.Series(map(_duration, infos), dtype=pl.Int64),
            "isrc": texts(info.get("isrc") for info in infos),
            "mbid": texts(info.get("recording_mbid") for info in infos),
            "matched_mbid": texts(match.get("recording_mbid") for match in matches),
            "artist_mbids": texts(_joined(info.get("artist_mbids")) for info in infos),
            "matched_artist_mbids": texts(_joined(match.get("artist_mbids")) for match in matches),
            "ms_played": wholes(_thousandfold(info.get("duration_played")) for info in infos),
            "device": texts(map(_device, infos)),
        }
    )
    return _with_mbids(frame)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if type(value) is dict else _NONE


def _users(rows: Sequence[Row], default: str) -> pl.Series:
    names = texts(row.get("user_name") for row in rows)
    return ("listenbrainz:" + names).fill_null(default)


def _moment(row: Row) -> Any:
    found = row.get("listened_at")
    return row.get("timestamp") if found is None else found


def _seconds(value: Any) -> int | None:
    """Give a time in whole seconds; exports write fractions of zero."""
    if type(value) is float and -LATEST_S < value < LATEST_S:
        return int(value)
    return value if type(value) is int and -LATEST_S < value < LATEST_S else None


def _times(rows: Sequence[Row]) -> pl.Series:
    return pl.Series([_seconds(_moment(row)) for row in rows], dtype=pl.Int64) * SECOND_MS


def _refusal(row: Row) -> str | None:
    moment = _moment(row)
    if _seconds(moment) is not None:
        return None
    if moment is None:
        return reason("playing_now_lb").coded
    return reason("listened_at").coded


def _spotify(info: Mapping[str, Any]) -> str | None:
    for key in ("spotify_id", "origin_url"):
        value = info.get(key)
        track = spotify_track(value) if type(value) is str else None
        if track:
            return track
    return None


def _duration(info: Mapping[str, Any]) -> int | None:
    milliseconds = whole(info.get("duration_ms"))
    return _thousandfold(info.get("duration")) if milliseconds is None else milliseconds


def _thousandfold(seconds: Any) -> int | None:
    # A day: a longer "duration in seconds" is one in milliseconds, and which of both it is cannot be known.
    if (type(seconds) is int or type(seconds) is float) and 0 <= seconds < 86_400:
        return round(seconds * 1000)
    return None


def _with_mbids(frame: pl.DataFrame) -> pl.DataFrame:
    """Take what the player sent before what was matched; an id for each credited artist, or none at all."""
    return frame.select(
        pl.exclude("mbid", "matched_mbid", "artist_mbids", "matched_artist_mbids"),
        mbid=pl.coalesce(mbids("mbid"), mbids("matched_mbid")),
        # Lists are slow to build from Python; splitting a column of texts is not.
        artist_mbids=pl.coalesce(mbids("artist_mbids"), mbids("matched_artist_mbids")).str.split(","),
        precision_ms=pl.lit(SECOND_MS, dtype=pl.Int64),
    )


def _joined(ids: Any) -> str | None:
    if type(ids) is not list:
        return None
    try:
        return ",".join(ids)
    except TypeError:
        return None


def _device(info: Mapping[str, Any]) -> Any:
    return info.get("media_player") or info.get("listening_from") or info.get("submission_client")

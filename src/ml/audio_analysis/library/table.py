"""A library as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import Any, get_args, get_type_hints

import orjson
import polars as pl

from ml.audio_analysis.library.results import LibraryTrack
from ml.audio_analysis.results import AudioAnalysis
from ml.data.frames import Schema
from ml.foundation.results import plain

_SLICE_ROWS = 1_000
_OF_THE_FILE = ("path", "item_id", "title", "artist", "content_hash")
_TYPES: dict[type, pl.DataType] = {
    float: pl.Float64(),
    int: pl.Int64(),
    str: pl.String(),
    bool: pl.Boolean(),
}


@lru_cache(maxsize=1)
def columns() -> Schema:
    """Name the columns, with their types.

    First the file and its track; then every field of :class:`~ml.audio_analysis.AudioAnalysis` that is one value, as it
    is after corrections; then the codes of its problems, the names of what was corrected, and all of the analysis as
    JSON.
    """
    text = pl.String()
    return {
        **dict.fromkeys(_OF_THE_FILE, text),
        **_values(),
        "problems": pl.List(text),
        "corrected": pl.List(text),
        "version": text,
        "analysed_at": pl.Datetime("ms", "UTC"),
        "analysis": text,
    }


def slices(tracks: Iterable[LibraryTrack]) -> Iterator[pl.DataFrame]:
    """Give the rows, some at a time."""
    waiting = iter(tracks)
    while part := list(islice(waiting, _SLICE_ROWS)):
        yield pl.DataFrame([_row(track) for track in part], schema=columns())


def _values() -> Schema:
    """Find the fields of an analysis that are one value each."""
    hints = get_type_hints(AudioAnalysis)
    single = {field.name: _single(hints[field.name]) for field in fields(AudioAnalysis) if field.name != "path"}
    return {name: dtype for name, dtype in single.items() if dtype is not None}


def _single(hint: Any) -> pl.DataType | None:
    kinds = {kind for kind in get_args(hint) or (hint,) if kind is not NoneType}
    return _TYPES.get(kinds.pop()) if len(kinds) == 1 else None


def _row(track: LibraryTrack) -> dict[str, Any]:
    analysis = track.analysis or {}
    row: dict[str, Any] = {name: getattr(track, name) for name in _OF_THE_FILE}
    row |= {name: analysis.get(name) for name in columns() if name not in row}
    return row | {
        "problems": [problem.code for problem in track.problems],
        "corrected": sorted(track.corrected),
        "version": track.version,
        "analysed_at": track.analysed_at,
        "analysis": None if track.analysis is None else orjson.dumps(plain(track.analysis)).decode(),
    }

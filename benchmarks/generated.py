"""Listening histories of any size, written as files by the demo world's generator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import polars as pl

from ml.data.demo import DemoSize, make_world
from ml.data.importers.base import Batch

#: The size that the targets are stated for.
LARGE = DemoSize(listeners=100_000, tracks=100_000, artists=10_000, listens=5_000_000)
SMALL = DemoSize(listeners=2_000, tracks=4_000, artists=400, listens=100_000)


def world(size: DemoSize) -> list[Batch]:
    """Give a world's batches, catalogue first, listens in time order."""
    return list(make_world(size, seed=0).batches())


def listens(batches: list[Batch]) -> Iterator[pl.DataFrame]:
    """Give the frames of listens."""
    return (batch.frames["listens"] for batch in batches if "listens" in batch.frames)


def write_csv(batches: list[Batch], path: Path) -> Path:
    """Write the listens as a service would export them, in time order."""
    with path.open("wb") as stream:
        for number, frame in enumerate(listens(batches)):
            shown = frame.select("user_id", "item_id", "title", "artist", "ms_played", timestamp="listened_at")
            shown.write_csv(stream, include_header=number == 0)
    return path


def write_json_lines(batches: list[Batch], path: Path) -> Path:
    """Write the listens as a ListenBrainz export, in time order."""
    with path.open("wb") as stream:
        for frame in listens(batches):
            columns = ("user_id", "title", "artist", "listened_at")
            for user, title, artist, at in frame.select(columns).iter_rows():
                track = {"artist_name": artist, "track_name": title, "additional_info": {"media_player": "generated"}}
                row = {"listened_at": at // 1000, "user_name": user[5:], "track_metadata": track}
                stream.write(orjson.dumps(row) + b"\n")
    return path

"""The demo world as the frames that an importer gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ml.data.demo import activities, genres, places
from ml.data.demo.arrays import Indices
from ml.data.demo.artists import Artists
from ml.data.demo.listeners import GENDERS
from ml.data.demo.listening import REASONS_END, REASONS_START
from ml.data.demo.tags import make_tags
from ml.data.frames import FRAMES, conform
from ml.data.importers.base import BATCH_ROWS, Batch

if TYPE_CHECKING:
    from ml.data.demo.world import World

#: Listener 0 is ``demo:user_10000``; artist 0 and track 0 are number 1.
FIRST_USER = 10_000
EXTRACTOR, VERSION = "demo", "1"
FEATURES: tuple[str, ...] = (*activities.SOUNDS, "loudness_lufs", "key", "minor")

Part = Callable[[int, int], pl.DataFrame]


def batches(world: World, *, rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Give profiles, items, tags, features and listens, each in stretches of at most ``rows``."""
    catalogue = _catalogue(world)
    tags = make_tags(world.artists, world.tracks, years(world), np.random.default_rng([world.seed, 5]))
    sizes_and_parts: tuple[tuple[str, str, int, Part], ...] = (
        ("profiles", "profiles", len(world.listeners), lambda a, b: _profiles(world, a, b)),
        ("artists", "items", len(world.artists), lambda a, b: _artists(world, a, b)),
        ("tracks", "items", len(world.tracks), lambda a, b: _tracks(world, catalogue, a, b)),
        ("tags", "tags", len(tags), lambda a, b: _tags(catalogue, tags, a, b)),
        ("features", "features", len(world.tracks) * len(FEATURES), lambda a, b: _features(world, catalogue, a, b)),
        ("listens", "listens", len(world.listens), lambda a, b: _listens(world, catalogue, a, b)),
    )
    for file, name, total, part in sizes_and_parts:
        for begin in range(0, total, rows):
            end = min(begin + rows, total)
            frame = part(begin, end).with_columns(line=pl.int_range(begin + 1, end + 1))
            yield Batch(file=f"demo/{file}", rows=end - begin, frames={name: conform(frame, FRAMES[name])})


def user_id(listener: int) -> str:
    """Name a listener for the outside.

    >>> user_id(2345)
    'demo:user_12345'
    """
    return f"demo:user_{FIRST_USER + listener}"


def artist_id(artist: int) -> str:
    """Name an artist for the outside.

    >>> artist_id(0)
    'demo:artist/1'
    """
    return f"demo:artist/{artist + 1}"


def track_id(track: int) -> str:
    """Name a track for the outside.

    >>> track_id(0)
    'demo:track/1'
    """
    return f"demo:track/{track + 1}"


def years(world: World) -> Indices:
    """Give each track's year of release."""
    dates = world.tracks.released.astype("datetime64[D]")
    return (dates.astype("datetime64[Y]").astype(np.int64) + 1970).astype(np.int32)


def _catalogue(world: World) -> pl.DataFrame:
    """How rows about a track name it."""
    return pl.DataFrame(
        {
            "item_id": [track_id(track) for track in range(len(world.tracks))],
            "title": world.tracks.titles,
            "artist": world.tracks.credits,
            "album": world.tracks.albums,
            "duration_ms": world.tracks.duration_ms,
        }
    ).insert_column(0, pl.lit("track").alias("kind"))


def _profiles(world: World, begin: int, end: int) -> pl.DataFrame:
    people, part = world.listeners, slice(begin, end)
    age_told, gender_told = pl.Series(people.age_told[part]), pl.Series(people.gender_told[part])
    return pl.DataFrame(
        {
            "user_id": [user_id(listener) for listener in range(begin, end)],
            "gender": pl.Series(GENDERS)
            .gather(people.gender[part])
            .zip_with(gender_told, _none(pl.String(), end - begin)),
            "age": pl.Series(people.age[part]).zip_with(age_told, _none(pl.Int8(), end - begin)),
            "country": pl.Series(places.CODES).gather(people.country[part]),
            "registered_at": people.registered_at[part],
        }
    )


def _none(dtype: pl.DataType, n: int) -> pl.Series:
    return pl.repeat(None, n, dtype=dtype, eager=True)


def _genres(artists: Artists, artist: Indices) -> pl.Series:
    first = pl.Series("first", genres.NAMES).gather(artists.genre[artist])
    second = pl.Series("second", [*genres.NAMES, None]).gather(artists.second[artist] % (len(genres.NAMES) + 1))
    return pl.DataFrame([first, second]).select(pl.concat_list("first", "second").list.drop_nulls()).to_series()


def _artists(world: World, begin: int, end: int) -> pl.DataFrame:
    artist = np.arange(begin, end, dtype=np.int32)
    return pl.DataFrame(
        {
            "item_id": [artist_id(each) for each in range(begin, end)],
            "title": world.artists.names[begin:end],
            "language": pl.Series(places.LANGUAGES).gather(world.artists.language[artist]),
            "country": pl.Series(places.CODES).gather(world.artists.country[artist]),
            "genres": _genres(world.artists, artist),
        }
    ).insert_column(0, pl.lit("artist").alias("kind"))


def _tracks(world: World, catalogue: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    part = slice(begin, end)
    language = pl.Series([*places.LANGUAGES, None])
    return catalogue[begin:end].with_columns(
        pl.Series("year", years(world)[part]),
        language.gather(world.tracks.language[part] % len(language)).alias("language"),
        pl.Series("explicit", world.tracks.explicit[part]),
        _genres(world.artists, world.tracks.artist[part]).alias("genres"),
    )


def _tags(catalogue: pl.DataFrame, tags: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    rows = tags[begin:end]
    return catalogue[rows["track"]].with_columns(rows["tag"])


def _features(world: World, catalogue: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    row = np.arange(begin, end)
    track, feature = row // len(FEATURES), row % len(FEATURES)
    tracks = world.tracks
    low, high = int(track[0]), int(track[-1]) + 1
    rest = np.stack([tracks.loudness_lufs[low:high], tracks.key[low:high], tracks.minor[low:high]], axis=1)
    values = np.concatenate([tracks.sounds[low:high], rest], axis=1)
    return catalogue[track].with_columns(
        pl.lit(EXTRACTOR).alias("extractor"),
        pl.lit(VERSION).alias("version"),
        pl.Series(FEATURES).gather(feature).alias("feature"),
        pl.Series("value", values[track - low, feature].astype(np.float64)),
    )


def _listens(world: World, catalogue: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    listens, part = world.listens, slice(begin, end)
    activity = pl.Series(activities.ACTIVITIES).gather(listens.activity[part])
    told = pl.Series(listens.activity_told[part])
    return catalogue[listens.track[part]].with_columns(
        pl.format("demo:user_{}", pl.Series(listens.listener[part]) + FIRST_USER).alias("user_id"),
        pl.Series("listened_at", listens.listened_at[part]),
        pl.lit(1000).alias("precision_ms"),
        pl.Series("ms_played", listens.ms_played[part]),
        pl.Series("skipped", listens.skipped[part]),
        pl.lit(value=False).alias("incognito"),
        pl.Series("shuffle", listens.shuffle[part]),
        pl.Series(REASONS_START).gather(listens.reason_start[part]).alias("reason_start"),
        pl.Series(REASONS_END).gather(listens.reason_end[part]).alias("reason_end"),
        pl.Series(activities.DEVICES).gather(listens.device[part]).alias("device"),
        activity.zip_with(told, _none(pl.String(), end - begin)).alias("activity"),
    )

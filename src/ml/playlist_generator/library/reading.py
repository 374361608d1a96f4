"""Tracks read from the store, and the facts of their sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.catalogue import Facts, catalogue_tracks, nameless_sounds, sounds_of, stated_features
from ml.data.identity import normalise
from ml.data.schema import items, tags, track_artists
from ml.data.store import bulk
from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Ground
from ml.playlist_generator.library.songs import song_key
from ml.playlist_generator.library.timbre import timbre_vectors
from ml.playlist_generator.library.tracks import FEATURES, Floats, Rows, Tracks

#: Artists behind the first that count, of a track.
_GUESTS = 7


def read_tracks(connection: Connection, facts: Facts | None) -> Tracks:
    """Read every track: those of the catalogue, and sounds that were scanned and belong to none."""
    known = None if facts is None else facts.frame["content_hash"]
    catalogue = catalogue_tracks(connection)
    sounds = sounds_of(connection, catalogue, known)
    whole = catalogue.join(sounds, on="key", how="left", maintain_order="left")
    whole = pl.concat([whole, nameless_sounds(connection, sounds, known)], how="diagonal_relaxed")
    if facts is None:
        whole = whole.with_columns(pl.lit(None, pl.Int64).alias("fact"))
    whole = whole.filter(pl.col("same_as").is_null())
    whole = whole.join(stated_features(connection, catalogue), on="key", how="left", maintain_order="left")
    return _as_columns(connection, whole, facts)


def _as_columns(connection: Connection, whole: pl.DataFrame, facts: Facts | None) -> Tracks:
    keys = whole["key"].fill_null(-1).to_numpy()
    row_of = {int(key): row for row, key in enumerate(keys) if key >= 0}
    fact = whole["fact"].fill_null(-1).to_numpy()
    stated = whole.select(pl.col(*FEATURES, "musical_key").cast(pl.Float32).fill_null(np.nan))
    columns = {name: stated[name].to_numpy() for name in FEATURES}
    told = _told(facts, fact)
    for name in ("tempo_bpm", "energy", "valence", "danceability", "loudness_lufs"):
        columns[name] = np.where(np.isfinite(told[name]), told[name], columns[name])
    key, sure = _keys(stated["musical_key"].to_numpy(), told)
    vectors = _vectors(facts, fact)
    durations = whole["duration_ms"].fill_null(0).to_numpy()
    measured = np.nan_to_num(told["duration_s"] * 1000).astype(np.int64)
    durations = np.where(durations > 0, durations, measured)
    heard: dict[str, Floats] = {}
    if facts is not None:
        for place, genre in enumerate(facts.genres):
            heard[genre] = np.where(fact >= 0, facts.genre_probabilities[np.maximum(fact, 0), place], 0).astype(
                np.float32
            )
    return Tracks(
        labels=whole.select(
            "key",
            "content_hash",
            pl.col("name").alias("title"),
            pl.col("credit").alias("artist"),
            *("album", "isrc", "mbid", "path"),
        ),
        ground=_ground(whole, durations, _guests(connection, row_of)),
        features={name: columns[name] for name in FEATURES},
        sounds=Sounds(
            tempo_bpm=columns["tempo_bpm"],
            energy=columns["energy"],
            loudness_lufs=columns["loudness_lufs"],
            key=key,
            key_confidence=sure,
            level_in_db=told["level_in_db"],
            level_out_db=told["level_out_db"],
            timbre=timbre_vectors(vectors, columns),
        ),
        years=whole["year"].fill_null(0).clip(0, 9999).cast(pl.Int16).to_numpy(),
        languages=whole["language"].fill_null("").str.to_lowercase().to_numpy().astype(np.str_),
        explicit=whole["explicit"].fill_null(value=False).to_numpy(),
        tags=_tags(connection, whole, row_of),
        heard_genres=heard,
        # Of a tempo that the catalogue states nothing else is known.
        octave_bpm=told["tempo_octave_bpm"],
    )


def _guests(connection: Connection, row_of: Mapping[int, int]) -> dict[int, list[int]]:
    """Give the keys of artists that are credited behind the first, by row."""
    root = func.coalesce(items.c.same_as, items.c.key)
    asked = select(track_artists.c.track_key, root.label("artist_key")).join(
        items, items.c.key == track_artists.c.artist_key
    )
    found: dict[int, list[int]] = {}
    later = asked.where(track_artists.c.position > 0).order_by(track_artists.c.track_key, track_artists.c.position)
    for key, artist in bulk.read(connection, later).iter_rows():
        row = row_of.get(key)
        if row is not None:
            found.setdefault(row, []).append(artist)
    return found


def _ground(whole: pl.DataFrame, durations: NDArray[np.int64], guests: Mapping[int, list[int]]) -> Ground:
    """Give numbers to artists, albums and songs; an unknown one is different from all others."""
    n = len(whole)
    own = -1 - np.arange(n, dtype=np.int64)
    artist_names = whole["artist_key"].to_list()
    credited = whole["credit"].to_list()
    numbers: dict[object, int] = {}
    first = [key if key is not None else credit for key, credit in zip(artist_names, credited, strict=True)]
    artist = _codes(first, numbers)
    albums = [
        None if album is None else (normalise(album), code if code >= 0 else None)
        for album, code in zip(whole["album"].to_list(), artist.tolist(), strict=True)
    ]
    album = _codes(albums)
    song = _codes(
        [
            None if credit is None else song_key(name, credit)
            for name, credit in zip(whole["name"].to_list(), credited, strict=True)
        ]
    )
    artist, album, song = (np.where(codes >= 0, codes, own) for codes in (artist, album, song))
    return Ground(durations, artist, album, song, _credits(artist, guests, numbers))


def _credits(
    artist: NDArray[np.int64], guests: Mapping[int, list[int]], numbers: dict[object, int]
) -> NDArray[np.int64] | None:
    """Give numbers to all artists of each track; None where each has one."""
    several = {row: [key for key in keys if numbers.get(key) != artist[row]][:_GUESTS] for row, keys in guests.items()}
    most = max(map(len, several.values()), default=0)
    if not most:
        return None
    n = len(artist)
    found = np.stack([artist, *(-1 - n * column - np.arange(n) for column in range(1, most + 1))], axis=1)
    for row, keys in several.items():
        codes = dict.fromkeys(numbers.setdefault(key, len(numbers)) for key in keys)
        found[row, 1 : len(codes) + 1] = list(codes)
    return found


def _codes(values: Sequence[object], numbers: dict[object, int] | None = None) -> NDArray[np.int64]:
    numbers = {} if numbers is None else numbers
    return np.array(
        [-1 if value is None else numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64
    )


def _told(facts: Facts | None, fact: Rows) -> dict[str, Floats]:
    names = (
        *("tempo_bpm", "energy", "valence", "danceability", "loudness_lufs", "duration_s", "key", "key_confidence"),
        *("level_in_db", "level_out_db", "tempo_octave_bpm"),
    )
    nothing = np.full(len(fact), np.nan, dtype=np.float32)
    if facts is None or not len(facts.frame):
        return dict.fromkeys(names, nothing)
    found = {}
    for name in names:
        column = facts.frame[name].cast(pl.Float32).fill_null(float("nan")).to_numpy()
        found[name] = np.where(fact >= 0, column[np.maximum(fact, 0)], nothing)
    return found


def _keys(stated: NDArray[np.floating], told: Mapping[str, Floats]) -> tuple[NDArray[np.int8], Floats]:
    """Give keys and how sure they are: what the catalogue says is taken for certain, a measured one comes first."""
    measured = np.isfinite(told["key"]) & (told["key"] >= 0)
    key = np.where(measured, told["key"], stated)
    sure = np.where(measured, np.nan_to_num(told["key_confidence"], nan=0.5), np.isfinite(stated))
    return np.nan_to_num(key, nan=-1).astype(np.int8), sure.astype(np.float32)


def _vectors(facts: Facts | None, fact: Rows) -> Floats:
    if facts is None or not facts.vectors.size:
        return np.empty((len(fact), 0), dtype=np.float32)
    vectors = np.zeros((len(fact), facts.vectors.shape[1]), dtype=np.float32)
    vectors[fact >= 0] = facts.vectors[fact[fact >= 0]]
    return vectors


def _tags(connection: Connection, whole: pl.DataFrame, row_of: Mapping[int, int]) -> dict[str, Rows]:
    """Give rows by tag: the track's own, and its artist's where it has none itself."""
    rows = bulk.read(connection, select(tags.c.item_key, tags.c.tag).distinct())
    found: dict[str, list[int]] = {}
    tagged: set[int] = set()
    of_artists: dict[int, list[str]] = {}
    for key, tag in rows.iter_rows():
        row = row_of.get(key)
        if row is not None:
            tagged.add(row)
            found.setdefault(normalise(tag), []).append(row)
        else:
            of_artists.setdefault(key, []).append(normalise(tag))
    for row, artist in enumerate(whole["artist_key"].to_list()):
        if row not in tagged and artist in of_artists:
            for tag in of_artists[artist]:
                found.setdefault(tag, []).append(row)
    return {tag: np.unique(np.array(places, dtype=np.int64)) for tag, places in found.items()}

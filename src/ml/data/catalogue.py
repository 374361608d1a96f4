"""Every track of the store as a row, with its file and sound: what playlists and search begin with.

Conventions
-----------
- Rows are in the order of their keys. ``root`` is the item that a recording turned out to be the same as, or itself.
- A *sound* is known by its ``content_hash``. A scanned file that belongs to no item is a row without a key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.schema import (
    aliases,
    audio_analyses,
    audio_corrections,
    features,
    files,
    imports,
    items,
    scanned_files,
    sequences,
    track_artists,
)
from ml.data.snapshot.roots import Roots
from ml.data.store import bulk

#: Under which the importer of music folders names a track by its sound.
_FILE = "file"
_COLUMNS = (
    *("key", "name", "credit", "album", "duration_ms", "isrc", "mbid", "year", "language", "explicit", "same_as"),
)

#: Numbers of a track's sound, by the names of the vocabulary's regions, and other names that the store has them under.
SOUND_FEATURES = (
    *("tempo_bpm", "energy", "valence", "danceability", "acousticness", "instrumentalness", "loudness_lufs"),
)
FEATURE_ALIASES: Mapping[str, str] = {"tempo": "tempo_bpm", "loudness": "loudness_lufs"}

#: Under which a key is stated: a tonic, and whether it is minor, or major.
_KEY = ("key", "minor", "mode")
_TONICS = 12

State = tuple[int | None, ...]

# One statement, built once: every search asks it.
_STATE = select(
    *(
        each.scalar_subquery()
        for each in (
            select(func.max(imports.c.finished_at)),
            select(func.count()).select_from(imports).where(imports.c.status == "undone"),
            # Every new item draws a key, and only undoing an import removes any; PostgreSQL would count for 10 ms.
            select(sequences.c.next).where(sequences.c.name == "item"),
            select(func.count()).select_from(items).where(items.c.same_as.is_not(None)),
            select(func.max(scanned_files.c.scanned_at)),
            select(func.count()).select_from(scanned_files),
            select(func.max(audio_analyses.c.analysed_at)),
            select(func.max(audio_corrections.c.corrected_at)),
            select(func.count()).select_from(audio_corrections),
        )
    )
)


_STATE_AND_EVENTS = _STATE.add_columns(select(sequences.c.next).where(sequences.c.name == "event").scalar_subquery())


class Facts(Protocol):
    """Facts of sounds, as :class:`ml.audio_analysis.library.facts.SoundFacts` has them."""

    @property
    def frame(self) -> pl.DataFrame:
        """A row a sound."""

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Embeddings, a row a sound; zeros where there is none."""

    @property
    def genres(self) -> tuple[str, ...]:
        """Genres that a head knows."""

    @property
    def genre_probabilities(self) -> NDArray[np.float32]:
        """How likely each sound is of each."""


def state_of(connection: Connection) -> State:
    """Give numbers that change whenever what this module reads changes, or what is known of sounds."""
    return tuple(connection.execute(_STATE).one())


def state_with_plays(connection: Connection) -> State:
    """Give the same, and one that changes when ten more events, or a tenth more, are recorded: plays move little."""
    *state, events = connection.execute(_STATE_AND_EVENTS).one()
    return (*state, int(10 * math.log1p((events or 1) / 100)))


def catalogue_tracks(connection: Connection) -> pl.DataFrame:
    """Read the items that are tracks, the same recording under several names a row each.

    Returns
    -------
    polars.DataFrame
        ``key``, ``name``, ``credit``, ``album``, ``duration_ms``, ``isrc``, ``mbid``, ``year``, ``language``,
        ``explicit``, ``same_as``, ``artist_key`` (the first of its credit) and ``root``.
    """
    found = bulk.read(connection, select(*(items.c[name] for name in _COLUMNS)).where(items.c.kind == "track"))
    first = bulk.read(
        connection,
        select(track_artists.c.track_key.label("key"), func.coalesce(items.c.same_as, items.c.key).label("artist_key"))
        .join(items, items.c.key == track_artists.c.artist_key)
        .where(track_artists.c.position == 0),
    )
    roots = Roots.of(found).apply(found["key"]).alias("root")
    return found.join(first, on="key", how="left", maintain_order="left").with_columns(roots)


def sounds_of(connection: Connection, tracks: pl.DataFrame, known: pl.Series | None) -> pl.DataFrame:
    """Say which sound and which file belong to a track.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    tracks : polars.DataFrame
        From :func:`catalogue_tracks`.
    known : polars.Series, optional
        Content hashes of sounds of which something is known: of several sounds of one track, such a one is taken.

    Returns
    -------
    polars.DataFrame
        ``key`` (a root), ``content_hash``, ``path`` (null where no file is there) and ``fact``, the place of the sound
        among the known ones, null where it is none.
    """
    named = bulk.read(
        connection,
        select(aliases.c.item_key, aliases.c.external_id.label("content_hash")).where(aliases.c.source == _FILE),
    )
    owned = bulk.read(connection, select(files.c.item_key, files.c.content_hash, files.c.path))
    both = pl.concat([named.with_columns(path=pl.lit(None, pl.String)), owned], how="diagonal")
    scanned = bulk.read(
        connection,
        select(scanned_files.c.content_hash, scanned_files.c.path.label("scanned")).where(
            scanned_files.c.content_hash.is_not(None)
        ),
    )
    first = scanned.group_by("content_hash").agg(pl.col("scanned").min())
    roots = tracks.select(pl.col("key").alias("item_key"), "root")
    found = both.join(first, on="content_hash", how="left").join(roots, on="item_key")
    found = found.with_columns(path=pl.coalesce("path", "scanned"), fact=_places(found["content_hash"], known))
    return (
        found.sort("fact", "path", "content_hash", nulls_last=True)
        .group_by("root", maintain_order=True)
        .agg(pl.col("content_hash").first(), pl.col("path").drop_nulls().first(), pl.col("fact").first())
        .rename({"root": "key"})
    )


def stated_features(connection: Connection, tracks: pl.DataFrame) -> pl.DataFrame:
    """Give what the catalogue states of the sound of tracks.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    tracks : polars.DataFrame
        From :func:`catalogue_tracks`.

    Returns
    -------
    polars.DataFrame
        ``key`` (a root), a column for each of :data:`SOUND_FEATURES`, the mean of what is stated, and
        ``musical_key``, counted as in :mod:`ml.features.keys`; null where nothing is stated. Of a track of which
        nothing at all is stated there is no row.
    """
    wanted = [*SOUND_FEATURES, *FEATURE_ALIASES, *_KEY]
    rows = bulk.read(
        connection,
        select(features.c.item_key, features.c.feature, features.c.value).where(features.c.feature.in_(wanted)),
    )
    roots = tracks.select(pl.col("key").alias("item_key"), "root")
    rows = rows.join(roots, on="item_key").with_columns(pl.col("feature").replace(FEATURE_ALIASES))
    stated = rows.group_by("root").agg(
        pl.col("value").filter(pl.col("feature") == name).mean().alias(f"stated_{name}")
        for name in (*SOUND_FEATURES, *_KEY)
    )
    tonic, minor = pl.col("stated_key"), pl.coalesce("stated_minor", 1 - pl.col("stated_mode"))
    number = pl.when(tonic.is_between(0, _TONICS - 1)).then(tonic.round() + _TONICS * (minor > 0))
    return stated.select(
        pl.col("root").alias("key"),
        *(pl.col(f"stated_{name}").alias(name) for name in SOUND_FEATURES),
        number.cast(pl.Int8).alias("musical_key"),
    )


def nameless_sounds(connection: Connection, sounds: pl.DataFrame, known: pl.Series | None) -> pl.DataFrame:
    """Give scanned sounds that belong to no item, named by their files.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    sounds : polars.DataFrame
        From :func:`sounds_of`.
    known : polars.Series, optional

    Returns
    -------
    polars.DataFrame
        ``content_hash``, ``path``, ``name`` and ``fact``.
    """
    scanned = bulk.read(
        connection,
        select(scanned_files.c.content_hash, scanned_files.c.path).where(
            scanned_files.c.content_hash.is_not(None), scanned_files.c.problem_code.is_(None)
        ),
    )
    taken = bulk.read(connection, select(aliases.c.external_id.label("content_hash")).where(aliases.c.source == _FILE))[
        "content_hash"
    ]
    rest = scanned.filter(~pl.col("content_hash").is_in(taken.implode()))
    rest = rest.filter(~pl.col("content_hash").is_in(sounds["content_hash"].drop_nulls().implode()))
    rest = rest.group_by("content_hash").agg(pl.col("path").min()).sort("path")
    stems = pl.Series("name", [PurePath(path).stem for path in rest["path"]], pl.String)
    return rest.with_columns(stems, _places(rest["content_hash"], known).alias("fact"))


def _places(hashes: pl.Series, known: pl.Series | None) -> pl.Series:
    if known is None:
        return pl.Series("fact", [None] * len(hashes), pl.Int64)
    place = known.rename("content_hash").to_frame().with_row_index("fact").with_columns(pl.col("fact").cast(pl.Int64))
    asked = pl.DataFrame({"content_hash": hashes}, schema={"content_hash": pl.String})
    return asked.join(place, on="content_hash", how="left", maintain_order="left")["fact"]

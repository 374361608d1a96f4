"""Documents read from the store and the facts of sounds."""

from __future__ import annotations

import hashlib

import polars as pl
from sqlalchemy import Connection, func, select

from ml.data.catalogue import Facts, catalogue_tracks, nameless_sounds, sounds_of, stated_features
from ml.data.identity import normalise
from ml.data.schema import files, items, listens, play_counts, tags
from ml.data.snapshot.roots import Roots
from ml.data.store import bulk
from ml.features.vocabulary import GENRES
from ml.intelligent_search.documents.schema import FEATURES, SCHEMA

#: A head's genre is one of a track from this probability on.
_SURE = 0.5
#: Tags of one document, those given most often.
_MOST_TAGS = 40


def read_documents(connection: Connection, facts: Facts | None) -> pl.DataFrame:
    """Read all documents, in the order of their kinds and keys; see :data:`~.schema.SCHEMA` for the columns."""
    recordings = catalogue_tracks(connection)
    artists = _artists(connection)
    roots = Roots.of(pl.concat([recordings.select("key", "same_as"), artists.select("key", "same_as")]))
    artists = artists.filter(pl.col("same_as").is_null())
    tracks = _tracks(connection, recordings, facts)
    plays = _plays(connection, roots)
    labels = _labels(connection, roots)
    artists = artists.join(labels, on="key", how="left").join(plays, on="key", how="left")
    tracks = tracks.join(labels, on="key", how="left").join(plays, on="key", how="left")
    tracks = _with_artists_labels(tracks, labels)
    tracks = _with_heard_genres(tracks, facts)
    albums = _albums(tracks)
    artists = _with_tracks_plays(artists, tracks)
    parts = [_shaped(part, kind) for part, kind in ((artists, "artist"), (albums, "album"), (tracks, "track"))]
    return pl.concat(parts)


def _artists(connection: Connection) -> pl.DataFrame:
    found = bulk.read(connection, select(items.c.key, items.c.name, items.c.same_as).where(items.c.kind == "artist"))
    return found.sort("key").with_columns(uid=pl.format("a{}", "key"), artist_key=pl.col("key"))


def _tracks(connection: Connection, recordings: pl.DataFrame, facts: Facts | None) -> pl.DataFrame:
    known = None if facts is None else facts.frame["content_hash"]
    sounds = sounds_of(connection, recordings, known)
    whole = recordings.filter(pl.col("same_as").is_null()).join(sounds, on="key", how="left", maintain_order="left")
    nameless = nameless_sounds(connection, sounds, known)
    whole = pl.concat([whole, nameless], how="diagonal_relaxed").rename({"credit": "artist"})
    whole = whole.join(_lyrics(connection, recordings), on="key", how="left", maintain_order="left")
    whole = whole.join(stated_features(connection, recordings), on="key", how="left", maintain_order="left")
    whole = _with_facts(whole, facts)
    named = pl.when(pl.col("key").is_null()).then(pl.format("f{}", "content_hash")).otherwise(pl.format("t{}", "key"))
    return whole.with_columns(uid=named)


def _lyrics(connection: Connection, recordings: pl.DataFrame) -> pl.DataFrame:
    found = bulk.read(connection, select(files.c.item_key, files.c.lyrics).where(files.c.lyrics.is_not(None)))
    roots = recordings.select(pl.col("key").alias("item_key"), "root")
    return found.join(roots, on="item_key").group_by("root").agg(pl.col("lyrics").min()).rename({"root": "key"})


def _with_facts(tracks: pl.DataFrame, facts: Facts | None) -> pl.DataFrame:
    """Put what was measured before what is stated."""
    length = pl.when(pl.col("duration_ms") > 0).then(pl.col("duration_ms") / 1000)
    if facts is None or not len(facts.frame):
        return tracks.with_columns(duration_s=length)
    measured = facts.frame.with_row_index("fact").with_columns(pl.col("fact").cast(pl.Int64))
    names = [name for name in FEATURES if name in measured.columns]
    measured = measured.select(
        "fact",
        *(pl.col(name).cast(pl.Float64).fill_nan(None).alias(f"measured_{name}") for name in names),
        pl.col("duration_s").alias("measured_s"),
        pl.when(pl.col("key") >= 0).then(pl.col("key")).alias("measured_key"),
    )
    whole = tracks.join(measured, on="fact", how="left", maintain_order="left")
    return whole.with_columns(
        *(pl.coalesce(f"measured_{name}", name).alias(name) for name in names),
        pl.coalesce(length, "measured_s").alias("duration_s"),
        pl.coalesce("measured_key", "musical_key").alias("musical_key"),
    )


def _plays(connection: Connection, roots: Roots) -> pl.DataFrame:
    counted = bulk.read(
        connection, select(listens.c.item_key, func.count().label("plays")).group_by(listens.c.item_key)
    )
    totals = bulk.read(
        connection,
        select(play_counts.c.item_key, func.sum(play_counts.c.plays).label("plays")).group_by(play_counts.c.item_key),
    )
    both = pl.concat([counted, totals.cast({"plays": pl.Int64})])
    return both.group_by(roots.apply(both["item_key"]).alias("key")).agg(pl.col("plays").sum())


def _with_tracks_plays(artists: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Add the plays of an artist's tracks to those of the artist."""
    theirs = tracks.group_by("artist_key").agg(pl.col("plays").sum().alias("of_tracks"))
    whole = artists.join(theirs, on="artist_key", how="left", maintain_order="left")
    return whole.with_columns(plays=pl.col("plays").fill_null(0) + pl.col("of_tracks").fill_null(0))


def _labels(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Give tags, how many gave each, and genres by item."""
    rows = bulk.read(
        connection,
        select(tags.c.item_key, tags.c.tag, func.count().label("n")).group_by(tags.c.item_key, tags.c.tag),
    )
    canonical = {tag: GENRES.match(tag, strict=False) for tag in rows["tag"].unique().to_list()}
    rows = rows.with_columns(
        key=roots.apply(rows["item_key"]), genre=rows["tag"].replace_strict(canonical, return_dtype=pl.String)
    )
    summed = rows.group_by("key", "tag").agg(pl.col("n").sum(), pl.col("genre").first())
    summed = summed.sort("key", pl.col("n").neg(), "tag")
    return summed.group_by("key", maintain_order=True).agg(
        pl.col("tag").head(_MOST_TAGS).alias("tags"),
        pl.col("n").head(_MOST_TAGS).alias("tag_counts"),
        pl.col("genre").drop_nulls().unique(maintain_order=True).alias("genres"),
    )


def _with_artists_labels(tracks: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Give tracks without tags those of their artists."""
    columns = ("tags", "tag_counts", "genres")
    theirs = labels.rename({"key": "artist_key", **{name: f"artist_{name}" for name in columns}})
    whole = tracks.join(theirs, on="artist_key", how="left", maintain_order="left")
    return whole.with_columns(pl.coalesce(name, f"artist_{name}").alias(name) for name in columns)


def _with_heard_genres(tracks: pl.DataFrame, facts: Facts | None) -> pl.DataFrame:
    """Add the genres that a head hears."""
    if facts is None or not facts.genres:
        return tracks
    names = [GENRES.match(genre, strict=False) or normalise(genre) for genre in facts.genres]
    sure = facts.genre_probabilities >= _SURE
    heard = [[name for name, yes in zip(names, row, strict=True) if yes] for row in sure.tolist()]
    frame = pl.DataFrame(
        {"fact": range(len(heard)), "heard": heard}, schema={"fact": pl.Int64, "heard": pl.List(pl.String)}
    )
    whole = tracks.join(frame, on="fact", how="left", maintain_order="left")
    both = pl.concat_list(pl.col("genres").fill_null([]), pl.col("heard").fill_null([]))
    return whole.with_columns(genres=both.list.unique(maintain_order=True))


def _albums(tracks: pl.DataFrame) -> pl.DataFrame:
    """Gather the albums: one of a name by one artist."""
    named = tracks.filter(pl.col("album").is_not_null() & pl.col("artist").is_not_null())
    if not len(named):
        return pl.DataFrame(schema={"uid": pl.String})
    plain = {album: normalise(album) for album in named["album"].unique().to_list()}
    whose = pl.coalesce(pl.format("{}", "artist_key"), "artist")
    named = named.with_columns(
        of=pl.format("{}|{}", whose, pl.col("album").replace_strict(plain, return_dtype=pl.String))
    )
    found = named.group_by("of", maintain_order=True).agg(
        pl.col("album").first().alias("name"),
        *(pl.col(name).first() for name in ("artist", "artist_key", "tags", "tag_counts")),
        pl.col("genres").drop_nulls().explode().unique(maintain_order=True),
        pl.col("year").min(),
        pl.col("language").drop_nulls().mode().sort().first(),
        pl.col("plays").sum(),
        pl.col("duration_s").sum(),
    )
    ids = [f"b{hashlib.sha256(of.encode()).hexdigest()[:16]}" for of in found["of"].to_list()]
    return found.with_columns(pl.Series("uid", ids))


def _shaped(part: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Give a part all columns, in order."""
    part = part.with_columns(pl.lit(kind).alias("kind"))
    part = part.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in part)
    part = part.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    return part.with_columns(
        pl.col("plays").fill_null(0), *(pl.col(name).fill_null([]) for name in ("genres", "tags", "tag_counts"))
    )

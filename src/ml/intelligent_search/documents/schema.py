"""The columns of documents."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ml.data.catalogue import SOUND_FEATURES

KINDS = ("artist", "album", "track")
#: Numbers of a track's sound, as an analysis or the catalogue has them; null where unknown.
FEATURES = SOUND_FEATURES

#: ``uid`` names a document in all indexes; ``key`` is that of the item, null for albums and for sounds without a name.
#: ``artist_key`` is that of the first of a track's or album's artists. ``genres`` are canonical words of
#: :data:`ml.features.vocabulary.GENRES`; ``tags`` are distinct, those given most often first, and ``tag_counts`` says
#: by how many. A track without tags has its artist's. ``musical_key`` counts as in :mod:`ml.features.keys`. ``plays``
#: are all plays by everybody. ``fact`` is the place among :class:`ml.data.catalogue.Facts`.
SCHEMA: Mapping[str, pl.DataType] = {
    "uid": pl.String(),
    "kind": pl.String(),
    "key": pl.Int64(),
    "content_hash": pl.String(),
    "name": pl.String(),
    "artist": pl.String(),
    "artist_key": pl.Int64(),
    "album": pl.String(),
    "genres": pl.List(pl.String()),
    "tags": pl.List(pl.String()),
    "tag_counts": pl.List(pl.Int64()),
    "year": pl.Int64(),
    "language": pl.String(),
    "explicit": pl.Boolean(),
    "duration_s": pl.Float64(),
    **{name: pl.Float64() for name in FEATURES},
    "musical_key": pl.Int8(),
    "lyrics": pl.String(),
    "plays": pl.Int64(),
    "path": pl.String(),
    "fact": pl.Int64(),
}

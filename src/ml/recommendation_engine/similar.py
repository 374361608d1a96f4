"""What goes with a track or an artist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.identity import outside_ids
from ml.data.schema import items
from ml.data.store import bulk
from ml.foundation.errors import UnknownId
from ml.models.base import Model
from ml.models.blend import Blend
from ml.models.plays import Floats, Plays
from ml.models.topk import ranked
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.serving import Serving

#: Tracks of an artist that stand for them: their best few, so that a long discography is no advantage.
_REPRESENTATIVES = 5


def similar_items(connection: Connection, serving: Serving, key: int, count: int) -> list[tuple[Label, float]]:
    """Rank items for a listener who has heard one item and nothing else.

    Popularity, which would be the same for every item asked about, is left out.

    Raises
    ------
    UnknownId
        If the models do not know the item.
    """
    index = int(serving.catalogue.vocabulary.indices(np.array([key]))[0])
    if index < 0:
        raise UnknownId(
            "the models do not know this item: it was never played, or is newer than they are",
            "ml train",
            code="models_do_not_know_it",
        )
    scores = beside(serving.model("hybrid"), np.array([index]), len(serving.catalogue.vocabulary.keys))
    scores[index] = -np.inf
    ranking = list(islice(ranked(scores, count), count))
    labels = serving.catalogue.labels(connection, [index for index, _ in ranking])
    if len(labels) < len(ranking):
        # Some were removed since the models were trained: the places are filled with what is there.
        scores[serving.catalogue.gone(connection)] = -np.inf
        ranking = list(islice(ranked(scores, count), count))
        labels = serving.catalogue.labels(connection, [index for index, _ in ranking])
    return [(labels[index], score) for index, score in ranking]


def similar_artists(connection: Connection, serving: Serving, key: int, count: int) -> list[tuple[Label, float]]:
    """Rank artists, where the models know tracks, by what goes with the artist's tracks.

    Raises
    ------
    UnknownId
        If the models know no track of the artist.
    """
    artists = serving.catalogue.artists
    own = np.flatnonzero(artists == key)
    if not len(own):
        raise UnknownId(
            "the models know no track of this artist",
            "train again: ml train",
            code="models_do_not_know_it",
        )
    scores = beside(serving.model("hybrid"), own, len(artists))
    table = pl.DataFrame({"artist": artists, "score": scores}).filter(pl.col("artist") != key)
    best = table.group_by("artist").agg(pl.col("score").top_k(_REPRESENTATIVES).mean())
    # Tracks of nobody stand under their own key, and artists may be gone since the models were trained.
    there = bulk.read(connection, select(items.c.key.label("artist"), items.c.name).where(items.c.kind == "artist"))
    best = best.join(there, on="artist").sort("score", "artist", descending=[True, False]).head(count)
    ids = outside_ids(connection, "item", best["artist"].to_list())
    return [(Label(ids[artist], name, None), score) for artist, score, name in best.iter_rows()]


def beside(
    model: Model, indices: NDArray[np.integer], n_items: int, *, louder: Mapping[str, float] = MappingProxyType({})
) -> Floats:
    """Score all items for a history of some items, by everything but popularity.

    Parameters
    ----------
    model : Model
    indices : int [shape=(n,)]
    n_items : int
    louder : mapping of str to float, optional
        What the weights of members of a blend are multiplied by, by their names.
    """
    if isinstance(model, Blend):
        weights = {
            name: 0.0 if name.startswith("popularity") else weight * louder.get(name, 1.0)
            for name, weight in model.weights.items()
        }
        model = replace_weights(model, weights)
    scores: Floats = model.score(Plays.of([indices.tolist()], n_items=n_items))[0]
    return scores


def replace_weights(blend: Blend, weights: dict[str, float]) -> Blend:
    """Copy a fitted blend with other weights; the members are shared."""
    copy = replace(blend, weights=weights)
    return copy.restore({**blend.own_arrays()})

"""What is said of the points of a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.data.identity import outside_ids
from ml.library_map.kept import KeptMap
from ml.library_map.parts import MapParts
from ml.library_map.regions import described
from ml.library_map.results import Choice, Kind, LibraryMap, Region

#: The largest number of a place.
ACROSS = 65_535
#: Genres that are told apart by a colour; what is of another counts as the last.
GENRES = 11
OTHER = "other"


@dataclass(frozen=True)
class Told:
    """All points of a map as columns, the most played first, and its regions.

    Parameters
    ----------
    columns : dict of str to list
        As :class:`LibraryMap` has them.
    artist_names, genre_names : list of str
    regions : list of Region
    n_without : int
        Documents of the kind that have no place.
    """

    columns: dict[str, list[int] | list[str]]
    artist_names: list[str]
    genre_names: list[str]
    regions: list[Region]
    n_without: int

    def answer(
        self, kept: KeptMap, chosen: Choice, choices: list[Choice], count: int, stale: bool, notices: Sequence[str]
    ) -> LibraryMap:
        """Give the most played points of it."""
        return LibraryMap(
            by=chosen.by,
            kind=chosen.kind,
            state="ready",
            choices=choices,
            version=kept.version,
            model=kept.model,
            laid_out_at=datetime.fromtimestamp(kept.laid_out_at_ms / 1000, UTC),
            stale=stale,
            without=self.n_without,
            kept_of_10=kept.kept_of_10,
            n_points=len(self.columns["x"]),
            artist_names=self.artist_names,
            genre_names=self.genre_names,
            regions=self.regions,
            notices=list(notices),
            **{name: values[:count] for name, values in self.columns.items()},  # type: ignore[arg-type]
        )


def empty(chosen: Choice, choices: list[Choice], notices: Sequence[str]) -> LibraryMap:
    """Give a map that is not there."""
    nothing: dict[str, list[int]] = {name: [] for name in ("x", "y", "artists", "genres", "years", "tempos_bpm")}
    return LibraryMap(
        by=chosen.by,
        kind=chosen.kind,
        state=chosen.state,
        choices=choices,
        version=None,
        model=None,
        laid_out_at=None,
        stale=False,
        without=0,
        kept_of_10=None,
        n_points=0,
        ids=[],
        names=[],
        artist_names=[],
        genre_names=[],
        regions=[],
        region_of=[],
        notices=list(notices),
        **nothing,
    )


def told(parts: MapParts, kept: KeptMap, kind: Kind) -> Told:
    """Read what is said of the points; those that are gone from the store since are left out."""
    documents = parts.documents()
    makers_names = dict(documents.filter(pl.col("kind") == "artist").select("key", "name").iter_rows())
    documents = documents.filter(pl.col("kind") == kind)
    x, y = _whole(kept.points)
    places = pl.DataFrame({"uid": kept.uids, "x": x, "y": y})
    points = documents.join(places, on="uid").sort(pl.col("plays").neg(), "uid")
    if kind == "artist":
        points = points.with_columns(artist=pl.col("name"))
    genre_names, genres = _genres(points["genres"])
    artists = points["artist"].unique(maintain_order=True).drop_nulls().to_list()
    code = {name: place for place, name in enumerate(artists)}
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    makers = points["artist_key"].replace_strict(makers_names, default=None, return_dtype=pl.String).alias("maker")
    regions, region_of = described(points.with_columns(makers.fill_null(points["artist"])), x, y)
    columns: dict[str, list[int] | list[str]] = {
        "x": x.tolist(),
        "y": y.tolist(),
        "ids": _ids(parts, points),
        "names": points["name"].to_list(),
        "artists": [code.get(name, -1) for name in points["artist"].to_list()],
        "genres": genres,
        "years": points["year"].fill_null(0).to_list(),
        "tempos_bpm": points["tempo_bpm"].fill_nan(None).fill_null(0).round().cast(pl.Int64).to_list(),
        "region_of": region_of.tolist(),
    }
    return Told(columns, artists, genre_names, regions, len(documents) - len(points))


def _whole(points: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write places as whole numbers, both directions to one scale."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = ACROSS / max(float((high - low).max()), 1e-9)
    moved = (points - (low + high) / 2) * scale + ACROSS / 2
    whole = np.clip(np.rint(moved), 0, ACROSS).astype(np.int64)
    return whole[:, 0], whole[:, 1]


def _genres(genres: pl.Series) -> tuple[list[str], list[int]]:
    """Give the most frequent genres and each point's: the first of its own that is among them."""
    counted = genres.explode().drop_nulls().value_counts(name="n").sort("n", genres.name, descending=[True, False])
    names = counted[genres.name].to_list()
    few = names if len(names) <= GENRES else [*names[: GENRES - 1], OTHER]
    code = {name: place for place, name in enumerate(few)}
    other = code.get(OTHER, -1)
    found = [
        next((code[each] for each in own if each in code), other if own else -1)
        for own in genres.fill_null([]).to_list()
    ]
    return few, found


def _ids(parts: MapParts, points: pl.DataFrame) -> list[str]:
    keys = points["key"].to_list()
    with parts.store.read() as connection:
        named = outside_ids(connection, "item", [key for key in keys if key is not None])
    return [
        named[key] if key is not None else f"file:{sound}"
        for key, sound in zip(keys, points["content_hash"].to_list(), strict=True)
    ]

"""What is laid out: a vector for each track or artist that has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.foundation.errors import BadInput, EmptyWorkspace, NotTrained
from ml.library_map.parts import MapParts, Sounds
from ml.library_map.results import By, Kind
from ml.models import files, pointer
from ml.models.layout.neighbours import unit
from ml.models.retrieval import standardising

Floats = NDArray[np.float32]
#: Models with vectors of items, and the name of these among their arrays: the first that is there is taken. The first
#: knows tracks that nobody played, too, and has .84 of the neighbours of a genre on the demo world, against .74.
MODELS: Sequence[tuple[str, str]] = (
    ("content_tower", "item_factors"),
    ("ials", "item_factors"),
    ("bpr", "item_factors"),
    ("graph_filter", "item_vectors"),
    ("sequential", "item_vectors"),
)
#: Directions of sounds that are kept, and how far one place may stand out.
_KEPT, _FAR = 50, 4.0
_NOTHING = 1e-6


@dataclass(frozen=True)
class Vectors:
    """Vectors of documents.

    Parameters
    ----------
    version : str
    model : str
        Whose they are.
    uids : list of str
    values : float32 [shape=(len(uids), size)]
        None is zeros.
    """

    version: str
    model: str
    uids: list[str]
    values: Floats


def read_vectors(parts: MapParts, documents: pl.DataFrame, by: By, kind: Kind) -> Vectors:
    """Read what a map is laid out by.

    Raises
    ------
    NotTrained
        If there are no models yet, or none of those in use has vectors.
    EmptyWorkspace
        If no sound was analysed.
    BadInput
        If tracks are asked for where the models know artists.
    """
    found = _heard_together(parts, documents, kind) if by == "listening" else _alike(parts, documents, kind)
    there = np.linalg.norm(found.values, axis=1) > _NOTHING
    uids = [uid for uid, yes in zip(found.uids, there.tolist(), strict=True) if yes]
    return Vectors(found.version, found.model, uids, found.values[there])


def _heard_together(parts: MapParts, documents: pl.DataFrame, kind: Kind) -> Vectors:
    version = pointer.current(parts.models)
    if version is None:
        raise NotTrained(
            f"{parts.models}: no models yet, and a map by listening is made of them", "ml train", code="no_models"
        )
    known = files.load_set(parts.models / version)
    if kind == "track" and known.item_kind == "artist":
        raise BadInput("the models know artists and no tracks", "ask for a map of artists", code="map_artists_only")
    name, array = next(
        ((name, array) for name, array in MODELS if name in known.models),
        ("", ""),
    )
    if not name:
        raise NotTrained(
            f"{parts.models / version}: none of its models has vectors of items",
            "train again: ml train",
            code="no_models",
        )
    values = known.models[name].arrays()[array]
    rows = documents.filter(pl.col("kind") == known.item_kind).select("uid", "key", "artist_key")
    places = pl.DataFrame({"key": known.item_keys, "row": np.arange(len(known.item_keys))})
    rows = rows.join(places, on="key", maintain_order="left")
    own = Vectors(version, name, rows["uid"].to_list(), values[rows["row"].to_numpy()].astype(np.float32))
    return own if known.item_kind == kind else _of_artists(own, rows)


def _alike(parts: MapParts, documents: pl.DataFrame, kind: Kind) -> Vectors:
    sounds = parts.sounds()
    heard = documents.filter((pl.col("kind") == "track") & pl.col("fact").is_not_null())
    if sounds is None or not len(heard):
        raise EmptyWorkspace("no sound was analysed yet", "analyse your files: ml audio scan FOLDER", code="no_sounds")
    values = _comparable(sounds)[heard["fact"].to_numpy()]
    own = Vectors(sounds.version, "sound", heard["uid"].to_list(), values)
    return own if kind == "track" else _of_artists(own, heard)


def _of_artists(own: Vectors, rows: pl.DataFrame) -> Vectors:
    """Give artists the mean direction of what is first credited to them."""
    credited = rows.with_row_index("place").filter(pl.col("artist_key").is_not_null())
    codes = credited["artist_key"].rank("dense").to_numpy().astype(np.int64) - 1
    keys = credited["artist_key"].unique().sort().to_list()
    sums = np.zeros((len(keys), own.values.shape[1]), dtype=np.float32)
    np.add.at(sums, codes, unit(own.values)[credited["place"].to_numpy()])
    return Vectors(own.version, own.model, [f"a{key}" for key in keys], sums)


def _comparable(sounds: Sounds) -> Floats:
    """Make every place of sounds' vectors count alike, and keep the directions in which they differ most."""
    there = np.asarray(sounds.vectors.any(axis=1))
    if not there.any():
        return np.zeros((len(sounds.vectors), 1), dtype=np.float32)
    mean, scale = standardising(sounds.vectors[there])
    known = np.clip((sounds.vectors[there] - mean) * scale, -_FAR, _FAR)
    _, turn = np.linalg.eigh(known.T.astype(np.float64) @ known)
    kept = (known @ turn[:, ::-1][:, :_KEPT]).astype(np.float32)
    values = np.zeros((len(there), kept.shape[1]), dtype=np.float32)
    values[there] = kept
    return values

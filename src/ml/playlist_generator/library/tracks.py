"""All tracks as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.data.catalogue import SOUND_FEATURES
from ml.data.identity import normalise
from ml.features.vocabulary import GENRES
from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Ground
from ml.playlist_generator.library.facets import Facet

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: Features of a sound that requests and transitions know, by the names of the vocabulary's regions.
FEATURES = SOUND_FEATURES


@dataclass(frozen=True)
class Tracks:
    """Every track that could be played, an entry each.

    Parameters
    ----------
    labels : polars.DataFrame
        ``key`` (of the item; null for a sound that no import named), ``content_hash``, ``title``, ``artist``,
        ``album``, ``isrc``, ``mbid``, ``path`` (null where there is no file).
    ground : Ground
        Durations (0 where unknown), and who made what.
    features : mapping of str to float32 [shape=(n,)]
        By :data:`FEATURES`; NaN where unknown.
    sounds : Sounds
        What transitions depend on.
    years : int16 [shape=(n,)]
        0 where unknown.
    languages : numpy array of str [shape=(n,)]
        Lower case; empty where unknown.
    explicit : bool [shape=(n,)]
    tags : mapping of str to int64 arrays
        Rows by normalised tag, genres among them.
    heard_genres : mapping of str to float32 [shape=(n,)]
        What a head says of the sound, by genre: probabilities.
    octave_bpm : float32 [shape=(n,)], optional
        Half or double the tempo, where an analysis took that for possible too; NaN elsewhere.
    """

    labels: pl.DataFrame
    ground: Ground
    features: Mapping[str, Floats]
    sounds: Sounds
    years: NDArray[np.int16]
    languages: NDArray[np.str_]
    explicit: NDArray[np.bool_]
    tags: Mapping[str, Rows]
    heard_genres: Mapping[str, Floats] = field(default_factory=dict)
    octave_bpm: Floats | None = None

    def __len__(self) -> int:
        return len(self.ground)

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        """The item keys; -1 where there is none."""
        return self.labels["key"].fill_null(-1).to_numpy()

    @cached_property
    def _row_of_key(self) -> dict[int, int]:
        return {int(key): row for row, key in enumerate(self.keys) if key >= 0}

    def rows_of(self, keys: NDArray[np.integer]) -> Rows:
        """Find the rows of items, -1 where one is no track."""
        return np.array([self._row_of_key.get(int(key), -1) for key in keys], dtype=np.int64)

    @cached_property
    def has_file(self) -> NDArray[np.bool_]:
        """Which can be played from a file."""
        return self.labels["path"].is_not_null().to_numpy()

    @cached_property
    def has_sound(self) -> NDArray[np.bool_]:
        """Of which anything is known that transitions depend on."""
        return np.isfinite(self.features["tempo_bpm"]) | np.isfinite(self.features["energy"]) | (self.sounds.key >= 0)

    @cached_property
    def facets(self) -> dict[str, Facet]:
        """The features and ``years`` in bins."""
        years = np.where(self.years > 0, self.years, np.nan)
        return {"years": Facet.of(years), **{name: Facet.of(values) for name, values in self.features.items()}}

    @cached_property
    def tag_table(self) -> csr_matrix:
        """Who has which tag, float32 of ones [shape=(n, n_tags)]."""
        each = [rows for rows in self.tags.values() if len(rows)]
        rows = np.concatenate(each) if each else np.empty(0, dtype=np.int64)
        columns = np.repeat(np.arange(len(each)), [len(one) for one in each])
        return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(self), len(each)))

    def of_tag(self, text: str) -> Rows:
        """List the rows with a tag, however it is written."""
        return self.tags.get(normalise(text), np.empty(0, dtype=np.int64))

    def of_genre(self, text: str) -> Floats:
        """Tell how much each track is of a genre, float32 in [0, 1] [shape=(n,)].

        A genre of the vocabulary takes in all tags that lead to it, and what a head hears; another text is a tag.
        """
        name = GENRES.match(text, strict=False)
        much = np.zeros(len(self), dtype=np.float32)
        for tag, rows in self.tags.items():
            if tag == normalise(text) or (name is not None and self._genre_of[tag] == name):
                much[rows] = 1.0
        for heard, probability in self.heard_genres.items():
            if normalise(heard) == normalise(text) or (name is not None and GENRES.match(heard, strict=False) == name):
                much = np.maximum(much, probability)
        return much

    @cached_property
    def _genre_of(self) -> dict[str, str | None]:
        return {tag: GENRES.match(tag, strict=False) for tag in self.tags}

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """The genres that there are tracks of, the most frequent first."""
        counts: dict[str, int] = {}
        for tag, rows in self.tags.items():
            name = self._genre_of[tag]
            if name is not None:
                counts[name] = counts.get(name, 0) + len(rows)
        for heard, probability in self.heard_genres.items():
            name = GENRES.match(heard, strict=False) or normalise(heard)
            counts[name] = counts.get(name, 0) + int((probability >= 0.5).sum())
        return tuple(sorted((name for name in counts if counts[name]), key=lambda name: (-counts[name], name)))

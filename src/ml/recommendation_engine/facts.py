"""What the store says of items beyond their names: year, language, explicit words, genres and tags."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.identity.names import normalise
from ml.data.schema import items, tags
from ml.data.store import bulk
from ml.foundation.errors import BadInput, did_you_mean
from ml.recommendation_engine.histories import Vocabulary
from ml.recommendation_engine.wishes import Wishes

_ROOT = func.coalesce(items.c.same_as, items.c.key).label("root")
_KNOWN = select(_ROOT, items.c.key, items.c.year, items.c.language, items.c.explicit)
_TAGGED = select(_ROOT, tags.c.tag).join(items, items.c.key == tags.c.item_key)
#: Genres that a message names, the most frequent.
_NAMED = 12


@dataclass(frozen=True)
class Facts:
    """Facts by index of the vocabulary.

    Parameters
    ----------
    years : int64 [shape=(n_items,)]
        0 where unknown.
    languages : str [shape=(n_items,)]
        ISO 639-1; empty where unknown.
    explicit : bool [shape=(n_items,)]
        Whether explicit words are known of.
    tags : mapping of str to int64
        Indices by tag or genre, in lower case.
    """

    years: NDArray[np.int64]
    languages: NDArray[np.str_]
    explicit: NDArray[np.bool_]
    tags: Mapping[str, NDArray[np.int64]]

    @classmethod
    def read(cls, connection: Connection, vocabulary: Vocabulary, roots: Mapping[int, int]) -> Facts:
        """Read them; what an item lacks itself comes from what counts as one with it."""
        rows = _rooted(bulk.read(connection, _KNOWN), roots).sort("root", pl.col("key") != pl.col("root"), "key")
        merged = rows.group_by("root").agg(pl.col("year", "language", "explicit").drop_nulls().first())
        keys = pl.DataFrame({"root": vocabulary.keys})
        known = keys.join(merged, on="root", how="left", maintain_order="left")
        tagged = _rooted(bulk.read(connection, _TAGGED), roots).with_columns(pl.col("tag").str.to_lowercase())
        return cls(
            known["year"].fill_null(0).cast(pl.Int64).to_numpy(),
            known["language"].fill_null("").str.to_lowercase().to_numpy().astype(np.str_),
            known["explicit"].fill_null(value=False).cast(pl.Boolean).to_numpy(),
            _by_tag(tagged.unique(), vocabulary),
        )

    def allowed(self, wishes: Wishes) -> NDArray[np.bool_]:
        """Tell which items the filters leave, bool [shape=(n_items,)]."""
        allowed = np.ones(len(self.years), dtype=np.bool_)
        if wishes.explicit is False:
            allowed &= ~self.explicit
        if wishes.language is not None:
            allowed &= self.languages == wishes.language
        if wishes.year_from is not None:
            allowed &= self.years >= wishes.year_from
        if wishes.year_to is not None:
            allowed &= (self.years > 0) & (self.years <= wishes.year_to)
        return allowed

    def of_genre(self, genre: str) -> NDArray[np.int64]:
        """List the items of a genre, however its words are joined: ``hip hop`` is ``Hip-Hop``.

        Raises
        ------
        BadInput
            If the catalogue has no such genre, naming those that are near, or the most frequent.
        """
        if genre in self.tags:
            return self.tags[genre]
        alike = [items for tag, items in self.tags.items() if normalise(tag) == normalise(genre)]
        if alike:
            return np.unique(np.concatenate(alike))
        near = did_you_mean(genre, self.tags)
        often = sorted(self.tags, key=lambda tag: -len(self.tags[tag]))[:_NAMED]
        hint = near if near.startswith("did you mean") else f"the most frequent: {', '.join(often)}"
        none = "no item has genres or tags; import some: ml import PATH"
        raise BadInput(f"nothing in the catalogue is of the genre {genre!r}", hint if often else none)

    def of_genres(self, genres: tuple[str, ...]) -> NDArray[np.int64]:
        """List the items of any of some genres; see :meth:`of_genre`."""
        return np.unique(np.concatenate([self.of_genre(genre) for genre in genres]))


class LazyFacts:
    """Facts that are read when they are first asked for: most questions need none.

    Parameters
    ----------
    vocabulary : Vocabulary
    roots : mapping of int to int
        As in :class:`ml.recommendation_engine.catalogue.Catalogue`.
    """

    def __init__(self, vocabulary: Vocabulary, roots: Mapping[int, int]) -> None:
        self._vocabulary, self._roots = vocabulary, roots
        self._lock = threading.Lock()
        self._facts: Facts | None = None

    def get(self, connection: Connection) -> Facts:
        """Give them."""
        with self._lock:
            if self._facts is None:
                self._facts = Facts.read(connection, self._vocabulary, self._roots)
            return self._facts


def _rooted(rows: pl.DataFrame, roots: Mapping[int, int]) -> pl.DataFrame:
    return rows.with_columns(pl.col("root").replace(dict(roots))) if roots else rows


def _by_tag(tagged: pl.DataFrame, vocabulary: Vocabulary) -> dict[str, NDArray[np.int64]]:
    places = pl.Series("place", vocabulary.indices(tagged["root"].to_numpy()))
    rows = tagged.with_columns(places).filter(pl.col("place") >= 0).group_by("tag").agg(pl.col("place"))
    return {tag: np.array(found, dtype=np.int64) for tag, found in rows.iter_rows()}

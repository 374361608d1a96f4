"""What a stranger says of themselves, as items that the models know.

Conventions
-----------
- An artist stands for their best-known tracks, a genre for the best-known items that carry it: a few of
  each, so that a long discography or a broad genre is no louder than another.
- What is liked by name is known, and not offered again; what merely stands for a genre may be offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, case, func, select

from ml.data.identity import find_item
from ml.data.identity.names import normalise
from ml.data.schema import items, tags
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.models.dataset import GENRE_VOICES
from ml.models.plays import Plays
from ml.recommendation_engine.serving import Serving

#: Tracks that stand for an artist, and items that stand for a genre.
OF_ARTIST, OF_GENRE = 3, 8
#: Names that a hint chooses from.
_HINTS = 500

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Seed:
    """One thing a stranger named.

    Parameters
    ----------
    label : str
        For people.
    indices : int64 [shape=(n,)]
        Items that stand for it.
    known : bool
        Whether the stranger knows these.
    artists : int64 [shape=(m,)]
        Numbers of its artists among the makers of the taste groups.
    """

    label: str
    indices: Rows
    known: bool
    artists: Rows


def named(connection: Connection, serving: Serving, texts: Sequence[str]) -> list[Seed]:
    """Find artists or tracks by id or name.

    Raises
    ------
    UnknownId, AmbiguousId
        Also if the models do not know one of them.
    BadInput
        If one text stands for all of them, or one is no text.
    """
    if isinstance(texts, str):
        raise BadInput(f"{texts!r} is one name", f"give a list of them: [{texts!r}]")
    return [_named(connection, serving, text) for text in texts]


def _named(connection: Connection, serving: Serving, text: str) -> Seed:
    if not isinstance(text, str):
        raise BadInput(f"{text!r} is no name", "give a text: an id, or the name of an artist or a track")
    found = find_item(connection, text)
    catalogue = serving.catalogue
    if found.kind == catalogue.kind:
        own = catalogue.vocabulary.indices(np.array([found.key]))
        own = own[own >= 0]
    else:
        own = np.flatnonzero(catalogue.artists == found.key) if found.kind == "artist" else np.empty(0, dtype=np.int64)
    if not len(own):
        raise UnknownId(
            f"the models do not know {text!r}",
            "name an artist, or train again: ml train",
            code="models_do_not_know",
            values={"text": text},
        )
    return Seed(found.label, best_known(serving, own, OF_ARTIST), True, makers(serving, own))


def carrying(connection: Connection, serving: Serving, genres: Sequence[str] = ()) -> list[Seed]:
    """Find items that carry a genre or a tag.

    Raises
    ------
    BadInput
        If no item that the models know carries it.
    """
    if isinstance(genres, str):
        raise BadInput(f"{genres!r} is one genre", f"give a list of them: [{genres!r}]")
    found = []
    for genre in genres:
        rows = _voices(connection, func.lower(tags.c.tag) == str(genre).lower())
        if not rows:  # "hip hop" is "Hip-Hop"
            known = connection.execute(select(tags.c.tag).distinct()).scalars()
            rows = _voices(connection, tags.c.tag.in_([each for each in known if normalise(each) == normalise(genre)]))
        found.append(_carriers(serving, str(genre), rows))
        if not len(found[-1].indices):
            raise BadInput(f"no item carries the genre or tag {genre!r}", _known(connection, genre, tags.c.tag))
    return found


def _voices(connection: Connection, tagged: ColumnElement[bool]) -> list[tuple[int, float]]:
    """Give the items of some tags, and how loud the tags speak for each."""
    voices = func.sum(case((tags.c.kind == "genre", GENRE_VOICES), else_=1.0))
    root = func.coalesce(items.c.same_as, items.c.key)
    statement = select(root, voices).join_from(tags, items, items.c.key == tags.c.item_key).where(tagged).group_by(root)
    return [(key, weight) for key, weight in connection.execute(statement)]


def _carriers(serving: Serving, label: str, rows: Sequence[tuple[int, float]]) -> Seed:
    """Choose those that stand for a genre: items that carry it, or whose artist does."""
    nobody = Seed(label, np.empty(0, dtype=np.int64), False, np.empty(0, dtype=np.int64))
    if not rows:
        return nobody
    pairs = np.array(rows, dtype=np.float64)
    keys = pairs[:, 0].astype(np.int64)
    voices = np.zeros(len(serving.catalogue.artists))
    own = serving.catalogue.vocabulary.indices(keys)
    voices[own[own >= 0]] = pairs[own >= 0, 1]
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys[order], serving.catalogue.artists), len(keys) - 1)
    by_artist = np.where(keys[order][place] == serving.catalogue.artists, pairs[order][place, 1], 0.0)
    loud = np.maximum(voices, by_artist)
    carriers = np.flatnonzero(loud)
    if not len(carriers):
        return nobody
    chosen = best_known(serving, carriers, OF_GENRE, np.log1p(loud[carriers]))
    return Seed(label, chosen, False, makers(serving, carriers))


def best_known(serving: Serving, indices: Rows, most: int, weights: NDArray[np.float64] | None = None) -> Rows:
    """Choose the items with the most listeners, those with more weight first where they are given."""
    known = serving.models.models["popularity"].score(_nobody(serving), items=indices.astype(np.int32))[0]
    worth = known if weights is None else known * weights
    return indices[np.lexsort((indices, -worth))[:most]]


def _nobody(serving: Serving) -> Plays:
    return Plays.of([[]], n_items=len(serving.catalogue.vocabulary.keys))


def makers(serving: Serving, indices: Rows) -> Rows:
    """Give the numbers of items' artists among the makers of the taste groups."""
    taste = serving.first_guess.taste
    assert taste.makers is not None
    return np.unique(taste.makers[indices]).astype(np.int64)


def made_by(serving: Serving, seed: Seed) -> NDArray[np.bool_]:
    """Tell which items are by a seed's artists, bool [shape=(n_items,)]."""
    taste = serving.first_guess.taste
    assert taste.makers is not None
    return np.isin(taste.makers, seed.artists)


def _known(connection: Connection, word: str, column: ColumnElement[str | None]) -> str:
    """Suggest words that are there."""
    words = connection.execute(
        select(func.lower(column), func.count()).where(column.is_not(None)).group_by(func.lower(column))
    ).all()
    common = sorted(words, key=lambda row: (-row[1], row[0]))
    near = did_you_mean(str(word).lower(), [row[0] for row in common[:_HINTS]])
    if near.startswith("did"):
        return near
    return did_you_mean(str(word).lower(), [row[0] for row in common[:10]]) if common else "nothing here has one"

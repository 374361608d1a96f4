"""The artists of the demo world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ml.data.demo import genres, names, places
from ml.data.demo.arrays import Codes, Flags, Floats, near, unit

#: Popularity falls with rank like ``rank ** -POWER``.
POWER = 0.8
#: Share of artists who are heroes at home and little heard abroad.
HEROES = 0.15
#: Share of artists of a country with another language who sing in English.
IN_ENGLISH = 0.35
SECOND_GENRE = 0.4


@dataclass(frozen=True, eq=False)
class Artists:
    """Artists, one row each, and the truth about them.

    Parameters
    ----------
    names : polars.Series of str
        Unique, also without case and accents.
    genre : int8 [shape=(n_artists,)]
        Index into :data:`ml.data.demo.genres.GENRES`.
    second : int8 [shape=(n_artists,)]
        Second genre, of the same family, or -1.
    country : int8 [shape=(n_artists,)]
        Index into :data:`ml.data.demo.places.COUNTRIES`.
    language : int8 [shape=(n_artists,)]
        Index into :data:`ml.data.demo.places.LANGUAGES`.
    popularity : float32 [shape=(n_artists,)]
        Weight; 1 for the first of the ranking.
    hero : bool [shape=(n_artists,)]
        Loved at home, little heard abroad.
    vectors : float32 [shape=(n_artists, DIMENSIONS)]
        Unit vectors in the latent space.
    centres : float32 [shape=(n_genres, DIMENSIONS)]
        Where the genres are.
    """

    names: pl.Series
    genre: Codes
    second: Codes
    country: Codes
    language: Codes
    popularity: Floats
    hero: Flags
    vectors: Floats
    centres: Floats

    def __len__(self) -> int:
        return len(self.genre)


def make_artists(n: int, rng: np.random.Generator) -> Artists:
    """Draw artists near their genres, with a popularity that follows a power law."""
    centres = genres.centres(rng)
    genre = rng.choice(len(genres.GENRES), n, p=genres.shares()).astype(np.int8)
    second = _second(genre, rng)
    mixed = np.where((second >= 0)[:, None], centres[genre] + 0.5 * centres[second], centres[genre])
    country = rng.choice(len(places.COUNTRIES), n, p=places.shares("artists")).astype(np.int8)
    language = np.where(rng.random(n) < IN_ENGLISH, places.ENGLISH, places.languages()[country]).astype(np.int8)
    return Artists(
        names=names.artist_names(language, rng),
        genre=genre,
        second=second,
        country=country,
        language=language,
        popularity=((rng.permutation(n) + 1.0) ** -POWER).astype(np.float32),
        hero=rng.random(n) < HEROES,
        vectors=near(unit(mixed), 0.8, rng),
        centres=centres,
    )


def _second(genre: Codes, rng: np.random.Generator) -> Codes:
    families = [each.family for each in genres.GENRES]
    kin = np.array(
        [[families[a] == families[b] and a != b for b in range(len(families))] for a in range(len(families))]
    )
    # The random numbers rank the genres of the family; the first of them is the second genre.
    choice = (kin[genre] * (1.0 - rng.random((len(genre), len(families))))).argmax(axis=1)
    return np.where(rng.random(len(genre)) < SECOND_GENRE, choice, -1).astype(np.int8)

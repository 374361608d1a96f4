"""The genres of the demo world and how each one tends to sound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ml.data.demo.arrays import Doubles, Floats, unit

DIMENSIONS = 16


class Genre(NamedTuple):
    """A genre's mean sound and its public.

    Parameters
    ----------
    name, family : str
    share : float > 0
        How common it is among artists and among tastes.
    energy, valence, acousticness, instrumentalness : float in [0, 1]
    tempo_bpm : float
    explicit : float in [0, 1]
        Chance that a track is explicit.
    age : float
        Log odds of being a taste, for each standard deviation of a listener's age.
    years : float > 0
        Mean age of the catalogue, in years.
    """

    name: str
    family: str
    share: float
    energy: float
    valence: float
    acousticness: float
    instrumentalness: float
    tempo_bpm: float
    explicit: float
    age: float
    years: float


GENRES: tuple[Genre, ...] = (
    Genre("pop", "pop", 10, 0.65, 0.60, 0.22, 0.03, 118, 0.15, -0.3, 6),
    Genre("synth-pop", "pop", 4, 0.70, 0.55, 0.12, 0.12, 122, 0.05, 0.1, 12),
    Genre("indie pop", "pop", 5, 0.58, 0.55, 0.32, 0.08, 116, 0.08, -0.2, 7),
    Genre("singer-songwriter", "pop", 5, 0.38, 0.40, 0.70, 0.05, 108, 0.04, 0.3, 12),
    Genre("rock", "rock", 8, 0.76, 0.52, 0.14, 0.08, 126, 0.06, 0.5, 20),
    Genre("indie rock", "rock", 6, 0.70, 0.50, 0.18, 0.12, 124, 0.08, 0.0, 11),
    Genre("punk", "rock", 3, 0.90, 0.56, 0.04, 0.04, 158, 0.25, 0.1, 17),
    Genre("metal", "rock", 4, 0.93, 0.32, 0.02, 0.15, 134, 0.15, 0.1, 15),
    Genre("hip-hop", "urban", 8, 0.68, 0.56, 0.18, 0.04, 96, 0.65, -0.5, 7),
    Genre("trap", "urban", 4, 0.64, 0.42, 0.15, 0.05, 140, 0.75, -0.9, 4),
    Genre("r&b", "urban", 5, 0.52, 0.50, 0.32, 0.04, 100, 0.30, -0.3, 9),
    Genre("soul", "urban", 3, 0.50, 0.62, 0.45, 0.05, 104, 0.04, 0.6, 25),
    Genre("house", "electronic", 5, 0.80, 0.58, 0.07, 0.45, 124, 0.05, -0.2, 7),
    Genre("techno", "electronic", 4, 0.82, 0.32, 0.04, 0.80, 131, 0.02, -0.1, 7),
    Genre("drum and bass", "electronic", 2, 0.88, 0.40, 0.04, 0.55, 173, 0.05, -0.2, 9),
    Genre("ambient", "electronic", 3, 0.16, 0.22, 0.70, 0.90, 88, 0.00, 0.1, 10),
    Genre("folk", "roots", 4, 0.36, 0.48, 0.80, 0.08, 112, 0.02, 0.5, 20),
    Genre("country", "roots", 4, 0.60, 0.62, 0.42, 0.03, 120, 0.04, 0.4, 14),
    Genre("blues", "roots", 2, 0.48, 0.52, 0.55, 0.12, 108, 0.03, 0.8, 30),
    Genre("reggae", "roots", 3, 0.56, 0.72, 0.25, 0.08, 92, 0.10, 0.2, 18),
    Genre("jazz", "studio", 3, 0.36, 0.50, 0.75, 0.50, 114, 0.00, 0.8, 30),
    Genre("classical", "studio", 3, 0.18, 0.28, 0.93, 0.88, 102, 0.00, 0.9, 30),
    Genre("lo-fi", "studio", 3, 0.30, 0.40, 0.60, 0.75, 82, 0.01, -0.7, 4),
    Genre("latin", "studio", 6, 0.74, 0.74, 0.22, 0.03, 104, 0.20, -0.2, 7),
)

NAMES: tuple[str, ...] = tuple(genre.name for genre in GENRES)


def column(name: str) -> Floats:
    """Read one number of every genre, float32 [shape=(n_genres,)]."""
    return np.array([getattr(genre, name) for genre in GENRES], dtype=np.float32)


def shares() -> Doubles:
    """Give how common each genre is, summing to 1."""
    share: Doubles = column("share").astype(np.float64)
    share /= share.sum()
    return share


def centres(rng: np.random.Generator) -> Floats:
    """Place the genres in the latent space; those of one family lie nearer each other.

    Returns
    -------
    float32 [shape=(n_genres, DIMENSIONS)]
        Unit vectors; about 0.4 is the cosine inside a family, 0 across.
    """
    families = sorted({genre.family for genre in GENRES})
    family = unit(rng.standard_normal((len(families), DIMENSIONS), dtype=np.float32))
    own = unit(rng.standard_normal((len(GENRES), DIMENSIONS), dtype=np.float32))
    return unit(0.65 * family[[families.index(genre.family) for genre in GENRES]] + 0.75 * own)

"""Tracks drawn by a seed, as the playlist generator has them: any number, with all that it looks at."""

from __future__ import annotations

import numpy as np
import polars as pl

from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Ground
from ml.playlist_generator.library.timbre import timbre_vectors
from ml.playlist_generator.library.tracks import FEATURES, Tracks

GENRES = ("rock", "pop", "electronic", "jazz", "classical", "hip-hop", "folk", "metal")
LANGUAGES = ("en", "de", "fr", "es", "")


def draw(n: int, rng: np.random.Generator, *, per_artist: int = 10) -> Tracks:
    """Draw tracks; energy, tempo and loudness hang together, all else does not."""
    energy = rng.beta(2.5, 2.0, n)
    artist = rng.integers(0, max(1, n // per_artist), n)
    features = {
        "energy": energy,
        "tempo_bpm": 70 + 80 * energy + rng.normal(0, 15, n),
        "valence": rng.beta(2, 2, n),
        "danceability": rng.beta(3, 2, n),
        "acousticness": np.clip(1 - energy + rng.normal(0, 0.2, n), 0, 1),
        "instrumentalness": rng.beta(0.5, 2, n),
        "loudness_lufs": -20 + 12 * energy + rng.normal(0, 2, n),
    }
    columns = {name: np.asarray(features[name], dtype=np.float32) for name in FEATURES}
    genre = rng.integers(0, len(GENRES), n)
    return Tracks(
        labels=pl.DataFrame(
            {
                "key": np.arange(1, n + 1),
                "content_hash": pl.Series([None] * n, dtype=pl.String),
                "title": [f"track {row}" for row in range(n)],
                "artist": [f"artist {code}" for code in artist],
                **{name: pl.Series([None] * n, dtype=pl.String) for name in ("album", "isrc", "mbid", "path")},
            }
        ),
        ground=Ground(
            rng.integers(140_000, 320_000, n),
            artist.astype(np.int64),
            (artist * 3 + rng.integers(0, 3, n)).astype(np.int64),
            np.arange(n, dtype=np.int64),
        ),
        features=columns,
        sounds=Sounds(
            tempo_bpm=columns["tempo_bpm"],
            energy=columns["energy"],
            loudness_lufs=columns["loudness_lufs"],
            key=rng.integers(0, 24, n).astype(np.int8),
            key_confidence=rng.uniform(0.5, 1, n).astype(np.float32),
            level_in_db=rng.normal(-4, 4, n).astype(np.float32),
            level_out_db=rng.normal(-8, 5, n).astype(np.float32),
            timbre=timbre_vectors(np.empty((n, 0), dtype=np.float32), columns),
        ),
        years=rng.integers(1960, 2026, n).astype(np.int16),
        languages=np.array(LANGUAGES)[rng.integers(0, len(LANGUAGES), n)],
        explicit=rng.random(n) < 0.15,
        tags={name: np.flatnonzero(genre == place) for place, name in enumerate(GENRES)},
    )

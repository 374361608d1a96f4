"""The tags of the demo world's tracks: genre, mood, decade."""

from __future__ import annotations

import numpy as np
import polars as pl

from ml.data.demo import genres
from ml.data.demo.arrays import Floats, Indices
from ml.data.demo.artists import Artists
from ml.data.demo.tracks import Tracks

#: Moods with the sound that they stand for, by :data:`ml.data.demo.activities.SOUNDS`, in standard deviations.
MOODS: dict[str, tuple[float, float, float, float, float]] = {
    "energetic": (1.2, 0.4, 0.2, 0.0, 0.0),
    "aggressive": (1.2, 0.3, -0.9, -0.3, 0.0),
    "driving": (0.8, 0.9, 0.0, -0.3, 0.0),
    "fast": (0.3, 1.4, 0.0, 0.0, 0.0),
    "anthemic": (0.9, 0.0, 0.6, 0.0, -0.4),
    "danceable": (0.6, 0.2, 0.8, -0.4, 0.0),
    "party": (0.8, 0.2, 0.9, -0.2, -0.2),
    "workout": (1.1, 0.8, 0.2, -0.2, 0.0),
    "happy": (0.3, 0.0, 1.3, 0.0, 0.0),
    "summer": (0.3, 0.0, 1.0, 0.0, -0.2),
    "feel good": (0.1, 0.0, 1.1, 0.2, -0.2),
    "groovy": (0.3, -0.3, 0.8, 0.0, 0.0),
    "romantic": (-0.5, -0.2, 0.5, 0.5, -0.3),
    "nostalgic": (-0.3, 0.0, 0.2, 0.6, 0.0),
    "warm": (-0.4, -0.2, 0.4, 0.7, 0.0),
    "acoustic": (-0.3, 0.0, 0.0, 1.3, -0.2),
    "intimate": (-0.8, -0.2, 0.0, 0.9, -0.3),
    "mellow": (-0.8, -0.4, 0.2, 0.3, 0.0),
    "calm": (-1.2, -0.4, 0.0, 0.4, 0.1),
    "sleepy": (-1.3, -0.6, -0.2, 0.5, 0.4),
    "slow": (-0.4, -1.3, 0.0, 0.0, 0.0),
    "sad": (-0.5, -0.2, -1.2, 0.3, -0.1),
    "melancholic": (-0.5, -0.1, -1.0, 0.4, 0.1),
    "dark": (0.2, 0.0, -1.3, -0.3, 0.3),
    "moody": (-0.2, -0.2, -0.9, 0.0, 0.0),
    "dreamy": (-0.6, -0.2, -0.2, 0.1, 0.7),
    "atmospheric": (-0.5, -0.2, -0.4, 0.1, 1.0),
    "hypnotic": (0.3, 0.2, -0.5, -0.4, 1.0),
    "instrumental": (0.0, 0.0, 0.0, 0.0, 1.5),
    "focus": (-0.6, -0.2, 0.0, 0.1, 1.1),
    "cinematic": (-0.4, -0.1, -0.5, 0.5, 0.9),
}
DECADES: tuple[str, ...] = ("80s", "90s", "00s", "10s", "20s")
_FIRST_DECADE = 1980

#: Every tag of the world.
TAGS: tuple[str, ...] = (*genres.NAMES, *MOODS, *DECADES)

#: Moods of a track.
MOODS_EACH = 3
_CHUNK = 1 << 15


def make_tags(artists: Artists, tracks: Tracks, years: Indices, rng: np.random.Generator) -> pl.DataFrame:
    """Tag every track with its genres, three moods that suit its sound and, half of the time, its decade.

    Returns
    -------
    polars.DataFrame
        ``track`` (index) and ``tag``, sorted by track.
    """
    n, moods_from = len(tracks), len(genres.NAMES)
    every = np.arange(n, dtype=np.int32)
    first, second = artists.genre[tracks.artist], artists.second[tracks.artist]
    decade = (years - _FIRST_DECADE) // 10
    dated = (decade >= 0) & (decade < len(DECADES)) & (rng.random(n) < 0.5)
    moods = _moods(tracks.standard, rng)
    track = np.concatenate([every, every[second >= 0], np.repeat(every, MOODS_EACH), every[dated]])
    tag = np.concatenate(
        [first, second[second >= 0], moods_from + moods.ravel(), moods_from + len(MOODS) + decade[dated]]
    )
    order = np.argsort(track, kind="stable")
    return pl.DataFrame({"track": track[order], "tag": pl.Series(TAGS).gather(tag[order])})


def _moods(sounds: Floats, rng: np.random.Generator) -> Indices:
    directions = np.array(list(MOODS.values()), dtype=np.float32).T
    chosen = np.empty((len(sounds), MOODS_EACH), dtype=np.int32)
    for begin in range(0, len(sounds), _CHUNK):
        part = sounds[begin : begin + _CHUNK]
        score = part @ directions + rng.gumbel(0.0, 0.5, (len(part), len(MOODS)))
        chosen[begin : begin + _CHUNK] = np.argpartition(-score, MOODS_EACH, axis=1)[:, :MOODS_EACH]
    return chosen

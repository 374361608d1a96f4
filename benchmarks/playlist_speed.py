"""How long a playlist of an hour takes among 100,000 drawn tracks, by the clock of this machine.

`fast_…` and `best_…` are milliseconds and seconds of one list by mood, with a cap on artists, a share and an arc
in turns; reading the tracks from the store and naming them is not in it.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.drawn_tracks import draw
from benchmarks.target import Target
from ml.features.vocabulary import MOODS
from ml.playlist_generator.asking import Asked
from ml.playlist_generator.composing import compose
from ml.playlist_generator.holding.demands import Cap, Demand, Demands, Gap, Length, Share
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.suiting.fit import Fit
from ml.playlist_generator.suiting.words import suits_word

TARGETS = {"fast_p50_ms": Target(at_most=120), "fast_p99_ms": Target(at_most=400), "best_most_s": Target(at_most=10)}
TRACKS, FAST, BEST, HOUR_MS = 100_000, 100, 8, 3_600_000


def run(quick: bool) -> dict[str, float]:
    tracks = draw(5_000 if quick else TRACKS, np.random.default_rng(0))
    with threadpool_limits(1):
        fast = [seconds(tracks, seed, "fast") for seed in range(10 if quick else FAST)]
        best = [seconds(tracks, seed, "best") for seed in range(2 if quick else BEST)]
    return {
        "tracks": len(tracks),
        "fast_p50_ms": 1000 * float(np.quantile(fast, 0.5)),
        "fast_p99_ms": 1000 * float(np.quantile(fast, 0.99)),
        "best_mean_s": float(np.mean(best)),
        "best_most_s": float(np.max(best)),
    }


def seconds(tracks: Tracks, seed: int, effort: str) -> float:
    """Make one list."""
    begin = perf_counter()
    mood = list(MOODS)[seed % len(MOODS)]
    fit = Fit({"mood": np.nan_to_num(suits_word(tracks, MOODS[mood]))})
    demands: list[Demand] = [Length(HOUR_MS - 30_000, HOUR_MS + 30_000, 60), Gap("artist", 2)]
    if seed % 2:
        demands.append(Cap(2))
    if seed % 3 == 0:
        demands.append(Share("language:fr", 0.3, tracks.languages == "fr", least=0.3))
    request = PlaylistRequest.of(minutes=60, effort=effort, seed=seed, arc="peak" if seed % 4 == 0 else None)
    compose(tracks, Asked(request, Demands(tuple(demands)), fit), request)
    return perf_counter() - begin

"""What two of the classic fields have to do with what listeners felt: 275 songs of Emotify.

`energy` and `danceability` are definitions that nothing was fitted to. `energy_power` and the like are Spearman's rank
correlations of a field with the mean rating of a song on a scale of GEMS, `loudness_…` those of loudness alone.
`danceability_rock` and the like are means over the songs of a genre that have a beat, `danceability_songs` how many do.
"""

from __future__ import annotations

import csv

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from threadpoolctl import threadpool_limits

from benchmarks.audio_heads import DATA, SCALES, ratings
from ml.audio_analysis import AudioAnalyzer

FELT = {"energy": ("power", "joyful_activation", "calmness"), "danceability": ("joyful_activation",)}
Values = NDArray[np.float64]


def run(quick: bool) -> dict[str, float]:
    with (DATA / "tracks.csv").open(encoding="utf-8") as file:
        tracks = list(csv.DictReader(file))[:: 8 if quick else 1]
    felt, analyzer = dict(zip(SCALES, ratings(tracks).T, strict=True)), AudioAnalyzer()
    with threadpool_limits(1):
        heard = [analyzer.analyze(DATA / track["file"]).classic for track in tracks]
    fields = {name: np.array([one[name] for one in heard], dtype=np.float64) for name in (*FELT, "loudness")}
    numbers: dict[str, float] = {"songs": len(tracks)}
    for name, scales in FELT.items():
        numbers |= {f"{name}_{scale}": correlation(fields[name], felt[scale]) for scale in scales}
    numbers |= {f"loudness_{scale}": correlation(fields["loudness"], felt[scale]) for scale in FELT["energy"]}
    genres = np.array([track["genre"] for track in tracks])
    dance = fields["danceability"]
    numbers["danceability_songs"] = int(np.isfinite(dance).sum())
    return numbers | {f"danceability_{one}": float(np.nanmean(dance[genres == one])) for one in np.unique(genres)}


def correlation(values: Values, felt: Values) -> float:
    """Give Spearman's rank correlation over the songs that have a value."""
    known = np.isfinite(values)
    return float(spearmanr(values[known], felt[known]).statistic)

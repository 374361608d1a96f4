"""The same song in another version, found among others: rendered songs played again.

20 songs of 60 s of the half of timbres and patterns that is held out, and of each another version (other key, tempo,
instruments and drums): each of the 40 is asked for, the other 39 are ranked, one of them is right. `map` is the mean of
one over its place, `top1` the share of right ones in first place; `…_low` and `…_high` are the ends of 95 % bootstrap
intervals over the songs. `histogram_map` ranks by how alike the shares of the 24 chords are, in the best of twelve
transpositions, without their order; `chance_map` is that of a random order. `open_…` are the same of the open half,
which the scores of an alignment were chosen on; what the shares of chords count beside it was chosen on 40 others of
that half, after alignment alone had been measured here (.903, open .765). Nothing of it says how it is with records: no
set of real versions is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ml.audio_analysis import AudioAnalyzer
from ml.audio_analysis.versions import chord_sequence, ranked, shares
from ml.data.demo.sound import another_version, corpus, render
from ml.metrics.significance import bootstrap_mean

SONGS, DURATION_S, RATE, SEED = 20, 60.0, 22_050, 31
Sequence = NDArray[np.int64]
Name = tuple[int, int]


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    with threadpool_limits(1):
        for prefix, held_out in (("", True), ("open_", False)):
            sequences = _sequences(2 if quick else SONGS, held_out=held_out)
            places = np.array([_place(name, _ranked(name, sequences)) for name in sequences])
            plain = np.array([_place(name, _by_histogram(name, sequences)) for name in sequences])
            score = bootstrap_mean((1.0 / places).reshape(-1, 2).mean(axis=1), rng=np.random.default_rng(0))
            numbers |= {
                f"{prefix}songs": len(sequences) // 2,
                f"{prefix}map": score.mean,
                f"{prefix}map_low": score.low,
                f"{prefix}map_high": score.high,
                f"{prefix}top1": float(np.mean(places == 1)),
                f"{prefix}histogram_map": float(np.mean(1.0 / plain)),
                f"{prefix}chance_map": float(np.mean(1.0 / np.arange(1, len(sequences)))),
            }
    return numbers


def _sequences(n: int, *, held_out: bool) -> dict[Name, Sequence]:
    """Hear the chords of songs and their other versions, by song and version."""
    analyzer, found = AudioAnalyzer(), {}
    for place, song in enumerate(corpus(n, duration_s=DURATION_S, seed=SEED, held_out=held_out)):
        for version, made in enumerate((song, another_version(song, np.random.default_rng([7, place])))):
            heard = analyzer.analyze((render(made, rate=RATE).samples, RATE))
            found[place, version] = chord_sequence(heard.to_dict())
    return found


def _ranked(name: Name, sequences: Mapping[Name, Sequence]) -> list[Name]:
    others = {str(other): sequence for other, sequence in sequences.items() if other != name}
    names = {str(other): other for other in sequences}
    return [names[found] for found, _, _ in ranked(sequences[name], others.items())]


def _by_histogram(name: Name, sequences: Mapping[Name, Sequence]) -> list[Name]:
    own = shares(sequences[name])
    alike = {other: _overlap(own, shares(found)) for other, found in sequences.items() if other != name}
    return sorted(alike, key=lambda other: -alike[other])


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return max(float(np.minimum(one, np.roll(other, up, axis=1)).sum()) for up in range(12))


def _place(name: Name, order: list[Name]) -> int:
    return order.index((name[0], 1 - name[1])) + 1

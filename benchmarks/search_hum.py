"""Which of 2,200 melodies is hummed: 50 hums, sung and whistled, from anywhere in them, in another key and tempo.

Half of the catalogue's melodies are made of held-out motifs, and only these are hummed, only by held-out singers
(`ml.data.demo.sound.singers`): out of tune, drifting, with wrong, missing and repeated notes, vibrato, breath, noise,
through telephones. Every constant was chosen on the other half. A hum has at most 12 s and at least eight notes.

`top10`, `top1` and `mrr` are over all hums, `top10_low` and `top10_high` the 95 % interval over them, `top10_…` by
singer. `first_stage` is the share of hums whose melody is among those that are warped. `windows_top10` is the first
stage alone: windows without warping. `intervals_top10` is a simple peer: melodies ranked by how many runs of four
intervals, each up, down or level by size, they share with the notes of the hum. `query_s` is processor time from
samples to answer, `slowest_s` of the slowest; `mib` what contours and windows take in memory.
"""

from __future__ import annotations

from collections import Counter
from time import process_time
from typing import Any

import numpy as np

from benchmarks.target import Target
from ml.data.demo.sound import SINGERS, Melody, corpus, hum, melody_of
from ml.features.audio.melody import CONTOUR_RATE, contour_of, contour_of_notes, pitch_of_voice
from ml.metrics.significance import bootstrap_mean
from ml.models.retrieval.melodies import MelodyIndex
from ml.models.retrieval.melodies.index import WARPED

TARGETS = {"top10": Target(at_least=0.8), "query_s": Target(at_most=1.0), "slowest_s": Target(at_most=1.0)}
HUMS, MELODIES, SEED, FEWEST = 50, 2_200, 2026, 8


def run(quick: bool) -> dict[str, float]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        half = (200 if quick else MELODIES) // 2
        held_out = melodies(half, held_out=True)
        catalogue = {f"held out {i}": one for i, one in enumerate(held_out)}
        catalogue |= {f"open {i}": one for i, one in enumerate(melodies(half, held_out=False))}
        contours = {name: contour_of_notes(one.start_s, one.end_s, one.pitch) for name, one in catalogue.items()}
        index = MelodyIndex(contours)
        index.search(next(iter(contours.values())))  # the windows
        return {"melodies": len(index), "mib": _mib(index)} | _asked(index, held_out, 6 if quick else HUMS)


def melodies(n: int, *, held_out: bool) -> list[Melody]:
    """Give the melodies of songs of a minute, those that have one worth humming."""
    found: list[Melody] = []
    for song in corpus(100 * n, duration_s=60.0, seed=SEED, held_out=held_out):
        melody = melody_of(song)
        if len(melody) >= FEWEST:
            found.append(melody)
        if len(found) == n:
            break
    return found


def _asked(index: MelodyIndex, known: list[Melody], n: int) -> dict[str, float]:
    singers = [one for one in SINGERS if one.held_out]
    grams = {name: _grams(contour) for name, contour in zip(index.ids, index.contours, strict=True)}
    ranks, first, peer, whose, spent = [], [], [], [], []
    for number, place in enumerate(np.random.default_rng([SEED, 7]).permutation(len(known))[:n]):
        singer = singers[number % len(singers)]
        samples = hum(known[place], singer, np.random.default_rng([SEED, 8, number])).samples
        begin = process_time()
        contour = contour_of(pitch_of_voice(samples))
        found = index.search(contour)
        spent.append(process_time() - begin)
        name = f"held out {place}"
        ranks.append(next((rank for rank, one in enumerate(found) if one.id == name), np.inf))
        first.append([index.ids[row] for row in index.nearest_windows(contour, WARPED)[0]])
        first[-1] = first[-1].index(name) if name in first[-1] else np.inf
        mine = _grams(contour)
        shared = sorted(grams, key=lambda one: -sum((grams[one] & mine).values()))
        peer.append(shared.index(name))
        whose.append(singer.name)
    hits = np.array([rank < 10 for rank in ranks], dtype=np.float64)
    interval = bootstrap_mean(hits, rng=np.random.default_rng(SEED))
    numbers: dict[str, float] = {
        "hums": float(n),
        "top10": float(hits.mean()),
        "top10_low": interval.low,
        "top10_high": interval.high,
        "top1": float(np.mean([rank < 1 for rank in ranks])),
        "mrr": float(np.mean([1.0 / (1.0 + rank) for rank in ranks])),
        "first_stage": float(np.isfinite(first).mean()),
        "windows_top10": float(np.mean([rank < 10 for rank in first])),
        "intervals_top10": float(np.mean([rank < 10 for rank in peer])),
        "query_s": float(np.mean(spent)),
        "slowest_s": float(np.max(spent)),
    }
    for singer in dict.fromkeys(whose):
        numbers[f"top10_{singer.replace(' ', '_')}"] = float(hits[[one == singer for one in whose]].mean())
    return numbers


def _grams(contour: Any) -> Counter[tuple[int, ...]]:
    """Give runs of four intervals of a contour's notes, each as a step or a leap, up or down."""
    steps = np.rint(contour)
    edges = np.flatnonzero(np.diff(steps)) + 1
    parts = [part for part in np.split(contour, edges) if len(part) >= CONTOUR_RATE / 8]
    notes = np.array([np.median(part) for part in parts])
    moves = np.diff(notes)
    sizes = (np.sign(moves) * ((np.abs(moves) > 0.5).astype(int) + (np.abs(moves) > 2.5))).astype(int).tolist()
    return Counter(tuple(sizes[start : start + 4]) for start in range(len(sizes) - 3))


def _mib(index: MelodyIndex) -> float:
    return (sum(one.nbytes for one in index.contours) + index.window_bytes) / 2**20

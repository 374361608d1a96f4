"""Choose the few constants around the rhythm's network on songs of the third set, which it has not learnt.

``python -m benchmarks.training.rhythm_choices SONGS SEED`` prints, for values of each constant, what comes of it: the
``LEAST`` of attacks, the ``CALM`` of the tempo, ``HEARD`` and ``CHANGED`` of first beats (by logistic regression, where
the beats are right), the ``CALM`` of the metre. The half that is held out has no part in it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.training.rhythm_sounds import heard
from benchmarks.training.third_set import third_set
from ml.data.audio_files import resample
from ml.data.demo.sound import Truth, excerpts, render
from ml.features.audio.rhythm import bars, rhythm, tempo
from ml.features.audio.rhythm.bands import SHORT
from ml.features.audio.rhythm.inputs import pitch_levels
from ml.features.audio.rhythm.network import probability, trained
from ml.features.audio.rhythm.onsets import REACH, peaks, refined

RATE = 44_100
Values = NDArray[np.float64]


def f_measure(truth: Values, found: Values, window_s: float) -> float:
    """Give the F-measure of times, each matched with at most one.

    >>> f_measure(np.array([1.0, 2.0, 3.0]), np.array([1.01, 2.2]), 0.05)
    0.4
    """
    hits = i = j = 0
    while i < len(truth) and j < len(found):
        away = found[j] - truth[i]
        near = abs(away) <= window_s
        hits += near
        i, j = i + (near or away > 0), j + (near or away < 0)
    return 2.0 * hits / max(1, len(truth) + len(found))


def sounds(n: int, seed: int) -> Iterator[tuple[Truth, Any, Any]]:
    """Render songs of the third set and hear their bands."""
    with third_set():
        for song in excerpts(n, seed=seed):
            made = render(song, rate=RATE)
            yield made.truth, *heard(resample(made.samples.mean(axis=1), RATE, RATE // 2))


def main(n: int, seed: int) -> None:
    network = trained()
    attacks, tempi, beats = [], [], []
    for truth, mels, semitones in sounds(n, seed):
        activations = rhythm.hear(network, mels, semitones)
        log_tempo, log_metre, _ = rhythm.conclude(network, activations)
        attacks.append((truth.heard_onsets(), probability(activations.onset)))
        tempi.append((truth.tempo_bpm, log_tempo))
        found = rhythm.find_rhythm(mels, semitones, network).beats_s
        if f_measure(truth.beats_s, found, 0.07) > 0.8:
            changes = bars.standardised(bars.changes_at(found, pitch_levels(semitones)))
            beats.append((truth, found, bars.at(activations.downbeat, found), changes, log_metre))
    _attacks(attacks)
    _tempi(tempi)
    _first_beats(beats)


def _attacks(rows: list[tuple[Values, Any]]) -> None:
    for least in np.arange(0.2, 0.55, 0.05):
        scores = [f_measure(t, refined(p, peaks(p, least, REACH)) / SHORT.frames_per_s, 0.05) for t, p in rows]
        print(f"attacks, least {least:.2f}: F {np.mean(scores):.4f}", flush=True)


def _tempi(rows: list[tuple[float, Any]]) -> None:
    for calm in np.arange(0.25, 0.85, 0.05):
        best = [tempo.tempo_candidates(said, calm)[0] for _, said in rows]
        right = np.array([abs(one.bpm / true - 1) <= 0.04 for one, (true, _) in zip(best, rows, strict=True)])
        print(f"tempo, calm {calm:.2f}: {_judged(np.array([one.probability for one in best]), right)}", flush=True)


def _judged(sure: Values, right: NDArray[np.bool_]) -> str:
    classes = np.minimum((sure * 10).astype(int), 9)
    off = np.abs(np.bincount(classes, sure - right, 10)).sum() / len(sure)
    loss = -np.mean(np.log(np.where(right, sure, 1 - sure) + 1e-6))
    return f"right {right.mean():.3f}, sure {sure.mean():.3f}, calibration error {off:.3f}, log loss {loss:.4f}"


def _first_beats(rows: list[tuple[Truth, Values, Values, Values, Any]]) -> None:
    x = np.concatenate([np.stack([heard_, changes, np.ones(len(found))], 1) for _, found, heard_, changes, _ in rows])
    y = np.concatenate([np.abs(truth.downbeats_s[:, None] - found).min(0) <= 0.07 for truth, found, *_ in rows])
    sign = np.where(y, -1.0, 1.0)
    best = minimize(lambda w: np.logaddexp(0, sign * (x @ w)).mean() + 1e-4 * w @ w, np.zeros(3)).x
    print(f"first beats: heard {best[0]:.2f}, changed {best[1]:.2f}, bias {best[2]:.2f}", flush=True)
    for heard_by, changed in ((bars.HEARD, bars.CHANGED), (best[0], best[1])):
        odds = [heard_by * one[2] + changed * one[3] for one in rows]
        for calm in (1.0, 0.3, 0.25, 0.2, 0.15, 0.1):
            told = [bars.bars(one[1], said, one[4], calm) for one, said in zip(rows, odds, strict=True)]
            scores = [f_measure(one[0].downbeats_s, first, 0.07) for one, (first, _, _) in zip(rows, told, strict=True)]
            right = np.array([one[0].metre == name for one, (_, name, _) in zip(rows, told, strict=True)])
            sure = np.array([share for _, _, share in told])
            print(f"metre, {heard_by:.2f}, {changed:.2f}, calm {calm}: F {np.mean(scores):.4f}, {_judged(sure, right)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""The rhythm of rendered excerpts whose truth is known: tempo, beats, first beats, metre, onsets; beside librosa.

The 360 excerpts of `audio_hardness`: 12 s each, tempi evenly over 40 to 220 BPM, of the half of timbres and patterns
that is held out. Nothing was learnt from or tuned on that half: the network comes from `benchmarks/training`, which
draws from the open one. `AudioAnalyzer` hears them in stereo at 44.1 kHz, librosa's `beat_track` and `onset_detect`
with their defaults in mono at 22.05 kHz. `…_low` and `…_high` are the ends of 95 % bootstrap intervals.

`tempo_acc1` is the share of tempi within 4 % of the truth; `tempo_acc2` also takes double, half, triple and third.
`tempo_unsaid` is the share without a tempo, which counts as wrong. `tempo_ece` is the expected calibration error of
`tempo_confidence` over ten equal classes, `tempo_second` how often the truth is the first or second candidate.
`tempo_acc1_at_40_80` and the like are by true tempo, `tempo_acc1_drumless` of songs without drums.
`beat_f`, `downbeat_f` (70 ms) and `onset_f` (50 ms) are mean F-measures by `mir_eval`, over whole excerpts;
`beat_f_from_5s` leaves the first 5 s out, as `mir_eval` does by default. `beat_cmlt` asks for continuity, `beat_amlt`
also takes double, half and off-beat. `…_where_right` are of songs with the right tempo. `metre_accuracy` is of five.

`unrhythmic_said` is the share of 120 sounds without any rhythm (noises, talk-like babble, drones, notes and strokes at
random times, a sea, clicks) that get a tempo all the same; the last two kinds were never learnt. `rhythm_x` is what all
of it costs on one core, in times real time: bands, network, beats, of a minute of a song, without decoding and
resampling. librosa and `mir_eval` live in `.venv-peers`; without them there is a tempo, and no more.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.peer import PEERS, lacks
from benchmarks.target import Target
from benchmarks.training.unrhythmic import KINDS, UNHEARD, unrhythmic
from ml.audio_analysis import AudioAnalysis, AudioAnalyzer
from ml.data.audio_files import resample
from ml.data.demo.sound import Truth, corpus, excerpts, render
from ml.features.audio import Spectrograms
from ml.features.audio.rhythm import MelCollector, SemitoneCollector, find_rhythm
from ml.metrics.significance import bootstrap_mean

TARGETS = {
    "tempo_acc1": Target(at_least=0.85),
    "tempo_acc2": Target(at_least=0.97),
    "tempo_ece": Target(at_most=0.05),
    "beat_f": Target(at_least=0.95),
    "downbeat_f": Target(at_least=0.90),
    "onset_f": Target(at_least=0.95),
    "unrhythmic_said": Target(at_most=0.05),
}
SCRIPT = Path(__file__).parent / "peers" / "rhythm.py"
EXCERPTS, DURATION_S, RATE, OTHERS = 360, 12.0, 44_100, 120
TOLERANCE, FACTORS = 0.04, (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
BANDS = ((40, 80), (80, 140), (140, 220))
Values = NDArray[np.float64]


def run(quick: bool) -> dict[str, float]:
    n = EXCERPTS // 20 if quick else EXCERPTS
    reason = lacks("librosa") or lacks("mir_eval")
    if reason:
        print(f"librosa and mir_eval are left out: {reason}", flush=True)
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        path = Path(name) / "sounds.npy"
        truths, found, drums = _heard(n, path)
        numbers: dict[str, float] = {"excerpts": n, **_tempi(truths, found, drums)}
        if not reason:
            numbers |= _judged(path, truths, found)
        numbers |= {"unrhythmic_said": _said(12 if quick else OTHERS), "rhythm_x": _speed(1 if quick else 5)}
    return numbers


def _heard(n: int, path: Path) -> tuple[list[Truth], list[AudioAnalysis], NDArray[np.bool_]]:
    """Render and analyse the excerpts; write them, in mono, for the peers."""
    analyzer = AudioAnalyzer()
    truths, found, drums, sounds = [], [], [], []
    for song in excerpts(n, duration_s=DURATION_S, held_out=True):
        made = render(song, rate=RATE)
        truths.append(made.truth)
        found.append(analyzer.analyze((made.samples, RATE)))
        drums.append(bool(song.kit))
        sounds.append(resample(made.samples.mean(axis=1), RATE, RATE // 2))
    np.save(path, np.stack(sounds))
    return truths, found, np.array(drums)


def _tempi(truths: Sequence[Truth], found: Sequence[AudioAnalysis], drums: NDArray[np.bool_]) -> dict[str, float]:
    truth = np.array([one.tempo_bpm for one in truths])
    said = np.array([one.tempo_bpm or np.nan for one in found])
    sure = np.array([one.tempo_confidence or 0.0 for one in found])
    ranked = [[rival.bpm for rival in one.tempo_candidates[:2]] for one in found]
    second = [any(abs(bpm / true - 1) <= TOLERANCE for bpm in two) for two, true in zip(ranked, truth, strict=True)]
    right, near = _right(said, truth)
    numbers = {
        **_mean("tempo_acc1", right),
        "tempo_acc2": near.mean(),
        "tempo_second": np.mean(second),
        "tempo_unsaid": np.isnan(said).mean(),
        "tempo_ece": expected_calibration_error(sure, right),
        "tempo_confidence": sure.mean(),
        "metre_accuracy": np.mean([one.time_signature == t.metre for one, t in zip(found, truths, strict=True)]),
    }
    numbers |= _by_band("tempo_acc1", right, truth)
    if not drums.all():
        numbers["tempo_acc1_drumless"] = right[~drums].mean()
    return {name: float(value) for name, value in numbers.items()}


def _right(said: Values, truth: Values) -> tuple[Values, Values]:
    """Tell which tempi are right, and which are by some factor."""
    each = [np.abs(said / truth / factor - 1.0) <= TOLERANCE for factor in FACTORS]
    return each[0].astype(np.float64), np.any(each, axis=0).astype(np.float64)


def _mean(name: str, values: Values) -> dict[str, float]:
    interval = bootstrap_mean(values, rng=np.random.default_rng(0))
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _by_band(name: str, right: Values, truth: Values) -> dict[str, float]:
    return {
        f"{name}_at_{low}_{high}": float(right[(truth >= low) & (truth < high)].mean())
        for low, high in BANDS
        if ((truth >= low) & (truth < high)).any()
    }


def expected_calibration_error(sure: Values, right: Values, classes: int = 10) -> float:
    """Give how far confidence and accuracy are apart, over equal classes of confidence (Naeini et al., 2015).

    >>> round(expected_calibration_error(np.array([0.95, 0.95, 0.35]), np.array([1.0, 0.0, 0.0])), 3)
    0.417
    """
    place = np.minimum((sure * classes).astype(int), classes - 1)
    size = np.bincount(place, minlength=classes)
    apart = np.abs(np.bincount(place, sure, classes) - np.bincount(place, right, classes))
    return float(apart[size > 0].sum() / len(sure))


def _judged(path: Path, truths: Sequence[Truth], found: Sequence[AudioAnalysis]) -> dict[str, float]:
    rows = [
        {
            "truth": {
                "beats": truth.beats_s.tolist(),
                "downbeats": truth.downbeats_s.tolist(),
                "onsets": truth.heard_onsets().tolist(),
            },
            "ours": {"beats": one.beats or (), "downbeats": one.downbeats or (), "onsets": one.onsets or ()},
        }
        for truth, one in zip(truths, found, strict=True)
    ]
    known = path.with_name("known.json")
    known.write_text(json.dumps(rows), encoding="utf-8")
    command = [PEERS, SCRIPT, path, str(RATE // 2), known]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"})
    said: dict[str, Any] = json.loads(done.stdout)
    truth = np.array([one.tempo_bpm for one in truths])
    right, _ = _right(np.array([one.tempo_bpm or np.nan for one in found]), truth)
    numbers: dict[str, float] = {}
    for name, values in said["ours"].items():
        numbers |= _mean(name, np.array(values))
        numbers[f"{name}_where_right"] = float(np.array(values)[right == 1.0].mean()) if right.any() else 0.0
    theirs, near = _right(np.array(said["tempo_bpm"]), truth)
    numbers |= {**_mean("librosa_tempo_acc1", theirs), "librosa_tempo_acc2": float(near.mean())}
    return numbers | {f"librosa_{name}": float(np.mean(values)) for name, values in said["librosa"].items()}


def _said(n: int) -> float:
    """Give the share of sounds without a rhythm that get a tempo."""
    analyzer = AudioAnalyzer()
    return float(np.mean([analyzer.analyze((sound, RATE)).tempo_bpm is not None for sound in _others(n)]))


def _others(n: int) -> Iterator[NDArray[np.float32]]:
    kinds = (*KINDS, *UNHEARD)
    for i in range(n):
        rng = np.random.default_rng([5, i])
        yield unrhythmic(kinds[i % len(kinds)], DURATION_S, RATE, rng, held_out=True)


def _speed(rounds: int) -> float:
    """Give times real time of bands, network and beats on a minute of a song."""
    made = render(next(corpus(1, duration_s=60.0)), rate=RATE)
    samples = resample(made.samples.mean(axis=1), RATE, RATE // 2)
    taken = []
    for _ in range(rounds + 1):
        begin = process_time()
        mels, semitones = MelCollector(), SemitoneCollector()
        spectrograms = Spectrograms([mels, semitones])
        spectrograms.push(samples)
        spectrograms.finish()
        find_rhythm(mels.bands(), semitones.bands())
        taken.append(process_time() - begin)
    return 60.0 / min(taken)

"""How well sections, intro, outro, mix points and swing are heard, on rendered music that nothing was chosen on.

`ml.data.demo.sound` renders whole songs of 75, 120, 165 and 210 s (`corpus`) of the half that is held out, and says
where its sections lie; the same letter is the same kind of section. `mir_eval` judges, at the ends trimmed:
`boundary_f_0.5s` and `boundary_f_3s` count borders that are hit to half a second and to three, `pairwise_f` pairs of
moments that are rightly said to be of the same material; means over songs, with the 95 % bootstrap interval
(`…_low`, `…_high`). Where two verses follow each other, the truth has a border that no ear finds. `open_…` is the same
for other songs of the half on which the constants were chosen. `librosa_agglomerative_…` is librosa's
`segment.agglomerative` on its own beats, chroma and MFCC, which is told how many sections there are, each a letter of
its own; `librosa_laplacian_…` is the example of its manual (McFee and Ellis, 2014), told how many letters there are.

`intro_found` is the share of intros whose end is hit to 3 s, `intro_invented` that of songs without one which are said
to have one; `outro_…` likewise. `mix_in_on_bar` and `mix_out_on_bar` are the shares of songs whose mix points lie
within 70 ms of a true first beat; `mix_unsaid` is the share of songs without mix points.

`swing_within_10` is the share of excerpts of 20 s, in 4/4, 3/4 and 5/4, whose swing ratio is right to 10 %, of those
with the right tempo and a ratio (`swing_said`); `swing_median_off` the median error as a share; `swung_accuracy` how
often a ratio above 1.2 is told from one below 1.1. `microtiming_rank` is the rank correlation of `microtiming_ms` and
the true deviation of the players' hands. `structure_ms_per_minute` is the cost of sections, mix points, overview of the
waveform, groove and danceability on one core.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from threadpoolctl import threadpool_limits

from benchmarks.peer import PEERS, lacks
from benchmarks.target import Target
from ml.audio_analysis import AudioAnalysis, AudioAnalyzer
from ml.audio_analysis.hearing import hear
from ml.audio_analysis.structure import structure_of
from ml.data.audio_files import AudioReader
from ml.data.demo.sound import Song, Truth, corpus, excerpts, render
from ml.features.audio.chroma import chroma_of
from ml.features.audio.overview import OverviewMeter
from ml.features.audio.rhythm.groove import find_groove
from ml.metrics.significance import bootstrap_mean

TARGETS = {"structure_ms_per_minute": Target(at_most=35.0)}
LENGTHS_S, EACH, OPEN, EXCERPTS, RATE, SEED = (75.0, 120.0, 165.0, 210.0), 12, 4, 160, 22_050, 4_000
SCRIPT = Path(__file__).parent / "peers" / "structure.py"
NEAR_S, ON_BAR_S = 3.0, 0.07
#: How the names of what is told of librosa and of the open half end, behind ``_f``.
_WINDOWS = ("", "_0.5s", "_3s")


def run(quick: bool) -> dict[str, float]:
    each, some = (1, 1) if quick else (EACH, OPEN)
    reason = lacks("librosa") or lacks("mir_eval")
    with threadpool_limits(1):
        known = _heard(_songs(each, held_out=True))
        judged: dict[str, float] = {"songs": len(known)}
        if reason:
            print(f"sections are not judged: {reason}", flush=True)
        else:
            judged |= _judged(known)
            open_half = _judged(_heard(_songs(some, held_out=False)))
            judged |= {
                f"open_{name}": value for name, value in open_half.items() if name.rpartition("_f")[2] in _WINDOWS
            }
        return judged | _ends(known) | _mixing(known) | _swing(16 if quick else EXCERPTS) | _cost()


Told = tuple[Any, Truth, AudioAnalysis]


def _songs(each: int, *, held_out: bool) -> Iterator[Song]:
    return chain.from_iterable(
        corpus(each, duration_s=length, seed=SEED + i, held_out=held_out) for i, length in enumerate(LENGTHS_S)
    )


def _heard(songs: Iterator[Song]) -> list[Told]:
    analyzer, told = AudioAnalyzer(), []
    for song in songs:
        made = render(song, rate=RATE)
        mono = made.samples.mean(axis=1)
        told.append((mono, made.truth, analyzer.analyze((mono, RATE))))
    return told


def _judged(told: Sequence[Told]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        rows = []
        for i, (mono, truth, found) in enumerate(told):
            path = Path(name) / f"{i}.npy"
            np.save(path, mono)
            spans = {"truth": truth.sections, "ours": found.sections}
            sides = {
                side: {"edges": [0.0, *(one.end_s for one in these)], "labels": [one.label for one in these]}
                for side, these in spans.items()
            }
            rows.append({"sound": str(path), **sides})
        known = Path(name) / "known.json"
        known.write_text(json.dumps(rows), encoding="utf-8")
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run([PEERS, SCRIPT, known, str(RATE)], check=True, stdout=subprocess.PIPE, env=environment)
    numbers: dict[str, float] = {}
    scores = json.loads(done.stdout)
    for name, values in scores.pop("ours").items():
        interval = bootstrap_mean(np.array(values), rng=np.random.default_rng(0))
        numbers |= {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
    for peer, of_peer in scores.items():
        numbers |= {
            f"librosa_{peer}_{name}": float(np.mean(values))
            for name, values in of_peer.items()
            if name.rpartition("_f")[2] in _WINDOWS
        }
    return numbers


def _ends(told: Sequence[Told]) -> dict[str, float]:
    numbers = {}
    for name, place, side in (("intro", 0, "end_s"), ("outro", -1, "start_s")):
        found, invented = [], []
        for _, truth, one in told:
            section, said = truth.sections[place], one[f"{name}_{side.replace('_s', '')}_s"]
            if section.label == name:
                found.append(said is not None and abs(said - getattr(section, side)) < NEAR_S)
            else:
                invented.append(said is not None)
        numbers |= {f"{name}_found": float(np.mean(found)), f"{name}_invented": float(np.mean(invented or [0.0]))}
    return numbers


def _mixing(told: Sequence[Told]) -> dict[str, float]:
    said = [(truth.downbeats_s, one) for _, truth, one in told if one.mix_in_s is not None]
    numbers = {"mix_unsaid": 1.0 - len(said) / len(told)}
    for name in ("mix_in", "mix_out"):
        near = [np.abs(bars - one[f"{name}_s"]).min() <= ON_BAR_S for bars, one in said]
        numbers[f"{name}_on_bar"] = float(np.mean(near))
    return numbers


def _swing(n: int) -> dict[str, float]:
    analyzer, rows, hands, asked = AudioAnalyzer(), [], [], 0
    for song in excerpts(n, duration_s=20.0, seed=SEED, held_out=True):
        made = render(song, rate=RATE)
        found = analyzer.analyze((made.samples, RATE))
        right = found.tempo_bpm is not None and abs(found.tempo_bpm / made.truth.tempo_bpm - 1.0) <= 0.04
        if not right or song.metre not in {"4/4", "3/4", "5/4"} or found.groove is None:
            continue
        asked += 1
        if found.groove.microtiming_ms is not None:
            late = np.concatenate([song.hits.late_s, *(part.notes.late_s for part in song.parts)])
            hands.append((found.groove.microtiming_ms, late.std()))
        # A beat of three even parts is not swung by the truth, and is as if it were.
        if found.groove.swing_ratio is not None and song.pattern != "slow blues":
            rows.append((found.groove.swing_ratio, song.swing))
    said, true = np.array(rows).T
    off = np.abs(said / true - 1.0)
    clear = (true > 1.2) | (true < 1.1)
    return {
        "swing_excerpts": asked,
        "swing_said": len(rows) / asked,
        "swing_within_10": float((off <= 0.1).mean()),
        "swing_median_off": float(np.median(off)),
        "swung_accuracy": float(((said > 1.15) == (true > 1.15))[clear].mean()),
        "microtiming_rank": float(spearmanr(*np.array(hands).T).statistic),
    }


def _cost() -> dict[str, float]:
    """Give the least processor time of what structure and groove add to an analysis, for a minute of sound."""
    mono = render(next(corpus(1, duration_s=60.0)), rate=RATE).samples.mean(axis=1)
    with AudioReader((mono, RATE)) as reader:
        heard = hear(reader)
    chroma, rhythm = chroma_of(heard.pitches), heard.rhythm
    attack = np.zeros(len(heard.curves.rms) * 2, dtype=np.float32)
    attack[np.rint(rhythm.onsets_s * RATE / 256).astype(int)] = 1.0
    taken = []
    for _ in range(6):
        begin = process_time()
        structure_of(heard.curves, chroma, rhythm, 60.0)
        find_groove(attack, rhythm.onsets_s, rhythm.beats_s, rhythm.time_signature)
        meter = OverviewMeter()
        for start in range(0, len(mono), 2 * RATE):
            meter.push(mono[start : start + 2 * RATE])
        meter.overview()
        taken.append(process_time() - begin)
    return {"structure_ms_per_minute": 1000.0 * min(taken)}

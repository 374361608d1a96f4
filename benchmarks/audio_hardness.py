"""Whether the rendered sound that audio analysis is judged by is hard enough: librosa's tempo on it, and its cost.

360 excerpts of 12 s are drawn from the half of timbres and patterns that is held out, their tempi spread evenly over
40 to 220 BPM (`ml.data.demo.sound.excerpts`), and rendered at 44.1 kHz in stereo. `librosa.beat.beat_track` with its
defaults hears them in mono at 22.05 kHz, which is its own rate. `librosa_acc1` is the share of tempi within 4 % of the
truth, `…_low` and `…_high` the ends of its 95 % bootstrap interval; `librosa_acc2` also takes the double, the half, the
triple and the third; `librosa_doubled` and `librosa_halved` say which. `…_at_40_80` and the like are the first by
tempo, `…_drumless` for songs without drums. `open_…` is the same for 120 excerpts of the other half. The set is hard
enough if librosa is right about at most 60 %. How good an analyser of ours is, is another benchmark's matter.

`times_real_time` is the sound's length by the processor time of rendering it, on one core; `song_times_real_time` the
same for three whole songs of 3.5 min. librosa lives in `.venv-peers`, or where `ML_PEERS_PYTHON` says; without it its
rows are left out, with a word why.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly
from threadpoolctl import threadpool_limits

from benchmarks.peer import PEERS, lacks
from benchmarks.target import Target
from ml.data.demo.sound import Song, corpus, excerpts, render
from ml.metrics.significance import bootstrap_mean

TARGETS = {
    "librosa_acc1": Target(at_most=0.60),
    "excerpts": Target(at_least=300),
    "times_real_time": Target(at_least=20),
    "song_times_real_time": Target(at_least=20),
}
SCRIPT = Path(__file__).parent / "peers" / "tempo_librosa.py"
EXCERPTS, OPEN, DURATION_S, RATE = 360, 120, 12.0, 44_100
TOLERANCE = 0.04
BANDS = ((40, 80), (80, 140), (140, 220))


def run(quick: bool) -> dict[str, float]:
    reason = lacks("librosa")
    if reason:
        print(f"librosa is left out: {reason}", flush=True)
    numbers: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        for half, whole in (("", EXCERPTS), ("open_", OPEN)):
            n = whole // 20 if quick else whole
            songs = list(excerpts(n, duration_s=DURATION_S, held_out=not half))
            path = Path(name) / "sounds.npy"
            tempo, seconds = _written(songs, path)
            if not half:
                numbers |= {"excerpts": n, "times_real_time": n * DURATION_S / seconds, **_songs(quick)}
            if not reason:
                numbers |= _judged(f"{half}librosa", songs, tempo, _heard(path))
    return numbers


def _written(songs: Iterable[Song], path: Path) -> tuple[NDArray[np.float64], float]:
    """Render songs into one file; give their tempi and the processor seconds that rendering took."""
    tempo, sounds, seconds = [], [], 0.0
    for song in songs:
        begin = process_time()
        made = render(song, rate=RATE)
        seconds += process_time() - begin
        tempo.append(made.truth.tempo_bpm)
        sounds.append(resample_poly(made.samples.mean(axis=1), 1, 2).astype(np.float32))
    np.save(path, np.stack(sounds))
    return np.array(tempo), seconds


def _songs(quick: bool) -> dict[str, float]:
    count, length = (1, 60.0) if quick else (3, 210.0)
    songs = list(corpus(count, duration_s=length))
    begin = process_time()
    for song in songs:
        render(song, rate=RATE)
    return {"song_times_real_time": count * length / (process_time() - begin)}


def _heard(path: Path) -> NDArray[np.float64]:
    command = [PEERS, SCRIPT, path, str(RATE // 2)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"})
    return np.array(json.loads(done.stdout)["tempo_bpm"])


def _judged(prefix: str, songs: list[Song], truth: NDArray[np.float64], found: NDArray[np.float64]) -> dict[str, float]:
    ratio = found / truth
    near = {factor: np.abs(ratio / factor - 1.0) <= TOLERANCE for factor in (1.0, 2.0, 3.0, 1 / 2, 1 / 3)}
    right = near[1.0].astype(np.float64)
    interval = bootstrap_mean(right, rng=np.random.default_rng(0))
    drumless = np.array([not song.kit for song in songs])
    numbers = {
        f"{prefix}_acc1": right.mean(),
        f"{prefix}_acc1_low": interval.low,
        f"{prefix}_acc1_high": interval.high,
        f"{prefix}_acc2": np.any(list(near.values()), axis=0).mean(),
        f"{prefix}_doubled": near[2.0].mean(),
        f"{prefix}_halved": near[1 / 2].mean(),
    }
    for low, high in BANDS:
        numbers[f"{prefix}_acc1_at_{low}_{high}"] = right[(truth >= low) & (truth < high)].mean()
    if drumless.any():
        numbers[f"{prefix}_acc1_drumless"] = right[drumless].mean()
    return {name: float(value) for name, value in numbers.items()}

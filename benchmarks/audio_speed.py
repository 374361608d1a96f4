"""Audio analysis on one core, in times real time: 60 s originals of Emotify, 44.1 kHz stereo MP3.

Processor time of one thread on one core, the least of several rounds over all files, so that other work on the machine
counts little. `analyze_x` is all that `AudioAnalyzer.analyze` does so far, decoding included; `decode_x`, `inspect_x`,
`resample_x`, `spectra_x` and `loudness_x` are its stages alone (`decode_x` with a look at what is wrong with the
samples), `spectral_x` is decoding, resampling and spectra, without loudness. `clip_30s_ms` is an analysis of 30 s in
memory, and `first_call_s` what the very first one (of 60 s) takes in a fresh interpreter, imports included, by the
clock; `first_call_processor_s` is what it takes of the processor, whatever else runs. `stream_x` is the same 30 s by
`StreamAnalyzer` in chunks of 20 ms, with all updates.

`librosa_x` is what `analyze_x` does as far as librosa has calls for it, decoding included, one call a feature, as its
tutorials do: the spectral features, tuning, chroma freed of strokes (`decompose.hpss`, of our framing and with medians
as short as ours), onsets, tempo with beats, sections. It has none for loudness, first beats, metre, key, chords and
fingerprint, which ours computes beside. `times_librosa` is `analyze_x` over it; `times_librosa_plain` over the same
without `hpss` (`librosa_plain_x`), so that its chroma has all the drums in it.
`librosa_each_x` are the spectral features alone, `librosa_shared_x` these from one spectrogram;
`times_librosa_spectral` and `times_librosa_shared` are `spectral_x` over these, and `times_librosa_features` is
`spectra_x` over librosa's calls without decoding and resampling.
`ffmpeg_x` is `ffmpeg`'s ebur128 with true peak, decoding included, of one thread; `times_ffmpeg` is our decoding and
loudness over that, `lufs_off`, `range_off` and `peak_off` how far the two are apart at most, in LU and dB (ffmpeg
prints one digit). librosa lives in `.venv-peers`, which `make bench` makes; what is missing is not compared.

`soxr_x` and `polyphase_x` bring mono from 44,100 to 22,050 Hz; `…_edge_db` is what is left of a tone at 0.9 of the new
half rate, `…_alias_db` what is left of one at 1.2 of it.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peer import PEERS
from benchmarks.process import alone
from benchmarks.target import Target

TARGETS = {
    "analyze_x": Target(at_least=150),
    "clip_30s_ms": Target(at_most=250),
    "first_call_s": Target(at_most=2.0),
    "times_librosa": Target(at_least=5),
    "lufs_off": Target(at_most=0.1),
    "range_off": Target(at_most=1.0),
    "peak_off": Target(at_most=0.4),
}
ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).parent / "peers" / "audio_features.py"
DATA = Path(os.environ.get("ML_REALDATA") or ROOT.parent / "shared" / "data")
ROUNDS, ROUNDS_QUICK = 5, 1
RATE, ANALYSIS_RATE = 44_100, 22_050


def run(quick: bool) -> dict[str, float]:
    rounds = ROUNDS_QUICK if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        files = sorted(map(str, (DATA / "emotify" / "original").glob("*.mp3"))) or [made(Path(name))]
        files = files[:1] if quick else files
        numbers = alone(first_call, files[0]) | alone(ours, files, rounds)
        numbers.pop("peak_mib")
        numbers |= alone(resamplers, rounds)
        numbers |= librosa(files, rounds, numbers) if PEERS.exists() else missed(f"{PEERS}: `make bench` makes it")
        found = shutil.which("ffmpeg")
        numbers |= ffmpeg(found, files, rounds, numbers) if found else missed("ffmpeg: apt-get install ffmpeg")
    return {key: value for key, value in numbers.items() if not key.startswith("_") and key != "peak_mib"}


def missed(what: str) -> dict[str, float]:
    print(f"not compared, since missing: {what}", flush=True)
    return {}


def made(folder: Path) -> str:
    """Make a minute of a chord with noise, where the data set is absent."""
    import soundfile

    time_s = np.arange(60 * RATE) / RATE
    chord = sum(0.1 * np.sin(2 * np.pi * hz * time_s) for hz in (220.0, 277.18, 329.63))
    noise = np.random.default_rng(0).normal(0, 0.02, (len(time_s), 2))
    path = folder / "made.mp3"
    soundfile.write(path, noise + chord[:, np.newaxis], RATE)
    return str(path)


def one_core() -> None:
    from threadpoolctl import threadpool_limits

    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    threadpool_limits(1)


def first_call(file: str) -> dict[str, float]:
    code = f"""
import time
begin = time.perf_counter()
from ml.audio_analysis import AudioAnalyzer
AudioAnalyzer().analyze({file!r})
print(time.perf_counter() - begin, time.process_time())
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return dict(zip(("first_call_s", "first_call_processor_s"), map(float, done.stdout.split()), strict=True))


def ours(files: Sequence[str], rounds: int) -> dict[str, float]:
    """Time the whole analysis, and its stages on what the stage before gave."""
    one_core()
    from ml.audio_analysis import AudioAnalyzer
    from ml.audio_analysis.hearing import BLOCK_S, FRAMING
    from ml.data.audio_files import AudioReader, Resampler, load, mixed_down, resample
    from ml.data.audio_files.inspection import Inspector
    from ml.features.audio import CurveCollector, Spectrograms, spectral_curves
    from ml.features.audio.loudness import measure_loudness

    analyzer = AudioAnalyzer()
    signals = [load(file) for file in files]
    monos = [signal.mono() for signal in signals]
    slow = [resample(mono, signal.rate, FRAMING.rate) for mono, signal in zip(monos, signals, strict=True)]
    seconds = sum(signal.duration_s for signal in signals)

    def inspect() -> None:
        for signal in signals:
            Inspector(signal.rate, signal.n_channels, signal.source).push(signal.samples)

    def decode(file: str) -> None:
        with AudioReader(file) as reader:
            for _ in reader.blocks(BLOCK_S):
                pass

    def spectral(file: str) -> None:
        spectrograms = Spectrograms([CurveCollector(FRAMING)])
        with AudioReader(file) as reader:
            resampler = Resampler(reader.rate, FRAMING.rate)
            for block in reader.blocks(BLOCK_S):
                spectrograms.push(resampler.push(mixed_down(block)))
        spectrograms.push(resampler.finish())
        spectrograms.finish()

    stages: dict[str, Callable[[], Any]] = {
        "analyze": lambda: [analyzer.analyze(file) for file in files],
        "spectral": lambda: [spectral(file) for file in files],
        "decode": lambda: [decode(file) for file in files],
        "inspect": inspect,
        "resample": lambda: [resample(mono, RATE, FRAMING.rate) for mono in monos],
        "spectra": lambda: [spectral_curves(samples, FRAMING) for samples in slow],
        "loudness": lambda: [measure_loudness(signal.samples, signal.rate) for signal in signals],
    }
    numbers = {f"{name}_x": seconds / least(stage, rounds) for name, stage in stages.items()}
    half = (signals[0].samples[: 30 * RATE], RATE)
    numbers["clip_30s_ms"] = 1000 * least(lambda: analyzer.analyze(half), rounds)
    numbers["stream_x"] = 30.0 / least(lambda: streamed(half[0]), rounds)
    numbers["_seconds"] = seconds
    return numbers


def streamed(samples: Any) -> None:
    """Hear a sound in chunks of a fiftieth of a second."""
    from ml.audio_analysis import StreamAnalyzer

    stream = StreamAnalyzer(RATE, samples.shape[1])
    for begin in range(0, len(samples), RATE // 50):
        stream.push(samples[begin : begin + RATE // 50])
    stream.finish()


def least(function: Callable[[], Any], rounds: int) -> float:
    """Give the least processor seconds of some calls."""
    taken = []
    function()
    for _ in range(rounds):
        begin = time.process_time()
        function()
        taken.append(time.process_time() - begin)
    return min(taken)


def resamplers(rounds: int) -> dict[str, float]:
    """Compare two resamplers: time, what they leave of the treble, and what they let through from above."""
    one_core()
    from scipy.signal import resample_poly

    from ml.data.audio_files.resampling import resample

    ways: dict[str, Callable[[Any], Any]] = {
        "soxr": lambda samples: resample(samples, RATE, ANALYSIS_RATE),
        "polyphase": lambda samples: resample_poly(samples, 1, 2),
    }
    noise = np.random.default_rng(0).normal(0, 0.1, 60 * RATE).astype(np.float32)
    numbers = {f"{name}_x": 60 / least(lambda way=way: way(noise), rounds) for name, way in ways.items()}
    for label, share in (("edge", 0.9), ("alias", 1.2)):
        hz = share * ANALYSIS_RATE / 2
        tone = np.sin(2 * np.pi * hz * np.arange(RATE) / RATE).astype(np.float32)
        for name, way in ways.items():
            left = way(tone)[2000:-2000]
            numbers[f"{name}_{label}_db"] = float(10 * np.log10(2 * np.mean(np.square(left, dtype=np.float64))))
    return numbers


def librosa(files: Sequence[str], rounds: int, numbers: dict[str, float]) -> dict[str, float]:
    """Let librosa compute the same, on one core with one thread."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    command = ["taskset", "-c", "0", PEERS, SCRIPT, str(rounds), *files]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, **threads})
    theirs = json.loads(done.stdout)
    seconds = numbers["_seconds"]
    mine, whole = 1 / numbers["spectral_x"], 1 / numbers["analyze_x"]
    return {
        "librosa_x": seconds / theirs["harmonic_s"],
        "librosa_plain_x": seconds / theirs["music_s"],
        "times_librosa": theirs["harmonic_s"] / seconds / whole,
        "times_librosa_plain": theirs["music_s"] / seconds / whole,
        "librosa_shared_x": seconds / theirs["shared_s"],
        "librosa_each_x": seconds / theirs["each_s"],
        "librosa_first_call_s": theirs["first_s"],
        "times_librosa_spectral": theirs["each_s"] / seconds / mine,
        "times_librosa_shared": theirs["shared_s"] / seconds / mine,
        "times_librosa_features": (theirs["each_s"] - theirs["load_s"]) / seconds * numbers["spectra_x"],
    }


def ffmpeg(program: str, files: Sequence[str], rounds: int, numbers: dict[str, float]) -> dict[str, float]:
    """Let ffmpeg's ebur128 measure the same files."""
    from ml.audio_analysis import AudioAnalyzer

    command = ["taskset", "-c", "0", program, "-nostdin", "-threads", "1", "-filter_complex_threads", "1"]
    ebur128 = "ebur128=peak=true:framelog=verbose"
    taken, said = [], {}
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for file in files:
            line = [*command, "-i", file, "-filter_complex", ebur128, "-f", "null", "-"]
            said[file] = subprocess.run(line, check=True, capture_output=True, text=True).stderr
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    speed = numbers["_seconds"] / min(taken)
    mine = 1 / sum(1 / numbers[f"{stage}_x"] for stage in ("decode", "loudness"))
    off = {"lufs_off": 0.0, "range_off": 0.0, "peak_off": 0.0}
    for file, text in said.items():
        found = AudioAnalyzer().analyze(file)
        pairs = zip(
            off, (found.loudness_lufs, found.loudness_range_lu, found.true_peak_dbtp), summary(text), strict=True
        )
        for name, ours_, theirs in pairs:
            off[name] = max(off[name], abs(float(ours_ or 0.0) - theirs))
    return {"ffmpeg_x": speed, "times_ffmpeg": mine / speed, **off}


def summary(text: str) -> tuple[float, float, float]:
    """Read loudness, range and peak from what ffmpeg prints at the end.

    >>> summary("… Summary: Integrated loudness: I: -15.1 LUFS Loudness range: LRA: 7.7 LU True peak: Peak: -0.9 dBFS")
    (-15.1, 7.7, -0.9)
    """
    last = text.rpartition("Summary:")[2]
    patterns = (r"\bI:\s+(-?[\d.]+) LUFS", r"\bLRA:\s+([\d.]+) LU", r"\bPeak:\s+(-?[\d.]+) dBFS")
    loudness, spread, peak = (float(re.search(pattern, last).group(1)) for pattern in patterns)
    return loudness, spread, peak

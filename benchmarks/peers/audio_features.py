"""Compute librosa's features of files; run by the peers' interpreter, which knows nothing of `ml`.

``python audio_features.py REPETITIONS FILE...``: decoding to 22,050 Hz mono by `librosa.load`, then the features that
ours computes, each by its own call: the spectral ones from one shared spectrogram where the call takes one
(`…_shared_s`), and from the samples, as the tutorials do (`…_each_s`); then what else of an analysis librosa has a call
for, tuning, chroma, onsets, tempo with beats, and sections (`…_music_s`), and what the chroma is freed of strokes by
(`…_harmonic_s`). Processor seconds of all files, the least of the repetitions, go to standard output as JSON; `first_s`
is the wall time of the very first analysis, with the import.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

RATE, SIZE, HOP = 22_050, 2_048, 512
#: Of the pitches: frames, and medians along time and frequency by which what lasts is told from strokes.
LONG, LONG_HOP, MEDIANS, SECTIONS = 8_192, 2_048, (5, 9), 8


def shared(librosa: Any, samples: Any) -> list[Any]:
    import numpy as np

    of = librosa.feature
    magnitude = np.abs(librosa.stft(samples, n_fft=SIZE, hop_length=HOP))
    log_mel = librosa.power_to_db(of.melspectrogram(S=magnitude**2, sr=RATE))
    return [
        of.mfcc(S=log_mel, n_mfcc=20),
        of.spectral_centroid(S=magnitude, sr=RATE),
        of.spectral_bandwidth(S=magnitude, sr=RATE),
        of.spectral_rolloff(S=magnitude, sr=RATE),
        of.spectral_flatness(S=magnitude),
        of.spectral_contrast(S=magnitude, sr=RATE),
        librosa.onset.onset_strength(S=log_mel, sr=RATE),
        of.zero_crossing_rate(samples, frame_length=SIZE, hop_length=HOP),
        of.rms(S=magnitude, frame_length=SIZE),
    ]


def each(librosa: Any, samples: Any) -> list[Any]:
    of, common = librosa.feature, {"y": samples, "sr": RATE}
    return [
        of.melspectrogram(**common),
        of.mfcc(**common, n_mfcc=20),
        of.spectral_centroid(**common),
        of.spectral_bandwidth(**common),
        of.spectral_rolloff(**common),
        of.spectral_flatness(y=samples),
        of.spectral_contrast(**common),
        librosa.onset.onset_strength(**common),
        of.zero_crossing_rate(samples),
        of.rms(y=samples),
    ]


def harmonic(librosa: Any, samples: Any) -> Any:
    """Leave strokes out of a spectrogram of long frames, by medians as short as ours."""
    spectra = librosa.stft(samples, n_fft=LONG, hop_length=LONG_HOP)
    return librosa.decompose.hpss(spectra, kernel_size=MEDIANS)[0]


def music(librosa: Any, samples: Any) -> list[Any]:
    """Compute what is no spectral feature: chroma with all strokes in it."""
    common = {"y": samples, "sr": RATE}
    chroma = librosa.feature.chroma_stft(**common, n_fft=LONG, hop_length=LONG_HOP)
    return [
        librosa.estimate_tuning(**common),
        librosa.onset.onset_detect(**common),
        librosa.beat.beat_track(**common),
        librosa.segment.agglomerative(chroma, SECTIONS),
    ]


def main(repetitions: int, files: Sequence[str]) -> dict[str, float]:
    begin = time.perf_counter()
    import librosa

    each(librosa, librosa.load(files[0], sr=RATE)[0])
    first = time.perf_counter() - begin
    for part in (shared, harmonic, music):
        part(librosa, librosa.load(files[0], sr=RATE)[0])
    taken: dict[str, list[float]] = {"load": [], "shared": [], "each": [], "harmonic": [], "music": []}
    for _ in range(repetitions):
        sums = dict.fromkeys(taken, 0.0)
        for file in files:
            marks = [time.process_time()]
            samples, _ = librosa.load(file, sr=RATE)
            marks.append(time.process_time())
            for part in (shared, each, harmonic, music):
                part(librosa, samples)
                marks.append(time.process_time())
            for name, start, end in zip(taken, marks[:-1], marks[1:], strict=True):
                sums[name] += end - start
        for name, seconds in sums.items():
            taken[name].append(seconds)
    best = {name: min(seconds) for name, seconds in taken.items()}
    return {
        "first_s": first,
        "load_s": best["load"],
        "shared_s": best["load"] + best["shared"],
        "each_s": best["load"] + best["each"],
        "music_s": best["load"] + best["each"] + best["music"],
        "harmonic_s": best["load"] + best["each"] + best["music"] + best["harmonic"],
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2:])))

"""Fit the harmony's weights on rendered music, on the half that is not held out.

Three logistic regressions with a quadratic penalty, each by L-BFGS: chords of frames, keys of sounds, key or no key.
That a key's weights are the same for all twelve tonics, and a chord's for all roots, makes few songs suffice. How sure
the keys are is scaled such that it holds for progressions that were not fitted on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

from benchmarks.training.harmony_scales import cadences, scales
from benchmarks.training.harmony_toneless import toneless
from ml.audio_analysis.harmony.chords import (
    NONE,
    ChordWeights,
    chord_scores,
    in_falling_order,
    likeliest_path,
    smoothed,
)
from ml.audio_analysis.harmony.key import LEAST_CLASSES, Doubles, KeyWeights, evidence, tonality
from ml.audio_analysis.harmony.weights import FILE, HarmonyWeights, write
from ml.data.demo.sound import Song, Span, excerpts, progressions, render
from ml.data.demo.sound.harmony import NAMES, PROGRESSIONS
from ml.features.audio.chroma import Chroma, chroma_of, classes_sounding
from ml.features.audio.framing import Floats
from ml.features.audio.pitch import PITCH_FRAMING, pitches_of

#: Phrases in all keys, excerpts that begin anywhere, sounds without a key; frames apart that are fitted on.
ROUNDS, EXCERPTS, SCALES, CADENCES, TONELESS, STEP = 4, 96, 2, 2, 128, 4
CHORD_PENALTY, KEY_PENALTY, TONAL_PENALTY = 1e-4, 1e-3, 1e-3
_SAID = 108
_KINDS = {"maj": 0, "7": 0, "maj7": 0, "min": 12, "min7": 12}


class Example(NamedTuple):
    """A sound that is fitted on.

    Parameters
    ----------
    chroma : Chroma
    chords : tuple of Span
        Empty where they are not known, or where there is no music: then no frame has one.
    key : int
        -1 where there is none.
    group : int
        Of the progression.
    """

    chroma: Chroma
    chords: tuple[Span, ...]
    key: int
    group: int


def heard(samples: Floats) -> Chroma:
    """Give the chroma of a mono sound at 22,050 Hz."""
    return chroma_of(pitches_of(samples))


def examples() -> Iterator[Example]:
    """Render what is fitted on."""
    rate = PITCH_FRAMING.rate
    for song in (*(song for seed in range(ROUNDS) for song in progressions(seed)), *excerpts(EXCERPTS)):
        made = render(song, rate=rate)
        key = made.truth.key.tonic + 12 * (made.truth.key.mode == "minor")
        yield Example(heard(made.samples.mean(axis=1)), made.truth.chords, key, _progression(song))
    for song in progressions(seed=1):
        leads = tuple(part for part in song.parts if part.role == "lead" and len(part.notes))
        if leads and not song.kit:
            samples = render(replace(song, parts=leads), rate=rate).samples.mean(axis=1)
            key = song.keys[0].tonic + 12 * (song.keys[0].mode == "minor")
            yield Example(heard(samples), (), key, _progression(song))
    for tonic, mode, samples in scales(rounds=SCALES, rate=rate):
        yield Example(heard(samples), (), tonic + 12 * (mode == "minor"), -2)
    for tonic, mode, chords, samples in cadences(rounds=CADENCES, rate=rate):
        yield Example(heard(samples), tuple(chords), tonic + 12 * (mode == "minor"), -2)
    for samples in toneless(TONELESS, rate=rate):
        pitches = pitches_of(samples)
        if classes_sounding(pitches) >= LEAST_CLASSES:  # a single note is told without weights
            yield Example(chroma_of(pitches), (), -1, -1)


def _progression(song: Song) -> int:
    """Say which progression a song's chords are of; the first that has them all."""
    tonic, mode = song.keys[0].tonic, song.keys[0].mode
    played = {((chord.root - tonic) % 12, chord.quality) for chord in song.chords if chord.quality}
    fitting = (i for i, one in enumerate(PROGRESSIONS) if one.mode == mode and played <= set(one.parsed()))
    return next(fitting, len(PROGRESSIONS))


def chord_number(label: str) -> int:
    """Give the chord of a label, -1 where it is neither major nor minor nor none.

    >>> [chord_number(label) for label in ("C:maj7", "A:min", "N", "B:dim")]
    [0, 21, 24, -1]
    """
    if label == "N":
        return NONE
    root, _, quality = label.partition(":")
    return NAMES.index(root) + _KINDS[quality] if quality in _KINDS else -1


def truth_of_frames(example: Example) -> NDArray[np.intp]:
    """Give the chord of each frame, -1 where it is not known."""
    times = example.chroma.times_s()
    found = np.full(len(times), -1 if example.key >= 0 else NONE, dtype=np.intp)
    for span in example.chords:
        found[(times >= span.start_s) & (times < span.end_s)] = chord_number(span.label)
    return found


def fit_chords(found: Iterable[Example]) -> ChordWeights:
    """Fit the chords of frames."""
    features, truth = [], []
    for one in found:
        known = truth_of_frames(one)
        kept = np.flatnonzero(known >= 0)[::STEP]
        features.append(smoothed(one.chroma)[kept])
        truth.append(known[kept])
    joined = np.concatenate(features)
    registers = joined.reshape(len(joined), 3, 12)
    turned = np.stack([np.roll(registers, -root, axis=2).reshape(len(joined), -1) for root in range(12)], axis=1)
    even = in_falling_order(joined)
    wanted = np.eye(NONE + 1, dtype=np.float32)[np.concatenate(truth)]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        one = weights.astype(np.float32)
        scores = np.concatenate(
            [turned @ one[:36] + one[108], turned @ one[36:72] + one[109], (even @ one[72:108] + one[110])[:, None]],
            axis=1,
        )
        likely = log_softmax(scores, axis=1)
        off = (np.exp(likely) - wanted) / len(wanted)
        flat = turned.reshape(-1, 36)
        slope = [np.ascontiguousarray(off[:, part]).reshape(-1) @ flat for part in (slice(12), slice(12, 24))]
        biases = [off[:, :12].sum(), off[:, 12:24].sum(), off[:, NONE].sum()]
        gradient = np.concatenate([*slope, off[:, NONE] @ even, biases]).astype(np.float64)
        value = -float((likely * wanted).sum()) / len(wanted)
        return value + CHORD_PENALTY * float(weights @ weights), gradient + 2 * CHORD_PENALTY * weights

    best = _least(loss, 111).astype(np.float32)
    return ChordWeights(best[:36], best[36:72], best[72:108], best[108:])


def fit_key(found: list[Example], chords: ChordWeights) -> KeyWeights:
    """Fit keys, and whether there is one."""
    scores = [chord_scores(one.chroma, chords) for one in found]
    paths = [likeliest_path(one) for one in scores]
    key, group = np.array([one.key for one in found]), np.array([one.group for one in found])
    tonal = key >= 0
    said = np.stack([evidence(found[i].chroma, paths[i]) for i in np.flatnonzero(tonal)])
    apart = np.empty((len(said), 24))
    for one in np.unique(group[tonal]):
        left = group[tonal] == one
        apart[left] = _scores(said[left], _fit_keys(said[~left], key[tonal][~left]))
    right = np.arange(len(said)), key[tonal]
    sharpness = minimize_scalar(
        lambda by: -log_softmax(by * apart, axis=1)[right].mean(), bounds=(0.1, 10.0), method="bounded"
    ).x
    best = sharpness * _fit_keys(said, key[tonal])
    accuracy = float((apart.argmax(axis=1) == key[tonal]).mean())
    print(f"keys of progressions that were left out: {accuracy:.3f} right; sharpness {sharpness:.2f}", flush=True)
    marks = np.stack([tonality(found[i].chroma, scores[i], paths[i]) for i in range(len(found))])
    gate = _fit_tonal(marks, tonal)
    print(f"with a key or without: {float(((marks @ gate[:-1] + gate[-1] > 0) == tonal).mean()):.3f} right", flush=True)
    return KeyWeights(best[:_SAID], best[_SAID : 2 * _SAID], float(best[2 * _SAID]), gate[:-1], float(gate[-1]))


def _scores(said: Doubles, weights: Doubles) -> Doubles:
    return np.concatenate([said @ weights[:_SAID] + weights[2 * _SAID], said @ weights[_SAID : 2 * _SAID]], axis=1)


def _fit_keys(said: Doubles, key: NDArray[np.intp]) -> Doubles:
    wanted = np.eye(24)[key]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        likely = log_softmax(_scores(said, weights), axis=1)
        off = (np.exp(likely) - wanted) / len(key)
        slope = [np.einsum("nr,nrd->d", off[:, part], said) for part in (slice(12), slice(12, 24))]
        gradient = np.concatenate([*slope, [off[:, :12].sum()]])
        value = -float((likely * wanted).sum()) / len(key)
        return value + KEY_PENALTY * float(weights @ weights), gradient + 2 * KEY_PENALTY * weights

    return _least(loss, 2 * _SAID + 1)


def _fit_tonal(marks: Doubles, tonal: NDArray[np.bool_]) -> Doubles:
    """Fit whether there is a key; both sides weigh alike."""
    joined = np.concatenate([marks, np.ones((len(marks), 1))], axis=1)
    sign = np.where(tonal, 1.0, -1.0)
    share = np.where(tonal, 0.5 / tonal.sum(), 0.5 / (~tonal).sum())

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        margin = sign * (joined @ weights)
        slope = -(share * sign / (1.0 + np.exp(margin))) @ joined
        kept = weights * (np.arange(len(weights)) < len(weights) - 1)
        return float(share @ np.logaddexp(0.0, -margin)) + TONAL_PENALTY * float(
            kept @ kept
        ), slope + 2 * TONAL_PENALTY * kept

    return _least(loss, joined.shape[1])


def _least(loss: Callable[[Doubles], tuple[float, Doubles]], n: int) -> Doubles:
    found = minimize(loss, np.zeros(n), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x)


def main(path: Path = FILE) -> None:
    """Fit and write."""
    found = list(examples())
    chords = fit_chords(found)
    write(HarmonyWeights(chords, fit_key(found, chords)), path)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

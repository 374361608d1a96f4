"""Scales and cadences, made by a seed: sounds whose key is plain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.data.demo.sound import Span
from ml.data.demo.sound.harmony import label, nearest, voicing
from ml.features.audio.framing import Floats

#: Steps from the tonic, upwards; minor is natural, harmonic or melodic.
STEPS = {
    "major": ((0, 2, 4, 5, 7, 9, 11, 12),),
    "minor": ((0, 2, 3, 5, 7, 8, 10, 12), (0, 2, 3, 5, 7, 8, 11, 12), (0, 2, 3, 5, 7, 9, 11, 12)),
}

#: Chords as semitones above the tonic and quality; they begin with the tonic's.
CADENCES = {
    "major": (
        ((0, "maj"), (5, "maj"), (7, "maj"), (0, "maj")),
        ((0, "maj"), (2, "min"), (7, "maj"), (0, "maj")),
        ((0, "maj"), (9, "min"), (5, "maj"), (7, "maj"), (0, "maj")),
        ((0, "maj"),),
    ),
    "minor": (
        ((0, "min"), (5, "min"), (7, "maj"), (0, "min")),
        ((0, "min"), (8, "maj"), (7, "min"), (0, "min")),
        ((0, "min"), (3, "maj"), (5, "min"), (7, "maj"), (0, "min")),
        ((0, "min"),),
    ),
}


def scales(*, seed: int = 0, rounds: int = 1, rate: int = 22_050) -> Iterator[tuple[int, str, Floats]]:
    """Make scales in all 24 keys, of one to eight partials, off A = 440 Hz by up to 45 cents.

    Yields
    ------
    int, str, float32 [shape=(n_samples,)]
        Tonic, mode and sound.
    """
    for turn in range(rounds):
        for tonic in range(12):
            for mode, ways in STEPS.items():
                rng = np.random.default_rng([seed, 8, turn, tonic, mode == "minor"])
                up = list(ways[rng.integers(len(ways))])
                steps = up + up[-2::-1] if rng.random() < 0.7 else up
                pitches = tonic + 12 * int(rng.integers(4, 7)) + rng.uniform(-0.45, 0.45) + np.array(steps)
                yield tonic, mode, played(pitches, rng.uniform(0.2, 0.8), int(rng.integers(1, 9)), rate)


def cadences(*, seed: int = 0, rounds: int = 1, rate: int = 22_050) -> Iterator[tuple[int, str, list[Span], Floats]]:
    """Make cadences of plain triads in all 24 keys, of one to eight partials, off A = 440 Hz by up to 45 cents.

    Yields
    ------
    int, str, list of Span, float32 [shape=(n_samples,)]
        Tonic, mode, chords and sound.
    """
    for turn in range(rounds):
        for tonic in range(12):
            for mode, ways in CADENCES.items():
                rng = np.random.default_rng([seed, 9, turn, tonic, mode == "minor"])
                note_s, partials, cents = rng.uniform(0.6, 2.0), int(rng.integers(1, 9)), rng.uniform(-0.45, 0.45)
                chords, sounds = [], []
                for place, (step, quality) in enumerate(ways[rng.integers(len(ways))]):
                    root = tonic + step
                    chords.append(Span(place * note_s, (place + 1) * note_s, label(root, quality)))
                    pitches = [nearest(root % 12, 43), *voicing(root, quality, int(rng.integers(58, 68)))]
                    sounds.append(
                        np.sum([played(np.array([one + cents]), note_s, partials, rate) for one in pitches], axis=0)
                    )
                yield tonic, mode, chords, np.asarray(np.concatenate(sounds) / 4, dtype=np.float32)


def played(pitches: NDArray[np.float64], note_s: float, partials: int, rate: int) -> Floats:
    """Play notes one after the other, MIDI numbers, each with falling partials and soft edges."""
    time = np.arange(round(note_s * rate)) / rate
    envelope = np.minimum(1.0, np.minimum(time, note_s - time) / 0.02)
    notes = []
    for pitch in pitches:
        hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
        notes.append(envelope * np.sum([np.sin(2 * np.pi * hz * k * time) / k for k in range(1, partials + 1)], axis=0))
    return (0.2 * np.concatenate(notes)).astype(np.float32)

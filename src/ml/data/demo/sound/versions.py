"""The same song by somebody else: other instruments, another key, another tempo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ml.data.demo.sound.drums import KITS
from ml.data.demo.sound.production import draw_production
from ml.data.demo.sound.song import Part, Song
from ml.data.demo.sound.tempo import TempoCurve
from ml.data.demo.sound.timbres import TIMBRES, playing

#: Drums leave before the melody does.
WITHOUT_DRUMS = 0.3


def another_version(
    song: Song, rng: np.random.Generator, *, semitones: int | None = None, tempo_ratio: float | None = None
) -> Song:
    """Draw another version of a song: chords, melody, form and metre stay.

    Parameters
    ----------
    song : Song
    rng : numpy.random.Generator
    semitones : int in [-6, 6], optional
        How much higher; drawn where it is not given.
    tempo_ratio : float > 0, optional
        How much faster; between 0.85 and 1.18 where it is not given.

    Returns
    -------
    Song
        Of the same half of the timbres.
    """
    up = int(rng.integers(-5, 7)) if semitones is None else semitones
    faster = float(np.exp(rng.uniform(-0.163, 0.163))) if tempo_ratio is None else tempo_ratio
    keep_drums = bool(song.kit) and rng.random() >= WITHOUT_DRUMS
    kits = [name for name, kit in KITS.items() if kit.held_out is song.held_out and name != song.kit]
    character = {name: float(rng.random()) for name in ("energy", "acousticness", "valence")}
    return replace(
        song,
        tempo=TempoCurve(song.tempo.beats, song.tempo.bpm * faster),
        keys=tuple(replace(key, tonic=(key.tonic + up) % 12) for key in song.keys),
        chords=tuple(replace(chord, root=(chord.root + up) % 12) for chord in song.chords),
        parts=tuple(_taken_over(part, up, song, rng) for part in song.parts),
        pattern=song.pattern if keep_drums else "",
        kit=kits[int(rng.integers(len(kits)))] if keep_drums else "",
        hits=song.hits if keep_drums else song.hits.none(),
        cents=float(rng.uniform(-25.0, 25.0)),
        production=draw_production(rng, **character),
        begin_s=song.begin_s / faster,
        duration_s=song.duration_s / faster,
        seed=int(rng.integers(2**32)),
    )


def _taken_over(part: Part, up: int, song: Song, rng: np.random.Generator) -> Part:
    """Give a part to another instrument, in its own octave."""
    role = part.role
    if role == "lead" and rng.random() < 0.5:
        role = "voice"
    names = [name for name in playing(role, held_out=song.held_out) if name != part.timbre]
    timbre = names[int(rng.integers(len(names)))]
    octaves = round((TIMBRES[timbre].centre - TIMBRES[part.timbre].centre - up) / 12)
    notes = replace(part.notes, pitch=part.notes.pitch + up + 12 * octaves)
    return replace(part, timbre=timbre, notes=notes, pan=float(rng.uniform(-0.4, 0.4)))

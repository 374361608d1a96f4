"""Sounds to learn the rhythm from: songs of the open half with more patterns, and sounds without a rhythm.

``python -m benchmarks.training.rhythm_sounds FOLDER SONGS OTHERS SEED`` writes what the network hears of each, and the
truth, in files of 100. Only bands are kept, no audio.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training.rhythm_patterns import mixed
from benchmarks.training.unrhythmic import KINDS, unrhythmic
from ml.data.demo.sound import Brief, draw_song, render
from ml.data.demo.sound.feel import _DRUMLESS
from ml.data.demo.sound.patterns import PATTERNS
from ml.features.audio import Spectrograms
from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import LONG, MelCollector, SemitoneCollector

RATE, SECONDS, PER_FILE = LONG.rate, 12.0, 100
METRES = ("4/4", "3/4", "6/8", "5/4", "7/8")


def heard(samples: Floats) -> tuple[Floats, Floats]:
    """Give mel bands and semitones of a mono sound."""
    mels, semitones = MelCollector(), SemitoneCollector()
    spectrograms = Spectrograms([mels, semitones])
    spectrograms.push(samples)
    spectrograms.finish()
    return mels.bands(), semitones.bands()


def song_row(i: int, seed: int, *, held_out: bool = False) -> dict[str, Any]:
    """Draw, render and hear one song."""
    rng = np.random.default_rng([seed, 77, i])
    tempo = float(np.exp(rng.uniform(np.log(40), np.log(220)))) if rng.random() < 0.5 else float(rng.uniform(40, 220))
    metre = str(rng.choice(METRES[1:])) if rng.random() < 0.12 else None
    if metre == "7/8":
        tempo = float(rng.uniform(140, 220))
    drums = None
    if metre is not None and not any(
        p.metre == metre and p.held_out is held_out and p.slow <= tempo <= p.fast for p in PATTERNS.values()
    ):
        metre = None
    if metre is not None and (metre not in _DRUMLESS or not _DRUMLESS[metre][0] <= tempo <= _DRUMLESS[metre][1]):
        drums = True
    song = draw_song(rng, Brief(duration_s=SECONDS, tempo_bpm=tempo, metre=metre, drums=drums), held_out=held_out)
    made = render(song, rate=RATE)
    mels, semitones = heard(made.samples.mean(axis=1))
    truth = made.truth
    return {
        "mels": np.log(mels + 1e-12).astype(np.float16), "semitones": np.log(semitones + 1e-9).astype(np.float16),
        "tempo": truth.tempo_bpm, "metre": METRES.index(truth.metre), "beats": truth.beats_s,
        "positions": truth.positions, "onsets": truth.heard_onsets(), "drums": bool(song.kit), "pattern": song.pattern,
    }  # fmt: skip


def other_row(i: int, seed: int) -> dict[str, Any]:
    """Make and hear one sound without a rhythm."""
    rng = np.random.default_rng([seed, 78, i])
    kind = KINDS[i % len(KINDS)]
    mels, semitones = heard(unrhythmic(kind, SECONDS, RATE, rng))
    none = np.zeros(0)
    return {
        "mels": np.log(mels + 1e-12).astype(np.float16), "semitones": np.log(semitones + 1e-9).astype(np.float16),
        "tempo": 0.0, "metre": -1, "beats": none, "positions": none, "onsets": none, "drums": False, "pattern": kind,
    }  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as arrays by name and number."""
    np.savez(path, **{f"{i}.{name}": np.asarray(value) for i, row in enumerate(rows) for name, value in row.items()})


def read(folder: str) -> dict[str, list[Any]]:
    """Give what was written, by name."""
    rows: dict[str, list[Any]] = {}
    for path in sorted(Path(folder).glob("*.npz")):
        with np.load(path) as stored:
            for name in stored.files:
                value = stored[name]
                rows.setdefault(name.partition(".")[2], []).append(value if value.ndim else value.item())
    return rows


def main(folder: str, songs: int, others: int, seed: int) -> None:
    PATTERNS.update(mixed(600, np.random.default_rng([seed, 79])))
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    every = max(1, round((songs + others) / max(1, others)))
    rows: list[dict[str, Any]] = []
    n_other = n_song = 0
    for i in range(songs + others):
        if i % every == every - 1 and n_other < others:
            rows.append(other_row(n_other, seed))
            n_other += 1
        else:
            rows.append(song_row(n_song, seed))
            n_song += 1
        if len(rows) == PER_FILE or i == songs + others - 1:
            write(path / f"{seed}_{i:06}.npz", rows)
            rows = []


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))

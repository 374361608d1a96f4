"""Music whose truth is known, scanned and brought into the catalogue of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from ml.audio_analysis.hands.work import do
from ml.data.demo.sound import Brief, Truth, draw_song, render

RATE = 44_100


@dataclass(frozen=True)
class Music:
    """A folder with a song, a tone that no browser plays as it is, and a sound that is no item."""

    folder: Path
    truth: Truth
    song: str
    tone: str
    nameless: str


class Here:
    """Does jobs in this process: no other has to start."""

    width = 1

    def submit(self, job):
        from concurrent.futures import Future

        done = Future()
        done.set_result(do(job))
        return done


def tone(seconds, frequency_hz, rate=RATE):
    return 0.2 * np.sin(2 * np.pi * frequency_hz * np.arange(int(seconds * rate)) / rate)


def bring_music(app, folder):
    """Write three files, import two of them, scan all."""
    folder.mkdir()
    brief = Brief(duration_s=12.0, tempo_bpm=126.0, metre="4/4", drums=True, noise_db=40.0)
    made = render(draw_song(np.random.default_rng(8), brief), rate=RATE)
    soundfile.write(folder / "A Song.wav", made.samples, RATE, subtype="PCM_16")
    soundfile.write(folder / "A Tone.aiff", tone(2.0, 440.0), RATE)
    app.import_path(folder)
    soundfile.write(folder / "Nobody's.flac", tone(2.0, 330.0), RATE)
    app.audio_library.scan(folder, hands=Here())
    found = {Path(each.path).stem: each for each in app.audio_library.tracks()}
    ids = [f"file:{found[name].content_hash}" for name in ("A Song", "A Tone", "Nobody's")]
    return Music(folder, made.truth, *ids)

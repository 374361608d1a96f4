from collections.abc import Callable

import numpy as np
import pytest

from ml.data.demo.sound.song import Chord, Hits, KeySpan, Notes, Part, Production, Section, Song
from ml.data.demo.sound.tempo import steady

Plain = Callable[..., Song]


@pytest.fixture(scope="session")
def dry() -> Production:
    """No room, no noise, no loudness that a limiter would have to work for."""
    return Production(
        room_s=0.3,
        damping_hz=5000.0,
        wet=0.0,
        pump=0.0,
        noise="hiss",
        noise_db=float("inf"),
        tilt_db=0.0,
        band_hz=(25.0, 20_000.0),
        loudness_lufs=-30.0,
        hot=0.0,
    )


@pytest.fixture(scope="session")
def plain(dry: Production) -> Plain:
    """Make a song of a second a beat from a test's rows: notes are beat, length, pitch; strokes beat, drum."""

    def make(
        *,
        notes: list[tuple[float, float, float]] | None = None,
        strokes: list[tuple[float, int]] | None = None,
        timbre: str = "organ",
        kit: str = "studio",
        cents: float = 0.0,
        seconds: float = 8.0,
    ) -> Song:
        parts = ()
        if notes:
            beat, beats, pitch = (np.array(column, dtype=np.float64) for column in zip(*notes, strict=True))
            played = Notes(beat, beats, pitch, np.ones(len(beat)), np.zeros(len(beat)))
            parts = (Part("lead", timbre, played, 0.0, 0.0, 0.0, 0.0),)
        hits = Hits.none()
        if strokes:
            beat, drum = (np.array(column) for column in zip(*strokes, strict=True))
            hits = Hits(beat.astype(np.float64), drum.astype(np.int8), np.ones(len(beat)), np.zeros(len(beat)))
        bars = int(np.ceil(seconds / 4))
        return Song(
            metre="4/4",
            tempo=steady(60.0, 4.0 * bars),
            swing=1.0,
            pattern="",
            keys=(KeySpan(0.0, 0, "major"),),
            chords=(Chord(0.0, 4.0 * bars, 0, "maj"),),
            sections=(Section("verse", 0, bars, 1.0, frozenset({"lead", "drums"})),),
            parts=parts,
            kit=kit if strokes else "",
            hits=hits,
            drums_db=0.0,
            cents=cents,
            production=dry,
            begin_s=0.0,
            duration_s=seconds,
            held_out=False,
            seed=1,
        )

    return make

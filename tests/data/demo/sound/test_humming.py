"""People who hum."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.demo.sound import SINGERS, Melody, corpus, hum, melody_of, render
from ml.features.audio.melody import pitch_of_voice
from ml.foundation.errors import BadInput


@pytest.fixture(scope="module")
def melody():
    return next(one for song in corpus(9, duration_s=60.0, seed=5) if len(one := melody_of(song)) >= 20)


def exact(singer):
    none = dict.fromkeys(
        ("off_cents", "drift_cents", "wrong", "left_out", "added", "hurry", "sway", "scoop_cents"), 0.0
    )
    return replace(singer, **none, vibrato_cents=0.0)


def test_the_same_seed_hums_the_same(melody):
    one, again, other = (hum(melody, SINGERS[0], np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.samples, again.samples)
    assert not np.array_equal(one.sung.pitch, other.sung.pitch) or one.start_s != other.start_s
    assert 0 < np.abs(one.samples).max() <= 1


def test_a_melody_is_known_without_rendering():
    song = next(one for one in corpus(9, duration_s=8.0, seed=6) if len(melody_of(one)))
    rendered = render(song, rate=22_050).truth.melody
    assert melody_of(song, 22_050).pitch.tolist() == rendered.pitch.tolist()


@pytest.mark.parametrize("singer", SINGERS, ids=lambda one: one.name)
def test_who_makes_no_mistakes_hums_what_is_written(melody, singer):
    found = hum(melody, exact(singer), np.random.default_rng(4))
    first = int(np.searchsorted(melody.start_s, found.start_s))
    written = melody.pitch[first : first + len(found.sung)]
    assert found.sung.pitch == pytest.approx(written + found.semitones)
    assert found.faster == 1.0
    track = pitch_of_voice(found.samples)
    time = np.arange(len(track.pitch)) / track.frames_per_s
    right = []
    for begin, end, pitch in zip(found.sung.start_s, found.sung.end_s, found.sung.pitch, strict=True):
        inside = (time > begin + 0.12) & (time < end - 0.03)
        right.extend((np.abs(track.pitch[inside] - pitch) < 0.7).tolist())
    assert np.mean(right) > 0.9


def test_singers_differ_between_the_halves():
    assert sum(one.held_out for one in SINGERS) == len(SINGERS) / 2
    assert len({one.name for one in SINGERS}) == len(SINGERS)


def test_nobody_hums_three_notes(melody):
    short = Melody(melody.start_s[:3], melody.end_s[:3], melody.pitch[:3], melody.f0_hz[:3])
    with pytest.raises(BadInput, match="3 notes"):
        hum(short, SINGERS[0], np.random.default_rng(0))

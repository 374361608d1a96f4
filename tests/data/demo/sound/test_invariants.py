"""What holds of every song, whatever the seed."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.demo.sound import Brief, Rendered, draw_song, render
from ml.data.demo.sound.harmony import SCALES
from ml.data.demo.sound.song import METRES, Song
from ml.data.demo.sound.truth import Span
from ml.foundation.errors import BadInput

RATE = 11_025
LABEL = re.compile(r"N|[A-G]b?:(maj|min|7|maj7|min7|dim|hdim7|sus4)")


def tiled(spans: tuple[Span, ...], end: float) -> bool:
    starts, ends = [one[0] for one in spans], [one[1] for one in spans]
    return starts[0] == 0 and ends[-1] == pytest.approx(end) and starts[1:] == ends[:-1]


def holds(song: Song, made: Rendered) -> None:
    truth = made.truth
    n = len(made.samples)
    assert made.samples.shape == (round(song.duration_s * RATE), 2)
    assert made.samples.dtype == np.float32
    assert np.isfinite(made.samples).all()
    assert 0 < np.abs(made.samples).max() <= 1
    assert (np.diff(truth.beats_s) > 0).all()
    assert set(truth.downbeats_s) <= set(truth.beats_s)
    assert ((truth.positions >= 1) & (truth.positions <= METRES[truth.metre])).all()
    assert (np.diff(truth.positions) % METRES[truth.metre] == 1 % METRES[truth.metre]).all()
    # Tempo and beats say the same.
    assert np.allclose(60 / np.diff(truth.beats_s), (truth.bpm[1:] + truth.bpm[:-1]) / 2, rtol=1e-3)
    assert 40 * 0.98 <= truth.tempo_bpm <= 220 * 1.02
    assert tiled(truth.chords, song.duration_s)
    assert tiled(truth.sections, song.duration_s)
    assert tiled(truth.keys, song.duration_s)
    assert all(LABEL.fullmatch(chord.label) for chord in truth.chords)
    onsets = truth.onsets
    assert (np.diff(onsets.sample) >= 0).all()
    assert ((onsets.sample >= 0) & (onsets.sample < n)).all()
    assert (onsets.level_db <= 0).all()
    heard = truth.heard_onsets()
    assert set(heard) <= set(onsets.time_s)
    assert (np.diff(heard) > 0.03).all()
    melody = truth.melody
    assert (melody.end_s > melody.start_s).all()
    assert np.allclose(melody.f0_hz, 440 * 2 ** ((melody.pitch - 69) / 12 + truth.cents / 1200))
    assert all(span.end_s > span.start_s for span in truth.sung)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_of_an_excerpt(seed: int, held_out: bool) -> None:
    song = draw_song(np.random.default_rng(seed), Brief(duration_s=6.0), held_out=held_out)
    holds(song, render(song, rate=RATE))


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.floats(1.0, 90.0))
def test_of_a_whole_song(seed: int, duration_s: float) -> None:
    song = draw_song(np.random.default_rng(seed), Brief(duration_s=duration_s, form="song"))
    holds(song, render(song, rate=RATE))


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.booleans(), st.floats(40, 220), st.sampled_from(list(METRES)), st.booleans())
def test_a_brief_is_kept(seed: int, held_out: bool, tempo: float, metre: str, drums: bool) -> None:
    brief = Brief(tempo_bpm=tempo, metre=metre, tonic=seed % 12, mode="minor", drums=drums, cents=10.0, duration_s=9.0)
    song = draw_song(np.random.default_rng(seed), brief, held_out=held_out)
    assert song.metre == metre
    assert abs(float(song.tempo.bpm_at(np.array([4.0]))[0]) / tempo - 1) <= 0.02 + 1e-9
    assert {(key.tonic, key.mode) for key in song.keys} == {(seed % 12, "minor")}
    assert song.cents == 10.0
    # A metre that no pattern has at this tempo is played without drums.
    assert bool(song.kit) == bool(song.pattern) == bool(len(song.hits))
    assert drums or not song.kit
    end = float(song.tempo.seconds(np.array([float(song.beats)]))[0])
    assert end >= song.begin_s + song.duration_s, "the music lasts until the end"


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_melodies_stay_in_the_key_or_in_the_chord(seed: int) -> None:
    song = draw_song(np.random.default_rng(seed), Brief(lead=True, duration_s=20.0, form="phrase"))
    key = song.keys[0]
    lead = next(part for part in song.parts if part.role == "lead")
    inside = np.isin((lead.notes.pitch - key.tonic) % 12, SCALES[key.mode])
    # A chord from outside the key lends its tones to what is strong.
    assert inside.mean() > 0.5


@pytest.mark.parametrize(
    ("brief", "message"),
    [
        (Brief(tempo_bpm=20.0), "20 BPM"),
        (Brief(metre="9/8"), "9/8"),
        (Brief(mode="dorian"), "dorian"),
        (Brief(tonic=12), "tonic 12"),
        (Brief(duration_s=0.5), "0.5 s"),
        (Brief(duration_s=float("nan")), "nan s"),
        (Brief(form="symphony"), "symphony"),
        (Brief(energy=1.5), "energy"),
    ],
)
def test_what_no_song_can_be_is_refused(brief: Brief, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        draw_song(np.random.default_rng(0), brief)

"""One vector for a track: what changes it, and what does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.demo.sound import Brief, draw_song, render
from ml.features.audio import CurveCollector, Framing, Spectrograms
from ml.features.audio.chroma import chroma_of
from ml.features.audio.embedding import BLOCKS, SIZE, track_embedding
from ml.features.audio.embedding.fluctuation import EDGES_HZ, fluctuation
from ml.features.audio.pitch import PitchCollector
from ml.features.audio.rhythm import MelCollector, SemitoneCollector, find_rhythm

RATE = 22_050


def embed(samples):
    curves, pitches, mels, semitones = CurveCollector(Framing()), PitchCollector(), MelCollector(), SemitoneCollector()
    spectrograms = Spectrograms([curves, pitches, mels, semitones])
    spectrograms.push(np.asarray(samples, dtype=np.float32))
    spectrograms.finish()
    rhythm = find_rhythm(mels.bands(), semitones.bands())
    return track_embedding(curves.curves(), chroma_of(pitches.curves()), rhythm)


@pytest.fixture(scope="module")
def song():
    brief = Brief(duration_s=8.0, tempo_bpm=100.0)
    return render(draw_song(np.random.default_rng(3), brief), rate=RATE).samples.mean(axis=1).astype(np.float32)


@pytest.mark.parametrize("samples", [np.zeros(3 * RATE), np.zeros(1), np.ones(RATE // 4), np.zeros(0)])
def test_silence_and_scraps_have_no_vector(samples):
    assert embed(samples) is None


def test_it_is_finite_and_as_long_as_it_says(song):
    found = embed(song)
    assert found.shape == (SIZE,)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert sum(place.stop - place.start for place in BLOCKS.values()) == SIZE


@settings(max_examples=5)
@given(st.floats(0.25, 1.5))
def test_gain_does_not_change_it(gain):
    brief = Brief(duration_s=4.0)
    made = render(draw_song(np.random.default_rng(1), brief), rate=RATE).samples.mean(axis=1).astype(np.float32)
    assert embed(made * gain) == pytest.approx(embed(made), abs=0.3)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(RATE, 2 * RATE))
def test_whatever_sounds_has_finite_numbers(seed, length):
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 0.1, length) * (rng.random() < 0.5) + 0.1 * np.sin(rng.uniform(0.01, 1) * np.arange(length))
    found = embed(samples)
    assert found is not None
    assert np.isfinite(found).all()


def test_a_level_that_goes_up_and_down_four_times_a_second_fluctuates_there():
    framing = Framing()
    time = np.arange(600) / framing.frames_per_s
    levels = np.repeat(10 * np.sin(2 * np.pi * 4.0 * time)[:, np.newaxis], 128, axis=1).astype(np.float32)
    found = fluctuation(levels, framing).reshape(12, len(EDGES_HZ) - 1)
    assert (found.argmax(axis=1) == np.searchsorted(EDGES_HZ, 4.0) - 1).all()


def test_transposing_leaves_the_harmony_alone():
    time = np.arange(3 * RATE) / RATE

    def triad(root, third):
        pitches = np.array([root, root + third, root + 7])
        return sum(0.1 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) for pitch in pitches)

    place = BLOCKS["harmonic"]
    here, there, minor = (embed(triad(*chord))[place] for chord in ((57, 4), (60, 4), (57, 3)))
    assert np.abs(here - there).max() < 0.5 * np.abs(here - minor).max()

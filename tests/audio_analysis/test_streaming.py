"""A sound that arrives in pieces is heard as it would be whole, and what is said on the way comes true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.audio_analysis import AudioAnalyzer, StreamAnalyzer
from ml.data.demo.sound import Brief, draw_song, render
from ml.foundation.errors import BadInput

RATE = 22_050


@pytest.fixture(scope="module")
def song():
    brief = Brief(duration_s=20.0, tempo_bpm=120.0, metre="4/4", drums=True)
    return render(draw_song(np.random.default_rng(4), brief), rate=RATE)


def streamed(samples, cuts, rate=RATE):
    stream = StreamAnalyzer(rate, samples.shape[1])
    updates = [update for piece in np.split(samples, cuts) for update in stream.push(piece)]
    return updates, stream.finish()


def test_at_the_end_it_is_what_it_is_as_a_file(song):
    _, found = streamed(song.samples, np.arange(777, len(song.samples), 3_333))
    whole = AudioAnalyzer().analyze((song.samples, RATE))
    for name in whole:
        if name in ("path", "form", "spectral"):
            continue
        if isinstance(whole[name], float) or name == "embedding":
            # On some processors BLAS rounds otherwise where it is given other stretches at a time.
            assert found[name] == pytest.approx(whole[name], abs=1e-3), name
        else:
            assert found[name] == whole[name], name
    assert found.spectral.mfcc == pytest.approx(whole.spectral.mfcc, abs=1e-3)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 5 * RATE), max_size=30).map(sorted))
def test_however_it_is_cut_the_same_is_said(song, cuts):
    samples = song.samples[: 5 * RATE]
    assert streamed(samples, cuts)[0] == streamed(samples, [])[0]


def test_tempo_beats_and_onsets_come_true(song):
    updates, _ = streamed(song.samples, np.arange(1_000, len(song.samples), 1_000))
    assert [update.at_s for update in updates[:3]] == pytest.approx([0.25, 0.5, 0.75], abs=1e-3)
    late = [update for update in updates if update.at_s >= 8]
    assert np.mean([abs(update.tempo_bpm / 120 - 1) < 0.04 for update in late]) > 0.9
    beats = np.asarray(song.truth.beats_s)
    foreseen = np.array([update.next_beat_s for update in late if update.next_beat_s < beats[-1]])
    assert np.mean(np.abs(foreseen[:, np.newaxis] - beats).min(axis=1) < 0.07) > 0.9
    told = np.array([onset for update in updates for onset in update.onsets])
    assert (np.diff(told) > 0).all()  # each once, in their order
    true = song.truth.heard_onsets()
    assert np.mean(np.abs(true[:, np.newaxis] - told).min(axis=1) < 0.05) > 0.85
    assert all(0 < update.latency_s < 0.3 for update in updates)


def test_of_silence_nothing_is_said():
    updates, found = streamed(np.zeros((4 * RATE, 2), dtype=np.float32), [RATE])
    unsaid = ("momentary_lufs", "tempo_bpm", "beat_phase", "next_beat_s", "key")
    assert all(update[name] is None for update in updates for name in unsaid)
    assert found.tempo_bpm is None
    assert "silent" in [problem.code for problem in found.problems]


def test_whole_numbers_count_by_their_full_scale():
    tone = 0.25 * np.sin(np.arange(RATE) / 10)
    floats, whole = (StreamAnalyzer(RATE).push(each) for each in (tone, (tone * 32768).astype(np.int16)))
    assert whole[-1].momentary_lufs == pytest.approx(floats[-1].momentary_lufs, abs=0.01)


@pytest.mark.parametrize(
    ("chunk", "message"),
    [
        (np.zeros((5, 3)), "there are 2 channels"),
        (np.zeros(5), "there are 2 channels"),
        (np.full((RATE, 2), np.nan), "are no numbers"),
        (np.array([["a", "b"]]), "an array of <U1"),
    ],
)
def test_what_is_no_sound_is_refused(chunk, message):
    with pytest.raises(BadInput, match=message):
        StreamAnalyzer(RATE, 2).push(chunk)


def test_a_stream_ends_once_and_not_before_anything_came():
    with pytest.raises(BadInput, match="not one sample"):
        StreamAnalyzer(RATE).finish()
    with pytest.raises(BadInput, match="rate"):
        StreamAnalyzer(0)
    stream = StreamAnalyzer(RATE)
    stream.push(np.ones(10) * 0.1)
    stream.finish()
    with pytest.raises(BadInput, match="finished"):
        stream.push(np.ones(10))


@pytest.mark.parametrize("n_channels", [0, -1, 65])
def test_so_many_channels_no_sound_has(n_channels):
    with pytest.raises(BadInput, match="channels"):
        StreamAnalyzer(RATE, n_channels)

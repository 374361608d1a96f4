"""What puts a rhythm together, on curves whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features.audio.rhythm.bands import LONG, SHORT, semitone_weights
from ml.features.audio.rhythm.bars import bars, changes_at, first_beat_odds
from ml.features.audio.rhythm.beats import beats_s, tempo_of
from ml.features.audio.rhythm.inputs import attacks, harmonic_moves, loudness_of
from ml.features.audio.rhythm.network import BINS_BPM, METRES, Network
from ml.features.audio.rhythm.onsets import onsets_s, peaks, refined
from ml.features.audio.rhythm.tempo import tempo_candidates


def curve(times_s, seconds, *, high=4.0, low=-5.0, framing=LONG):
    """Log odds that are high at times, and fall to both sides within two frames."""
    n = framing.frames_in(int(seconds * framing.rate))
    away = np.abs(framing.times_s(n)[:, None] - np.asarray(times_s)).min(axis=1) * framing.frames_per_s
    return (low + (high - low) * np.maximum(0.0, 1 - away / 2)).astype(np.float32)


def odds_of_firsts(beats, firsts, high=4.0, low=-5.0):
    """Log odds of every beat to be a first one."""
    return np.where(np.isin(beats, firsts), high, low)


def odds_of_tempi(**shares):
    """Log probabilities with some tempi that have shares."""
    mass = np.full(len(BINS_BPM), 1e-6)
    for name, share in shares.items():
        mass[np.abs(np.log(BINS_BPM / float(name[1:]))).argmin()] = share
    return np.log(mass).astype(np.float32)


@pytest.mark.parametrize("bpm", [41.0, 77.7, 120.0, 219.0])
def test_beats_are_followed_between_frames(bpm):
    truth = np.arange(0.3 % (60 / bpm), 12.0, 60 / bpm)
    found = beats_s(curve(truth, 12.0), 60 / bpm * 1.02)
    assert len(found) == len(truth)
    assert np.abs(found - truth).max() < 0.012
    if len(found) > 8:
        assert tempo_of(found) == pytest.approx(bpm, rel=0.01)


def test_what_is_missing_is_put_between_and_what_is_beside_is_left_out():
    truth = np.arange(0.2, 12.0, 0.5)
    heard = np.delete(truth, [5, 11, 12, 18])
    strays = [1.45, 4.02, 7.6]
    odds = np.maximum(curve(heard, 12.0), curve(strays, 12.0, high=1.0))
    assert beats_s(odds, 0.5) == pytest.approx(truth, abs=0.02)


def test_a_beat_that_wanders_is_followed():
    gaps = 0.5 * (1 + 0.02 * np.sin(np.arange(60) / 6))
    truth = 0.4 + np.cumsum(gaps)
    assert beats_s(curve(truth, truth[-1] + 0.2), 0.5)[-55:] == pytest.approx(truth[-55:], abs=0.02)


def test_beats_reach_both_ends():
    truth = np.arange(3.1, 8.0, 0.6)
    found = beats_s(curve(truth, 12.0), 0.6)
    assert found == pytest.approx(np.arange(0.1, 12.0, 0.6), abs=0.03)


def test_a_long_break_may_end_off_the_grid():
    truth = np.concatenate((np.arange(0.2, 10.0, 0.5), np.arange(20.35, 40.0, 0.5)))
    found = beats_s(curve(truth, 40.0), 0.5)
    for beat in truth:
        assert np.abs(found - beat).min() < 0.02
    assert np.abs(np.diff(found) - 0.5).max() < 0.03


def test_where_nothing_is_a_beat_there_is_none():
    assert len(beats_s(np.full(500, -9.0, np.float32), 0.5)) == 0
    assert tempo_of(np.array([0.0, 0.5, 1.0])) is None


@pytest.mark.parametrize(("metre", "n"), [("4/4", 4), ("3/4", 3), ("6/8", 2), ("5/4", 5), ("7/8", 7)])
def test_bars_of_every_length_are_counted(metre, n):
    beats = np.arange(0.2, 14.0, 0.3)
    firsts = beats[1::n]
    found, signature, sure = bars(beats, odds_of_firsts(beats, firsts), np.zeros(5, np.float32))
    assert signature == metre
    assert found == pytest.approx(firsts)
    assert sure > 0.9


def test_a_bar_that_is_cut_short_does_not_shift_the_rest():
    beats = np.arange(0.2, 20.0, 0.4)
    first = np.concatenate((beats[1:20:4], beats[19::4]))  # a bar of two beats in the middle
    found, signature, _ = bars(beats, odds_of_firsts(beats, first), np.zeros(5, np.float32))
    assert signature == "4/4"
    assert found == pytest.approx(first)


def test_a_bar_begins_where_the_chord_changes():
    beats = np.arange(0.25, 16.0, 0.5)
    levels = np.full((LONG.frames_in(16 * LONG.rate), 60), 0.1, dtype=np.float32)
    firsts = beats[3::4]
    for chord, begin in enumerate(firsts):
        frames = slice(round(begin * LONG.frames_per_s), None)
        levels[frames] = 0.1
        levels[frames, [chord + 10, chord + 14, chord + 17]] = 1.0
    changes = changes_at(beats, levels)
    others = np.setdiff1d(np.arange(2, len(beats) - 1), np.arange(3, len(beats), 4))
    assert changes[7:-1:4].min() > 3 * changes[others].max()
    odds = first_beat_odds(beats, np.zeros(len(levels), np.float32), levels)  # the network cannot say
    found, signature, _ = bars(beats, odds, np.zeros(5, np.float32))
    assert signature == "4/4"
    assert found == pytest.approx(firsts)


def test_what_the_network_says_of_the_metre_decides_where_beats_do_not():
    beats = np.arange(0.2, 12.0, 0.4)
    for place, metre in enumerate(METRES):
        says = np.full(5, -9.0, np.float32)
        says[place] = 0.0
        assert bars(beats, np.zeros(len(beats)), says)[1] == metre


def test_slow_beats_are_no_eighths():
    beats = np.arange(0.2, 40.0, 0.6)
    odds = odds_of_firsts(beats, beats[::7])
    assert bars(beats, odds, np.zeros(5, np.float32))[1] != "7/8"
    assert bars(beats / 2, odds, np.zeros(5, np.float32))[1] == "7/8"


def test_tempi_are_ranked_with_half_and_double():
    found = tempo_candidates(odds_of_tempi(t120=0.7, t60=0.2, t80=0.1), calm=1.0)
    assert [round(one.bpm) for one in found[:3]] == pytest.approx([120, 60, 80], rel=0.02)
    assert [one.probability for one in found[:3]] == pytest.approx([0.7, 0.2, 0.1], abs=0.01)
    assert any(abs(one.bpm / (2 * found[0].bpm) - 1) < 0.04 for one in found)


@given(st.lists(st.floats(-20, 5), min_size=94, max_size=94))
def test_candidates_are_probabilities(logits):
    found = tempo_candidates(np.array(logits, dtype=np.float32))
    shares = [one.probability for one in found]
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    first = found[0].bpm
    for factor in (0.5, 2.0):
        assert any(abs(one.bpm / (factor * first) - 1) <= 0.04 for one in found)
    assert shares[1:] == sorted(shares[1:], reverse=True)


def test_onsets_lie_between_frames():
    truth = np.array([0.1, 0.5, 0.5 + 0.07, 1.234, 2.0])
    attack = 1 / (1 + np.exp(-curve(truth, 2.5, framing=SHORT)))
    assert onsets_s(attack.astype(np.float32)) == pytest.approx(truth, abs=0.006)


def test_peaks_and_parabolas():
    hill = np.array([0, 1, 4, 1, 0, 0, 2, 2, 0], dtype=np.float32)
    assert peaks(hill, 0.5, 2).tolist() == [2, 6]
    assert refined(hill, np.array([2, 6])).tolist() == [2.0, 6.5]
    assert len(peaks(np.empty(0, np.float32), 0.1, 2)) == 0


def test_attacks_know_nothing_of_gain_and_tone():
    mels = np.random.default_rng(0).gamma(1.0, 1.0, (50, 40)).astype(np.float32)
    mels[30:] *= 5
    tilt = np.geomspace(1, 30, 40).astype(np.float32) * np.float32(1e-3)
    expected = attacks(mels, loudness_of(mels))
    assert attacks(mels * tilt, loudness_of(mels * tilt)) == pytest.approx(expected, abs=0.02)
    rises = expected[:, 40:].mean(axis=1)
    assert rises[29:34].max() == rises.max()
    assert (expected >= 0).all()


def test_a_tone_that_glides_to_the_neighbouring_band_does_not_rise():
    mels = np.full((20, 40), 1e-6, dtype=np.float32)
    mels[np.arange(20), np.arange(20) // 2] = 1.0
    rises = attacks(mels, np.full(40, 0.05, np.float32))[2:, 40:]
    assert rises.max() < 0.01


def test_harmony_moves_where_the_chord_changes():
    semitones = np.full((200, 60), 0.01, dtype=np.float32)
    semitones[:100, [10, 26, 29, 34]] = 1.0
    semitones[100:, [15, 31, 35, 38]] = 1.0
    moves = harmonic_moves(semitones)
    assert (moves.argmax(axis=0) == 100).all()
    assert moves[:50].max() < 1e-3
    assert moves.max() <= 1.0


def test_semitones_are_where_they_are_called():
    weights = semitone_weights()
    for place, hz in ((0, 55.0), (24, 220.0), (36, 440.0), (59, 55.0 * 2 ** (59 / 12))):
        bins = weights[:, place] @ LONG.frequencies_hz()[: len(weights)] / weights[:, place].sum()
        assert bins == pytest.approx(hz, rel=0.05)


def test_what_is_trained_is_what_is_evaluated(tmp_path):
    torch = pytest.importorskip("torch")
    training = pytest.importorskip("benchmarks.training.rhythm_network")
    rng = np.random.default_rng(0)
    mels = rng.gamma(1.0, 1.0, (240, 40)).astype(np.float32)
    moves = rng.random((120, 6), dtype=np.float32)
    heard = attacks(mels, loudness_of(mels))
    np.testing.assert_allclose(training.attacks(torch.from_numpy(mels)[None])[0].numpy(), heard, atol=1e-5)
    torch.manual_seed(0)
    network = training.Network().eval()
    training.save(network, str(tmp_path / "weights.npz"))
    network.half().float()  # as they are kept
    with torch.no_grad():
        onset, beat, last = network(torch.from_numpy(heard.T[None]), torch.from_numpy(moves.T[None]))
    evaluated = Network(str(tmp_path / "weights.npz"))
    found = evaluated.hear(heard, moves)
    np.testing.assert_allclose(found.onset, onset[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(np.stack((found.beat, found.downbeat)), beat[0].numpy(), atol=1e-4)
    said = evaluated.conclude(found, [slice(0, 120)])
    np.testing.assert_allclose(np.hstack((said.tempo, said.metre, said.rhythmic[:, None])), last.numpy(), atol=1e-4)


def test_sounds_are_varied_for_training_only_within_reason():
    torch = pytest.importorskip("torch")
    training = pytest.importorskip("benchmarks.training.rhythm_network")
    torch.manual_seed(0)
    mels = torch.rand(50, 60, 40) + 0.5
    varied = training.varied(mels)
    assert varied.shape == mels.shape
    assert bool(torch.isfinite(varied).all())
    assert float(varied.min()) >= 0
    assert 0 < float((varied < 1e-3).float().mean()) < 0.5  # holes, and what lies outside narrow bands


def test_more_bars_of_the_same_make_no_one_surer_of_the_metre():
    beats = np.arange(0.2, 240.0, 0.4)
    odds = 0.3 * odds_of_firsts(beats, beats[::4])
    surenesses = [bars(beats[:n], odds[:n], np.zeros(5, np.float32))[2] for n in (31, 150, 600)]
    assert surenesses == pytest.approx([surenesses[0]] * 3, abs=0.05)
    assert 0.5 < surenesses[0] < 0.99


def test_a_calmer_metre_is_the_same_one():
    beats = np.arange(0.2, 12.0, 0.4)
    odds = odds_of_firsts(beats, beats[::3])
    sure, calm = (bars(beats, odds, np.zeros(5, np.float32), calm) for calm in (1.0, 0.1))
    assert sure[1] == calm[1] == "3/4"
    assert sure[2] > calm[2] > 0.2

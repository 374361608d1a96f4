"""Rooms, noises, loudness, hands: each against what is known of it."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.demo.sound import Brief, draw_song, render
from ml.data.demo.sound.audibility import beginning, clear_db
from ml.data.demo.sound.hands import Hands
from ml.data.demo.sound.mastering import CEILING, limit, loudness_lufs
from ml.data.demo.sound.melody import melody, motif
from ml.data.demo.sound.noise import NOISES, noise
from ml.data.demo.sound.room import impulse_response
from ml.data.demo.sound.song import METRES, Chord
from ml.data.demo.sound.truth import Melody, Onsets, Truth
from ml.features.audio.loudness import measure_loudness

RATE = 44_100


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_loudness_of_a_sine_in_both_channels_is_its_peak(rate: int, level: float) -> None:
    """The signals of EBU Tech 3341: 1 kHz in left and right with a peak of -23 dBFS has -23 LUFS."""
    t = np.arange(20 * rate) / rate
    sine = 10 ** (level / 20) * np.sin(2 * np.pi * 1000 * t)
    assert loudness_lufs(np.stack([sine, sine], axis=1).astype(np.float32), rate) == pytest.approx(level, abs=0.1)


def test_silence_counts_for_nothing_in_loudness() -> None:
    t = np.arange(10 * RATE) / RATE
    sine = (0.1 * np.sin(2 * np.pi * 1000 * t))[:, None].repeat(2, axis=1).astype(np.float32)
    padded = np.concatenate([sine, np.zeros_like(sine)])
    assert loudness_lufs(padded, RATE) == pytest.approx(loudness_lufs(sine, RATE), abs=0.15)
    assert loudness_lufs(np.zeros((RATE, 2), dtype=np.float32), RATE) == float("-inf")


def test_a_song_has_the_loudness_that_it_is_to_have() -> None:
    for seed in range(6):
        song = draw_song(np.random.default_rng(seed), Brief(loudness_lufs=-16.0))
        assert loudness_lufs(render(song).samples, RATE) == pytest.approx(-16.0, abs=1.0)


def test_the_meter_that_masters_agrees_with_the_one_that_analyses() -> None:
    """They share no line, so that neither can follow the other's mistake."""
    for seed in range(3):
        made = render(draw_song(np.random.default_rng(seed), Brief(duration_s=10.0)), rate=22_050)
        heard = measure_loudness(made.samples, made.rate).integrated_lufs
        assert loudness_lufs(made.samples, made.rate) == pytest.approx(heard, abs=0.02)


@pytest.mark.parametrize("metre", ["4/4", "3/4"])
def test_phrases_end_on_the_root_after_four_bars(metre: str) -> None:
    for seed in range(20):
        phrase = motif(metre, 100.0, np.random.default_rng(seed), held_out=bool(seed % 2))
        bars = METRES[metre]
        chords = [Chord(float(bar * bars), float(bars), 5 * bar % 12, "min") for bar in range(16)]
        notes = melody(phrase, 0, 16, chords, metre=metre, key=(0, "major"), centre=66)
        closing = notes[2 * len(phrase.beat) - 1 :: 2 * len(phrase.beat)]
        assert len(closing) == 4
        for note in closing:
            chord = next(one for one in reversed(chords) if one.beat <= note.beat)
            assert note.pitch % 12 == chord.root


def test_the_limiter_leaves_alone_what_is_below_the_ceiling() -> None:
    rng = np.random.default_rng(0)
    sound = rng.uniform(-0.9, 0.9, (4000, 2)).astype(np.float32)
    assert np.array_equal(limit(sound, RATE), sound)
    assert np.abs(limit(4 * sound, RATE)).max() <= CEILING + 1e-6


@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_a_room_falls_by_60_db_in_its_time(seconds: float) -> None:
    answer = impulse_response(seconds, 20_000.0, RATE, np.random.default_rng(1))
    assert (answer**2).sum(axis=0) == pytest.approx([1.0, 1.0], rel=1e-4)
    assert not answer[: int(0.008 * RATE)].any()
    piece = len(answer) // 10
    early = (answer[3 * piece : 4 * piece] ** 2).mean()
    late = (answer[8 * piece : 9 * piece] ** 2).mean()
    # Half of the time, half of the fall.
    assert 10 * np.log10(early / late) == pytest.approx(30.0, abs=3.0)


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("n", [1, 1000, 44_100, 50_001])
def test_noises_have_their_length_and_level(kind: str, n: int) -> None:
    sound = noise(kind, n, RATE, np.random.default_rng(2))
    assert sound.shape == (n,)
    assert np.isfinite(sound).all()
    if n > 1000:
        assert np.sqrt((sound.astype(np.float64) ** 2).mean()) == pytest.approx(1.0, rel=1e-3)


def test_noise_lies_as_far_below_the_music_as_it_is_to() -> None:
    song = draw_song(np.random.default_rng(3), Brief(noise_db=float("inf")))
    flat = replace(song.production, hot=0.0, tilt_db=0.0, band_hz=(25.0, 20_000.0), loudness_lufs=-30.0)
    clean = replace(song, production=flat)
    noisy = replace(clean, production=replace(clean.production, noise_db=10.0, noise="hiss"))
    left, right = render(clean).samples, render(noisy).samples
    gain = float((left * right).sum() / (left * left).sum())
    ratio = 10 * np.log10((gain * left).var() / (right - gain * left).var())
    assert ratio == pytest.approx(10.0, abs=1.0)


def test_swing_moves_the_middle_and_nothing_else() -> None:
    hands = Hands(swing=1.5, pair=0.5)
    moved = hands.swung(np.arange(0, 4, 0.25))
    assert np.allclose(moved[::2], np.arange(0, 4, 0.5))
    first, second = moved[1::2] - moved[::2], np.append(moved[2::2], 4.0) - moved[1::2]
    assert np.allclose(first / second, 1.5)
    assert np.allclose(Hands().swung(np.linspace(0, 9, 50)), np.linspace(0, 9, 50))


def truth_of(onsets: Onsets) -> Truth:
    nothing = np.zeros(0)
    return Truth(
        tempo_bpm=120.0,
        beats_s=nothing,
        positions=nothing.astype(np.int64),
        bpm=nothing,
        metre="4/4",
        swing=1.0,
        onsets=onsets,
        keys=(),
        chords=(),
        sections=(),
        sung=(),
        energy_db=(),
        melody=Melody(nothing, nothing, nothing, nothing),
        cents=0.0,
    )


def test_onsets_that_are_heard_as_one_are_one() -> None:
    time = np.array([0.10, 0.11, 0.125, 0.135, 0.50, 0.80, 0.90])
    level = np.array([0.0, -3.0, 0.0, 0.0, -50.0, 0.0, -6.0])
    attack = np.array([0.001, 0.001, 0.001, 0.001, 0.001, 0.2, 0.001])
    drums = np.array([True, False, True, True, True, False, False])
    clear = np.array([9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0])
    truth = truth_of(Onsets((time * 1000).astype(np.int64), time, drums, attack, level, clear))
    # 0.135 is more than 30 ms after the first of its group; 0.5 is too soft, 0.8 too slow.
    assert truth.heard_onsets().tolist() == [0.10, 0.135, 0.90]
    assert truth.heard_onsets(percussive=False).tolist() == [0.11, 0.90]
    assert truth.heard_onsets(slowest_s=1.0, least_db=-60.0, merge_s=0.0).tolist() == time.tolist()
    drowned = replace(truth, onsets=replace(truth.onsets, clear_db=np.where(time < 0.2, -99.0, 9.0)))
    assert drowned.heard_onsets().tolist() == [0.90]


def test_what_is_drowned_is_not_clear_and_what_stands_alone_is() -> None:
    rng = np.random.default_rng(4)
    t = np.arange(2 * RATE) / RATE
    hiss = (0.1 * rng.standard_normal(2 * RATE)).astype(np.float32)
    at = np.array([RATE // 2, RATE], dtype=np.int64)

    def clear(level: float) -> np.ndarray:
        note = (level * np.sin(2 * np.pi * 1000 * t[: RATE // 4])).astype(np.float32)
        mix = hiss.copy()
        for start in at:
            mix[start : start + len(note)] += note
        own = np.array([beginning(note, RATE)] * 2)
        return clear_db(mix, at, own, (25.0, 20_000.0), RATE)

    # Of white noise with a deviation of 0.1, the octave from 640 Hz has 0.01 * 640 / 22,050 of power; a sine a²/2.
    # Above what was there by 20 dB, the rise is that.
    assert clear(np.sqrt(2 * 100 * 0.01 * 640 / (RATE / 2))) == pytest.approx([20.0, 20.0], abs=2.0)
    assert (clear(0.001) < 3.0).all()
    # In the telephone's band there is nothing of it.
    note = (0.5 * np.sin(2 * np.pi * 120 * t[: RATE // 4])).astype(np.float32)
    mix = np.zeros(2 * RATE, dtype=np.float32)
    mix[RATE : RATE + len(note)] = note
    own = np.array([beginning(note, RATE)])
    assert clear_db(mix, at[1:], own, (25.0, 20_000.0), RATE)[0] > 40
    assert clear_db(mix, at[1:], own, (350.0, 3500.0), RATE)[0] < 3

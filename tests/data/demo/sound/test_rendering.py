"""The truth against the sound, by other means than those that made it."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.demo.sound import Brief, draw_song, progressions, render
from ml.data.demo.sound.drums import DRUMS, KITS, SOFT
from ml.data.demo.sound.harmony import NAMES, QUALITIES
from ml.data.demo.sound.song import Production
from ml.data.demo.sound.timbres import TIMBRES
from ml.foundation.errors import BadInput

from .conftest import Plain

RATE = 44_100


def spectrum(sound: np.ndarray, rate: int, size: int = 2**19) -> tuple[np.ndarray, np.ndarray]:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size)) ** 2
    return np.fft.rfftfreq(size, 1 / rate), power


@pytest.mark.parametrize("kit", KITS)
def test_every_drum_is_heard_at_the_sample_that_the_truth_names(kit: str, plain: Plain) -> None:
    # Each after the one before is over: the crash, which lasts, comes last. No multiple of a block or of a beat.
    order = sorted(range(len(DRUMS)), key=lambda drum: DRUMS[drum] == "crash")
    strokes = [(0.37 + 1.27 * i, drum) for i, drum in enumerate(order)]
    made = render(plain(strokes=strokes, kit=kit, seconds=1.3 * len(DRUMS) + 2), rate=RATE)
    sound = np.abs(made.samples).max(axis=1)
    onsets = made.truth.onsets
    assert len(onsets) == len(DRUMS)
    assert onsets.percussive.all()
    for sample, (beat, drum) in zip(onsets.sample.tolist(), strokes, strict=True):
        assert sample == round(beat * RATE)
        window = sound[sample - 2000 : sample + 8000]
        first = np.flatnonzero(window > 0.03 * window.max())[0] - 2000
        assert 0 <= first <= (90 if DRUMS[drum] in SOFT else 44), DRUMS[drum]
        power = (window[2000:].reshape(-1, 500) ** 2).mean(axis=1)
        assert max(power[:2]) > 0.3 * power.max(), DRUMS[drum]  # a clap is several hands


@pytest.mark.parametrize("timbre", TIMBRES)
def test_a_note_has_the_pitch_and_the_beginning_that_the_truth_names(timbre: str, plain: Plain) -> None:
    cents = (-45.0, 0.0, 30.0)[len(timbre) % 3]
    pitch = float(TIMBRES[timbre].centre)
    made = render(plain(notes=[(0.5, 2.0, pitch)], timbre=timbre, cents=cents, seconds=4.0), rate=RATE)
    expected = 440.0 * 2 ** ((pitch - 69) / 12 + cents / 1200)
    assert made.truth.melody.f0_hz.tolist() == pytest.approx([expected])
    sound = made.samples.mean(axis=1)
    hertz, power = spectrum(sound[int(0.6 * RATE) : int(2.4 * RATE)], RATE)
    near = np.flatnonzero(np.abs(np.log2(hertz[1:] / expected)) < 1 / 24) + 1
    # The centre of the peak, which vibrato and unison spread evenly.
    found = (hertz[near] * power[near]).sum() / power[near].sum()
    assert abs(1200 * np.log2(found / expected)) < 4
    onset = int(made.truth.onsets.sample[0])
    assert onset == RATE // 2
    assert np.abs(sound[:onset]).max() < 1e-4
    assert np.abs(sound[onset : onset + RATE // 20]).max() > 1e-4


def test_chords_are_made_of_the_tones_that_their_labels_say(dry: Production) -> None:
    right = []
    for i, song in enumerate(progressions(3, duration_s=10.0)):
        if i % 8:
            continue
        quiet = replace(song, production=dry, parts=tuple(p for p in song.parts if p.role in {"chords", "pad"}))
        made = render(quiet, rate=22_050)
        sound = made.samples.mean(axis=1)
        for start, end, label in made.truth.chords:
            if end - start < 0.5:
                continue
            root, quality = label.split(":")
            tones = {(NAMES.index(root) + step) % 12 for step in QUALITIES[quality]}
            hertz, power = spectrum(sound[int(start * 22_050) : int(end * 22_050)], 22_050, 2**17)
            inside = (hertz > 100) & (hertz < 1000)
            pitch = 69 + 12 * np.log2(hertz[inside] / 440) - song.cents / 100
            near = np.abs(pitch - np.rint(pitch)) < 0.3
            chroma = np.bincount(
                np.rint(pitch[near]).astype(int) % 12, weights=power[inside][near] / hertz[inside][near], minlength=12
            )
            right.append(set(np.argsort(chroma)[-3:].tolist()) <= tones)
    # A third harmonic of a seventh or what rings from the chord before can come third.
    assert np.mean(right) > 0.85
    assert len(right) > 30


def test_a_kick_on_every_beat_is_where_the_beats_are(dry: Production) -> None:
    song = draw_song(np.random.default_rng(5), Brief(tempo_bpm=128.0, metre="4/4", genre="techno", acousticness=0.0))
    assert song.pattern == "techno"
    kicks = song.hits.drum == DRUMS.index("kick")
    on_beat = kicks & (np.abs(song.hits.beat - np.rint(song.hits.beat)) < 1e-9)
    only = type(song.hits)(*(column[on_beat] for column in (song.hits.beat, song.hits.drum, song.hits.velocity)),
                           np.zeros(on_beat.sum()))  # fmt: skip
    made = render(replace(song, parts=(), production=dry, hits=only), rate=RATE)
    sound = np.abs(made.samples).max(axis=1)
    for beat in made.truth.beats_s[1:-1]:
        at = round(beat * RATE)
        before, after = sound[at - 220 : at - 44].max(), sound[at : at + 44].max()
        assert after > 5 * before


def test_the_same_seed_gives_the_same_samples_and_another_gives_others() -> None:
    one, same, other = (render(draw_song(np.random.default_rng(seed)), rate=RATE) for seed in (8, 8, 9))
    assert one.samples.tobytes() == same.samples.tobytes()
    assert one.truth.onsets.sample.tolist() == same.truth.onsets.sample.tolist()
    assert one.samples.tobytes() != other.samples.tobytes()


def test_a_rate_too_low_to_be_brought_to_a_loudness_is_refused(plain: Plain) -> None:
    song = plain(notes=[(0.0, 1.0, 69.0)], seconds=1.0)
    assert render(song, rate=8_000).samples.any()
    with pytest.raises(BadInput, match=r"3,000 samples a second"):
        render(song, rate=3_000)


def test_an_excerpt_is_cut_from_a_song_that_went_on_before(plain: Plain) -> None:
    whole = plain(notes=[(0.0, 3.0, 60.0), (4.0, 1.0, 64.0)], seconds=8.0)
    later = replace(whole, begin_s=1.5, duration_s=6.0)
    made, cut = render(whole, rate=RATE), render(later, rate=RATE)
    assert cut.truth.beats_s.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert cut.truth.positions.tolist() == [3, 4, 1, 2, 3, 4]
    assert cut.truth.downbeats_s.tolist() == [2.5]
    assert cut.truth.onsets.time_s.tolist() == [2.5]
    # The first note sounds on, though its beginning is outside.
    assert np.abs(cut.samples[: RATE // 2]).max() > 0.3 * np.abs(made.samples[RATE * 2 : RATE * 5 // 2]).max()


def test_energy_of_sections_is_that_of_the_samples() -> None:
    levels: dict[str, list[float]] = {}
    for seed in range(4):
        made = render(draw_song(np.random.default_rng(seed), Brief(duration_s=60.0, form="song")), rate=11_025)
        truth = made.truth
        assert len(truth.sections) == len(truth.energy_db) > 3
        for span, level in zip(truth.sections, truth.energy_db, strict=True):
            piece = made.samples[round(span.start_s * 11_025) : round(span.end_s * 11_025)].astype(np.float64)
            assert level == pytest.approx(10 * np.log10((piece**2).mean()), abs=1e-3)
            levels.setdefault(span.label, []).append(level)
    assert np.mean(levels["chorus"]) > np.mean(levels["intro"])

"""What an analysis says, on sounds whose right answers are plain."""

import asyncio
import io
from dataclasses import fields

import numpy as np
import orjson
import pytest
import soundfile

import ml
from ml.audio_analysis import AudioAnalysis, AudioAnalyzer, get_audio_analysis
from ml.data.audio_files import load
from ml.features.audio import spectral_curves
from ml.features.audio.loudness import measure_loudness
from ml.foundation.errors import BadInput
from ml.foundation.workers import WorkerPool

RATE = 44_100
LOUDNESS = (
    "loudness_lufs",
    "loudness_range_lu",
    "momentary_max_lufs",
    "short_term_max_lufs",
    "true_peak_dbtp",
    "sample_peak_dbfs",
    "replaygain_db",
)


def codes(found):
    return [problem.code for problem in found.problems]


@pytest.fixture(scope="module")
def analyzer():
    return AudioAnalyzer()


@pytest.fixture(scope="module")
def music():
    """Seven seconds of stereo: a tone and noise, left and right apart."""
    rng = np.random.default_rng(0)
    time = np.arange(7 * RATE) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 1_000 * time)
    return np.stack([tone + rng.normal(0, 0.02, len(time)), tone + rng.normal(0, 0.05, len(time))], 1).astype("f4")


def wav(samples, rate=RATE):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="FLOAT")
    return file.getvalue()


def test_the_capability_is_there_under_its_name():
    assert ml.audio_analysis.AudioAnalyzer is AudioAnalyzer
    assert "audio_analysis" in dir(ml)


def test_an_analysis_is_what_the_features_say(analyzer, music):
    found = analyzer.analyze((music, RATE))
    loudness = measure_loudness(music, RATE)
    assert found.loudness_lufs == pytest.approx(loudness.integrated_lufs, abs=1e-9)
    assert found.true_peak_dbtp == pytest.approx(loudness.true_peak_dbtp, abs=1e-9)
    assert found.loudness_range_lu == pytest.approx(loudness.range_lu, abs=1e-9)
    curves = spectral_curves(load((music, RATE)).at(22_050).mono())
    assert found.spectral.centroid_hz == pytest.approx(float(curves.centroid_hz.mean()), rel=1e-3)
    assert found.spectral.mfcc == pytest.approx(curves.mfcc().mean(axis=0).tolist(), abs=0.05)
    inside = curves.flux_db[3:-2]  # windows are four hops long: these, and those before, reach over no edge
    assert found.spectral.flux_db == pytest.approx(float(inside.mean()), rel=1e-2)
    assert found.spectral.flux_std_db == pytest.approx(float(inside.std()), rel=1e-2)
    assert len(found.spectral.mfcc_std) == 20
    assert len(found.spectral.contrast_db) == 7
    assert (found.duration_s, found.sample_rate_hz, found.channels, found.form) == (7.0, RATE, 2, None)
    assert found.problems == ()


def test_the_same_sound_from_everywhere(analyzer, music, tmp_path):
    data = wav(music)
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    expected = analyzer.analyze((music, RATE))
    for source in (path, str(path), data, io.BytesIO(data), load(path)):
        found = analyzer.analyze(source)
        assert found.spectral == expected.spectral
        assert [found[name] for name in LOUDNESS] == [expected[name] for name in LOUDNESS]
    assert analyzer.analyze(music, rate=RATE).spectral == expected.spectral
    assert analyzer.analyze(path).path == str(path)
    assert analyzer.analyze(path).form == "wav"


def test_a_result_is_a_mapping_and_json(analyzer, music):
    found = analyzer.analyze((music, RATE))
    assert set(found) == {field.name for field in fields(AudioAnalysis)}
    assert found["spectral"]["centroid_hz"] == found.spectral.centroid_hz
    again = orjson.loads(found.to_json())
    assert again["loudness_lufs"] == found.loudness_lufs
    assert again["problems"] == []


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 5, 6, 8])
def test_any_rate_and_layout(analyzer, rate, channels):
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(4 * rate) / rate)
    found = analyzer.analyze((np.stack([tone] + [0 * tone] * (channels - 1), axis=1), rate))
    assert found.loudness_lufs == pytest.approx(-23.0, abs=0.1)
    assert found.spectral.centroid_hz == pytest.approx(997, rel=0.02)
    assert codes(found) == (["silent_channel"] if channels > 1 else [])


def test_an_unknown_layout_has_no_loudness_but_a_spectrum(analyzer):
    found = analyzer.analyze((np.random.default_rng(0).normal(0, 0.1, (RATE, 7)), RATE))
    assert [found[name] for name in LOUDNESS] == [None] * 7
    assert codes(found) == ["unknown_layout"]
    assert found.spectral.flatness > 0.1


@pytest.mark.parametrize(("rate", "said"), [(2_000, False), (3_000, False), (7_999, False), (8_000, True)])
def test_at_a_low_rate_nothing_is_said_of_loudness(analyzer, rate, said):
    found = analyzer.analyze((0.1 * np.sin(2 * np.pi * 440 * np.arange(4 * rate) / rate), rate))
    assert [found[name] is not None for name in LOUDNESS] == [said] * 7
    assert codes(found) == ([] if said else ["low_rate"])
    assert found.spectral.centroid_hz == pytest.approx(440, rel=0.1)


def test_a_tone_that_goes_on_has_no_flux_however_it_begins_and_ends(analyzer):
    spectral = analyzer.analyze((0.3 * np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050), 22_050)).spectral
    assert spectral.flux_db < 0.2
    assert spectral.flux_std_db < 0.2


@pytest.mark.parametrize(("n", "said"), [(2_559, False), (2_560, True)])
def test_flux_needs_two_frames_within_the_sound(analyzer, n, said):
    spectral = analyzer.analyze((np.random.default_rng(0).normal(0, 0.1, n), 22_050)).spectral
    assert (spectral.flux_db is not None) is (spectral.flux_std_db is not None) is said


def test_of_silence_nothing_is_said(analyzer):
    for samples in (np.zeros((2 * RATE, 2)), np.random.default_rng(0).integers(-1, 2, 5 * RATE).astype(np.int16)):
        found = analyzer.analyze((samples, RATE))
        assert [found[name] for name in LOUDNESS] == [None] * 7
        assert found.spectral is None
        assert codes(found) == ["silent"]


def test_what_is_a_click_and_no_more_has_no_spectrum(analyzer):
    samples = np.zeros(2 * RATE)
    samples[RATE] = 3e-4
    found = analyzer.analyze((samples, RATE))
    assert found.spectral is None
    assert found.loudness_lufs is None
    assert found.sample_peak_dbfs == pytest.approx(-70.5, abs=0.1)
    assert codes(found) == []


@pytest.mark.parametrize("n", [1, 2, 441, 17_000])
def test_a_sound_of_a_moment(analyzer, n):
    found = analyzer.analyze((np.full(n, 0.5), RATE))
    assert found.loudness_lufs is found.loudness_range_lu is found.replaygain_db is None
    assert found.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert codes(found) == ["too_short"]


def test_problems_stand_beside_the_numbers(analyzer, music):
    clipped = np.clip(10 * music, -1, 1) + np.float32(0.0)
    found = analyzer.analyze((clipped, RATE))
    assert codes(found) == ["clipped"]
    assert found.loudness_lufs > -5


def test_what_is_no_sound_is_an_error(analyzer):
    with pytest.raises(BadInput, match="not a sound"):
        analyzer.analyze(b"abc" * 100)
    with pytest.raises(BadInput, match="no numbers"):
        analyzer.analyze((np.array([0.0, np.nan] * 9), RATE))


async def test_awaited_and_many_at_once(music):
    pool = WorkerPool(2)
    analyzer = AudioAnalyzer(pool)
    expected = analyzer.analyze((music, RATE))
    found = await asyncio.gather(*(analyzer.get_analysis((music, RATE)) for _ in range(4)))
    for one in (*found, await get_audio_analysis(music, rate=RATE)):
        assert_alike(one.to_dict(), expected.to_dict())
    pool.close()


def assert_alike(found, expected):
    """Worker threads have fewer threads of BLAS, which on some processors changes the last digit that is told."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name in expected:
            assert_alike(found[name], expected[name])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-3, abs=1e-5)
    else:
        assert found == expected


@pytest.mark.realdata
def test_real_songs(analyzer, realdata):
    for path in sorted((realdata / "emotify" / "original").glob("*.mp3")):
        found = analyzer.analyze(path)
        assert 58 < found.duration_s < 62
        assert -25 < found.loudness_lufs < -8
        assert -6 < found.true_peak_dbtp < 2
        assert found.sample_peak_dbfs <= found.true_peak_dbtp
        assert 500 < found.spectral.centroid_hz < 4_000
        assert codes(found) == []

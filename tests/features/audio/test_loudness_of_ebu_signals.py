"""EBU's own signals: loudness within 0.1 LU, range within 1 LU."""

import pytest

from ml.data.audio_files import load
from ml.features.audio.loudness import measure_loudness

pytestmark = pytest.mark.realdata


@pytest.fixture
def measured(realdata):
    def of(name):
        signal = load(realdata / "audio_signals" / f"{name}.flac")
        return measure_loudness(signal.samples, signal.rate)

    return of


@pytest.mark.parametrize(
    ("name", "lufs"),
    [
        ("seq-3341-1-16bit", -23.0),
        ("seq-3341-2-16bit", -33.0),
        ("1kHz_sine_-20LUFS-16bit", -20.0),
        ("1kHz_sine_-40LUFS-16bit", -40.0),
    ],
)
def test_loudness(measured, name, lufs):
    found = measured(name)
    assert found.integrated_lufs == pytest.approx(lufs, abs=0.1)
    assert found.momentary_max_lufs == pytest.approx(lufs, abs=0.1)
    assert found.short_term_max_lufs == pytest.approx(lufs, abs=0.1)
    assert found.range_lu == pytest.approx(0, abs=0.1)
    # A sine's crest is its level: Tech 3341 allows +0.2 and -0.4 dB of the true peak.
    assert -0.4 <= found.true_peak_dbtp - found.sample_peak_dbfs <= 0.2


@pytest.mark.parametrize(("name", "expected"), [("seq-3342-1-16bit", 10), ("seq-3342-2-16bit", 5)])
def test_range(measured, name, expected):
    assert measured(name).range_lu == pytest.approx(expected, abs=1)


def test_silence(measured):
    found = measured("silence")
    assert found.integrated_lufs is found.true_peak_dbtp is found.replaygain_db is None

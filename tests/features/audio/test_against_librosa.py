"""The spectral features are those of librosa: golden numbers, and the script that made them."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from ml.features.audio import Framing, delta, mel_filters, power_spectrogram, spectral_curves

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FRAMING = Framing(22_050, 2_048, 512)


@pytest.fixture(scope="module")
def golden():
    return json.loads((FIXTURES / "spectral_golden.json").read_text())


@pytest.fixture(scope="module")
def ours(golden):
    spec = importlib.util.spec_from_file_location("make_spectral_golden", FIXTURES / "make_spectral_golden.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    samples = script.signal()
    curves = spectral_curves(samples, FRAMING)
    power = power_spectrogram(samples, FRAMING)
    names = ("log_mel", "centroid_hz", "bandwidth_hz", "rolloff_hz", "flatness", "contrast_db", "flux_db", "rms")
    return {
        **{name: getattr(curves, name) for name in names},
        "zero_crossing_rate": curves.zero_crossing_rate,
        "power": power,
        "mel": mel_filters(FRAMING)(power),
        "mel_htk": mel_filters(FRAMING, 40, scale="htk", area=False)(power),
        "mfcc": curves.mfcc(),
        "delta": delta(curves.mfcc()),
    }


def test_there_are_as_many_frames(golden, ours):
    assert len(ours["power"]) == golden["about"]["n_frames"]


# Relative to the largest value of the frame; librosa computes in float32 too.
@pytest.mark.parametrize("name", ["power", "mel", "mel_htk"])
def test_spectra_agree(golden, ours, name):
    for frame, expected in zip(golden["about"]["frames"], golden[name], strict=True):
        np.testing.assert_allclose(ours[name][frame], expected, atol=2e-6 * max(expected), rtol=1e-4)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("log_mel", 1e-3),
        ("mfcc", 5e-3),
        ("delta", 2e-3),
        ("centroid_hz", 0.01),
        ("bandwidth_hz", 0.01),
        ("rolloff_hz", 0.01),
        ("flatness", 1e-6),
        ("contrast_db", 1e-3),
        ("flux_db", 1e-3),
        ("zero_crossing_rate", 1e-6),
        ("rms", 1e-6),
    ],
)
def test_features_agree(golden, ours, name, tolerance):
    for frame, expected in zip(golden["about"]["frames"], golden[name], strict=True):
        np.testing.assert_allclose(np.atleast_1d(ours[name][frame]), expected, atol=tolerance, rtol=0)

"""Corrections put into an analysis."""

from ml.audio_analysis.library.corrections import corrected


def test_what_follows_from_a_corrected_key_follows():
    measured = {"key": "C", "mode": "major", "camelot": "8B"}
    assert corrected(measured, {"mode": "minor"})["camelot"] == "5A"
    assert corrected(measured, {"key": "G"})["camelot"] == "9B"
    assert corrected(measured, {"tempo_bpm": 120.0})["camelot"] == "8B"

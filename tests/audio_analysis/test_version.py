"""Which analysis a stored one is."""

from dataclasses import make_dataclass

from ml.audio_analysis.library import version


def test_the_version_changes_with_the_fields_that_an_analysis_has():
    names = version.field_names(version.AudioAnalysis)
    assert {"loudness_lufs", "spectral.mfcc", "problems.code"} <= set(names)
    inner = make_dataclass("Inner", [("mean", float)])
    kinds = [make_dataclass("Analysis", listed) for listed in ([("a", float)], [("a", float), ("b", float)])]
    kinds += [make_dataclass("Analysis", [("a", inner)]), version.AudioAnalysis]
    versions = {version.analysis_version(kind) for kind in kinds}
    assert len(versions) == 4
    assert version.analysis_version() in versions
    assert version.analysis_version(make_dataclass("Other", [("a", float)])) in versions

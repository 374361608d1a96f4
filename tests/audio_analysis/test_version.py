"""Which analysis a stored one is."""

import shutil
from dataclasses import make_dataclass

from ml.audio_analysis.harmony import weights
from ml.audio_analysis.library import version
from ml.features.audio.rhythm import network


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


def test_the_version_changes_with_the_weights_that_are_shipped(tmp_path, monkeypatch):
    shipped = version.shipped_weights()
    assert weights.FILE in shipped
    assert network.WEIGHTS in [path.name for path in shipped]
    before = version.analysis_version()
    for place, path in enumerate(shipped):
        other = tmp_path / str(place) / path.name
        other.parent.mkdir()
        shutil.copy(path, other)
        changed = [*shipped[:place], other, *shipped[place + 1 :]]
        monkeypatch.setattr(version, "shipped_weights", lambda changed=changed: changed)
        version.analysis_version.cache_clear()
        assert version.analysis_version() == before
        other.write_bytes(other.read_bytes() + b" ")
        version.analysis_version.cache_clear()
        assert version.analysis_version() != before
    monkeypatch.undo()
    version.analysis_version.cache_clear()
    assert version.analysis_version() == before

"""Bounds of the tempo take half or double where an analysis allows it, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from ml.audio_analysis.library.facts import octave_of


def test_a_track_is_taken_for_half_its_tempo_where_its_analysis_allows_it(generator, monkeypatch):
    read = generator._read

    def with_octaves(connection):
        tracks = read(connection)
        tempo = tracks.features["tempo_bpm"]
        allowed = (tempo > 100) & (np.arange(len(tempo)) % 2 == 0)
        return replace(tracks, octave_bpm=np.where(allowed, tempo / 2, np.nan).astype(np.float32))

    alone = generator.generate(bpm=(63, 67), count=5)
    assert not alone.complete
    monkeypatch.setattr(generator, "_read", with_octaves)
    found = generator.generate(bpm=(63, 67), count=5)
    assert found.complete
    assert found.allowed == 20
    assert all(track.tempo_bpm >= 128 for track in found.tracks)
    assert any("half or double their tempo, as their analysis allows: 20" in notice for notice in found.notices)
    assert not any("half or double" in notice for notice in generator.generate(bpm=(120, 140), count=5).notices)
    # A list that is planned around others carries them along.
    assert generator.edit(found, remove=[found.tracks[0].track_id]).complete


@pytest.mark.parametrize(
    ("tempo", "rivals", "octave"),
    [
        (70.0, [(140.0, 0.3), (35.0, 0.2)], 140.0),
        (70.0, [(137.0, 0.3)], 137.0),
        (70.0, [(132.0, 0.3)], None),
        (70.0, [(140.0, 0.05)], None),
        (70.0, [(105.0, 0.4)], None),
        (None, [], None),
    ],
)
def test_an_octave_is_a_rival_that_is_probable_enough(tempo, rivals, octave):
    assert octave_of(tempo, [{"bpm": bpm, "probability": share} for bpm, share in rivals]) == octave

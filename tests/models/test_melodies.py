"""Melodies that are hummed."""

import numpy as np
import pytest

from ml.features.audio.melody import contour_of_notes, stretched
from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.melodies import MelodyIndex, read_contours, write_contours


@pytest.fixture(scope="module")
def contours():
    rng = np.random.default_rng(3)
    found = {}
    for number in range(60):
        length = rng.choice([0.25, 0.5, 0.75, 1.0], 60)
        end = np.cumsum(length)
        found[f"song {number}"] = contour_of_notes(end - length, end, 60 + np.cumsum(rng.integers(-3, 4, 60)))
    return found


@pytest.mark.parametrize(("faster", "higher"), [(1.0, 0.0), (1.3, 5.3), (0.75, -4.0)])
def test_a_stretch_is_found_in_any_key_and_tempo(contours, faster, higher):
    index = MelodyIndex(contours)
    for name in ("song 0", "song 31", "song 59"):
        stretch = contours[name][60:180]
        found = index.search(stretched(stretch, len(stretch) / faster) + np.float32(higher), 3)
        assert found[0].id == name
        assert found[0].distance < 0.5
        assert found[0].semitones == pytest.approx(higher, abs=0.6)
        assert found[0].faster == pytest.approx(faster, rel=0.13)
        assert found[1].distance > 1.3 * found[0].distance


def test_too_little_finds_nothing(contours):
    index = MelodyIndex(contours)
    assert index.search(contours["song 0"][:10]) == []
    assert MelodyIndex({}).search(contours["song 0"]) == []
    assert len(MelodyIndex({"short": contours["song 0"][:10]})) == 0


def test_a_long_hum_finds_no_short_melody(contours):
    index = MelodyIndex({"short": contours["song 0"][:26]})
    assert index.search(contours["song 1"][:200]) == []


def test_contours_come_back_from_a_file(tmp_path, contours):
    file = tmp_path / "made" / "melodies.npz"
    assert read_contours(file) == {}
    write_contours(file, {**contours, "silent": np.empty(0, dtype=np.float32)})
    again = read_contours(file)
    assert list(again) == [*contours, "silent"]
    assert all(np.abs(again[name] - one).max() < 0.01 for name, one in contours.items())
    write_contours(file, {})
    assert read_contours(file) == {}


def test_damage_is_found(tmp_path, contours):
    file = tmp_path / "melodies.npz"
    write_contours(file, contours)
    whole = file.read_bytes()
    for damaged in (b"", b"no archive", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(CorruptIndex, match="no melodies can be read"):
            read_contours(file)

"""Melodies that are hummed."""

import numpy as np
import pytest

from ml.features.audio.melody import contour_of_notes, stretched
from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.melodies import MelodyIndex, MixIndex, read_saliences, write_saliences


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


@pytest.fixture(scope="module")
def mixes(contours):
    """A mix for each of some melodies: the melody stands out of noise."""
    rng = np.random.default_rng(8)
    found = {}
    for name, one in list(contours.items())[:12]:
        line = np.rint(stretched(one, len(one) / 3)).astype(int) + 25
        salience = rng.integers(0, 120, (len(line), 51)).astype(np.uint8)
        salience[np.arange(len(line)), np.clip(line, 0, 50)] = 255
        found[name] = salience
    return found


def test_a_line_is_found_in_the_mix_that_has_it(contours, mixes):
    index = MixIndex(mixes)
    for name in ("song 0", "song 7", "song 11"):
        line = stretched(contours[name][30:180], 50) + np.float32(3.0)
        line[20:22] = np.nan
        found = index.search(line, 3)
        assert found[0].id == name
        assert found[0].cost < 0.75 * found[1].cost


def test_what_is_too_short_or_too_wide_is_no_error(mixes):
    index = MixIndex(mixes)
    assert index.search(np.zeros(3, dtype=np.float32)) == []
    assert len(index.search(np.linspace(-40, 40, 60, dtype=np.float32))) == 10
    assert index.search(np.zeros(2_000, dtype=np.float32)) == []


def test_saliences_come_back_from_a_file(tmp_path, mixes):
    file = tmp_path / "made" / "melodies.npz"
    assert read_saliences(file) == {}
    write_saliences(file, mixes)
    again = read_saliences(file)
    assert list(again) == list(mixes)
    assert all(np.array_equal(again[name], one) for name, one in mixes.items())
    write_saliences(file, {})
    assert read_saliences(file) == {}


def test_damage_is_found(tmp_path, mixes):
    file = tmp_path / "melodies.npz"
    write_saliences(file, mixes)
    whole = file.read_bytes()
    for damaged in (b"", b"no archive", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(CorruptIndex, match="no melodies can be read"):
            read_saliences(file)

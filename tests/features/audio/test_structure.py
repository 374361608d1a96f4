"""Materials of sounds that are put together from known pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features.audio.structure import Units, find_materials, unit_edges
from ml.features.audio.structure.novelty import novelty, peaks_apart
from ml.features.audio.structure.units import averaged


def units(form, each=32, stray=0.3, seed=0, unit_s=0.5):
    """Units of letters: each has a timbre of its own."""
    rng = np.random.default_rng(seed)
    means = {letter: rng.normal(0, 1, 13) for letter in sorted(set(form))}
    timbre = np.concatenate([means[letter] + stray * rng.standard_normal((each, 13)) for letter in form])
    timbre = (timbre - timbre.mean(axis=0)) / (timbre.std(axis=0) + 1e-6) / np.sqrt(13)
    n = len(timbre)
    return Units(
        edges_s=unit_s * np.arange(n + 1),
        first_beats=np.arange(n) % 4 == 0,
        timbre=timbre,
        level=0.1 * rng.standard_normal((n, 1)),
        chroma=0.1 * rng.standard_normal((n, 36)),
        level_db=np.full(n, -20.0),
    )


@pytest.mark.parametrize("form", ["AB", "ABA", "ABCB", "ABABCAB"])
def test_letters_come_back(form):
    found = find_materials(units(form))
    first = {letter: i for i, letter in enumerate(dict.fromkeys(form))}
    assert found.kinds.tolist() == [first[letter] for letter in form]
    assert found.edges_s.tolist() == [16.0 * i for i in range(len(form) + 1)]
    assert found.novelty[0] == 0.0
    assert (found.novelty[1:] > 0.1).all()


def test_where_nothing_changes_there_is_one_stretch():
    found = find_materials(units("A", each=240))
    assert found.kinds.tolist() == [0]


@given(st.integers(1, 12), st.integers(0, 5))
def test_the_shortest_sounds_have_one_stretch(n, seed):
    found = find_materials(units("A", each=n, seed=seed))
    assert found.kinds.tolist() == [0]
    assert found.edges_s.tolist() == [0.0, 0.5 * n]


def test_novelty_is_that_of_the_whole_matrix():
    rows = np.random.default_rng(0).normal(size=(40, 5)).cumsum(axis=0)
    squared = np.square(rows[:, np.newaxis] - rows).sum(axis=2)
    alike = np.pad(np.exp(-squared / np.median(squared)), 6, mode="edge")
    place = (np.arange(-6, 6) + 0.5) / 6
    kernel = np.outer(np.exp(-2 * place**2), np.exp(-2 * place**2)) * np.sign(np.outer(place, place))
    kernel /= np.abs(kernel).sum() / 2
    whole = [(alike[i : i + 12, i : i + 12] * kernel).sum() for i in range(40)]
    assert novelty(rows, 6) == pytest.approx(whole, abs=1e-9)


def test_peaks_keep_their_distance():
    curve = np.zeros(100)
    curve[[30, 33, 60, 99]] = [1.0, 0.9, 0.5, 2.0]
    assert peaks_apart(curve, np.arange(100.0), least=0.1, apart_s=5.0).tolist() == [30, 60]


def test_quick_beats_are_taken_by_twos_from_the_bar():
    beats = 0.1 + 0.25 * np.arange(40)
    edges = unit_edges(beats, beats[1::4], 10.2)
    assert edges[1] == pytest.approx(beats[1])
    assert np.diff(edges[1:-1]) == pytest.approx(0.5)


def test_a_very_long_sound_has_few_units():
    beats = 0.5 * np.arange(72_000)
    assert len(unit_edges(beats, beats[::4], 36_000.0)) < 4_100


def test_means_of_more_units_than_frames():
    assert averaged(np.array([[1.0], [3.0]]), 1.0, np.array([0.0, 0.2, 0.4, 2.0])).shape == (3, 1)

"""What the benchmarks of playlists measure by, on cases whose answers are known."""

import numpy as np
import pytest
from benchmarks.playlist_continuation import r_precision
from benchmarks.playlist_flow import between_keys, share
from benchmarks.playlist_group import LENGTH, best, bound, fairness, gini
from benchmarks.themed_playlists import LONGEST, SHORTEST, draw

from ml.data.demo import DemoSize, make_world
from ml.data.demo.batches import years


@pytest.fixture(scope="module")
def world():
    return make_world(DemoSize(listeners=50, tracks=2_000, artists=200, listens=1_000), seed=3)


def test_lists_come_from_the_seed_alone_and_halves_have_nothing_in_common(world):
    lists = [one.tracks.tolist() for one in draw(world, 20, seed=1)]
    assert lists == [one.tracks.tolist() for one in draw(world, 20, seed=1)]
    assert lists != [one.tracks.tolist() for one in draw(world, 20, seed=2)]
    for theme in draw(world, 20, seed=1):
        given, hidden = theme.halves
        assert SHORTEST <= len(given) + len(hidden) <= LONGEST
        assert len(set(given.tolist()) | set(hidden.tolist())) == len(given) + len(hidden)
        assert 1 <= len(theme.facets) <= 3


def test_a_theme_is_in_its_lists_and_in_no_others(world):
    """Lists by era are of fewer years, and lists by genre of fewer genres, than lists by neither."""
    lists = list(draw(world, 300, seed=4))
    year, genre = years(world), world.artists.genre[world.tracks.artist]
    spread = {"era": [], "genre": []}, {"era": [], "genre": []}
    for one in lists:
        middle = np.median(year[one.tracks])
        spread["era" in one.facets]["era"].append(np.mean(np.abs(year[one.tracks] - middle) > 8))
        most = np.bincount(genre[one.tracks]).max() / len(one.tracks)
        spread["genre" in one.facets]["genre"].append(1 - most)
    for facet in ("era", "genre"):
        assert np.mean(spread[True][facet]) < 0.75 * np.mean(spread[False][facet])


def test_r_precision_looks_at_as_many_places_as_there_are_to_find():
    order, hidden = np.array([9, 4, 2, 7, 1]), np.array([4, 7, 1])
    assert r_precision(order, hidden) == pytest.approx(1 / 3)
    assert r_precision(np.array([7, 4, 1]), hidden) == 1.0


def test_nothing_is_above_the_bound_which_is_exact_where_tastes_are_opposed():
    opposed = np.zeros((2, 4 * LENGTH), dtype=np.float32)
    opposed[0, : 2 * LENGTH] = opposed[1, 2 * LENGTH :] = 1
    assert bound(opposed) == pytest.approx(0.5)
    ratings = np.random.default_rng(0).random((3, 200), dtype=np.float32)
    most = bound(ratings)
    lists = [best(ratings.mean(axis=0)), best(ratings.min(axis=0)), np.arange(LENGTH)]
    found = [fairness(ratings, ratings, rows)["least"] for rows in lists]
    assert max(found) <= most <= np.sort(ratings, axis=1)[:, -LENGTH:].mean(axis=1).min() + 1e-6


def test_one_who_is_left_out_is_the_worst_off_and_waits_all_along():
    ratings = np.zeros((2, 4 * LENGTH), dtype=np.float32)
    ratings[0, :LENGTH] = ratings[1, LENGTH : 2 * LENGTH] = 1
    found = fairness(ratings, ratings, np.arange(LENGTH))
    assert (found["least"], found["mean"], found["gini"], found["wait"]) == (0, 0.5, 0.5, LENGTH)
    turns = np.stack([np.arange(LENGTH), LENGTH + np.arange(LENGTH)], axis=1).ravel()[:LENGTH]
    assert fairness(ratings, ratings, turns)["wait"] == 1
    assert gini(np.array([3.0, 3.0, 3.0])) == 0


def test_unknown_keys_are_left_out_of_what_neighbours_differ_in():
    keys = between_keys(np.array([0, 0, -1, 0], dtype=np.int8))
    assert np.isnan(keys[2]).all()
    assert np.isnan(share(keys, np.array([0, 1, 2, 3])))
    apart = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, np.nan], [2.0, np.nan, 0.0]])
    assert share(apart, np.array([0, 1, 2])) == pytest.approx(1 / 1.5)

"""Attributes become factors: items that nobody has heard are found by those who should like them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.models.attributes import attributes
from ml.models.base import TrainingData
from ml.models.content_tower import ContentTower, ridge
from ml.models.ials import ImplicitALS
from ml.models.plays import Plays

ITEMS, TAGS, NEW = 60, 6, np.arange(0, 60, 5)


def seeded():
    return np.random.default_rng(0)


def planted(*, told="tags"):
    """Item i is of kind i mod 6, as is listener u; nobody has heard every fifth item yet."""
    kinds = np.arange(ITEMS) % TAGS
    rng = seeded()
    histories = [
        [i for i in np.flatnonzero(kinds == u % TAGS) if i not in NEW and rng.random() < 0.8] for u in range(120)
    ]
    tags = csr_matrix(np.eye(TAGS, dtype=np.float32)[kinds]) if told == "tags" else csr_matrix((ITEMS, 0))
    artists = kinds.astype(np.int32) if told == "artists" else np.full(ITEMS, -1, dtype=np.int32)
    sound = np.eye(TAGS, dtype=np.float32)[kinds] if told == "sound" else None
    return TrainingData(Plays.of(histories, n_items=ITEMS), tags, artists, features=sound)


@pytest.mark.parametrize("told", ["tags", "artists", "sound"])
def test_a_new_item_is_found_by_what_is_told_of_it(told):
    data = planted(told=told)
    tower = ContentTower(factors=8, regularization=0.1, attribute_regularization=0.1).fit(data, rng=seeded())
    scores = tower.score(data.plays, items=NEW.astype(np.int32))
    right = (NEW % TAGS)[None] == (np.arange(120) % TAGS)[:, None]
    assert (scores[right].min(), scores[right].mean()) > (scores[~right].max(), scores[~right].mean() + 0.3)


def test_without_attributes_it_is_what_it_extends():
    data = planted(told="nothing")
    tower, plain = (make(factors=8).fit(data, rng=seeded()) for make in (ContentTower, ImplicitALS))
    np.testing.assert_array_equal(tower.score(data.plays), plain.score(data.plays))


def test_what_many_have_heard_keeps_the_vector_of_its_plays():
    data = planted()
    plain = ImplicitALS(factors=8).fit(data, rng=seeded())
    listeners = np.bincount(data.plays.items, minlength=ITEMS)
    moved = []
    for prior in (0.0, 1.0, 100.0):
        tower = ContentTower(factors=8, prior_listeners=prior).fit(data, rng=seeded())
        moved.append(np.linalg.norm((tower.item_factors - plain.item_factors)[listeners > 0]))
    assert moved[0] == 0
    assert moved[1] < moved[2]


def test_a_loud_unheard_item_is_offered_more():
    data = planted()
    quiet, loud = (
        ContentTower(factors=8, regularization=0.1, unheard_scale=scale).fit(data, rng=seeded()).item_factors
        for scale in (1.0, 2.0)
    )
    np.testing.assert_allclose(loud[NEW], 2 * quiet[NEW], rtol=1e-5)
    heard = np.setdiff1d(np.arange(ITEMS), NEW)
    np.testing.assert_array_equal(loud[heard], quiet[heard])


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 100))
def test_ridge_solves_its_equations(seed, regularization):
    rng = np.random.default_rng(seed)
    x, y, weights = rng.random((12, 5)), rng.random((12, 3)), rng.random(12)
    expected = np.linalg.solve((x.T * weights) @ x + regularization * np.eye(5), (x.T * weights) @ y)
    np.testing.assert_allclose(ridge(csr_matrix(x), y, weights, regularization), expected, rtol=1e-2, atol=1e-4)


def test_years_lie_between_their_decades_and_sound_is_standardised():
    data = replace(
        planted(told="nothing"),
        years=np.array([1990, 1995, 2000, 0] + [0] * 56, dtype=np.int16),
        features=np.column_stack([np.arange(ITEMS), np.full(ITEMS, np.nan)]).astype(np.float32),
    )
    found = attributes(data).toarray()
    sound, years, constant = found[:, :2], found[:, 2:-1], found[:, -1]
    np.testing.assert_allclose(years[:4], [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0, 0]])
    assert sound[:, 0].mean() == pytest.approx(0, abs=1e-6)
    assert sound[:, 0].std() == pytest.approx(1 / np.sqrt(2), abs=1e-3)
    assert not sound[:, 1].any()
    assert (constant == 1).all()


def test_nothing_heard_at_all_is_no_obstacle():
    data = replace(planted(), plays=Plays.of([[], []], n_items=ITEMS))
    assert np.isfinite(ContentTower(factors=4).fit(data, rng=seeded()).score(data.plays)).all()

"""What a search for several listeners goes by: ratings, and favourites more than these tell them apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.playlist_generator.sharing.listeners import Listeners, standing


def sought(scores):
    ratings = np.stack([standing(np.asarray(own, dtype=np.float32)) for own in scores])
    return ratings, Listeners(("a",), ratings, np.zeros(ratings.shape, dtype=np.bool_), (True,)).sought()


def test_a_favourite_stands_out_from_what_is_merely_liked():
    ratings, found = sought([np.arange(8000)[::-1]])
    rated, best = ratings[0, [0, 99]], (found[0, [0, 99]] - 0.75 * ratings[0, [0, 99]]) / 0.25
    assert rated == pytest.approx([1, 0.99], abs=0.01)
    assert best == pytest.approx([1, 1 - np.log(100) / np.log(8000)], abs=0.002)


@given(arrays(np.int64, (2, 30), elements=st.integers(-9, 9)), st.sets(st.integers(0, 29), max_size=10))
def test_what_is_rated_higher_is_sought_more_and_what_is_unknown_not_at_all(scores, unknown):
    scores = scores.astype(np.float32)
    scores[0, sorted(unknown)] = np.nan
    ratings, found = sought(scores)
    assert ((found >= 0) & (found <= 1)).all()
    for own, wish in zip(ratings, found, strict=True):
        order = np.argsort(own, kind="stable")
        assert (np.diff(wish[order])[np.diff(own[order]) > 0] > 0).all()
    assert (found[0, sorted(unknown)] == 0).all()

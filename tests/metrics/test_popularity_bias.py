import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics.popularity_bias import history_popularity, popularity_lift, recommendation_popularity

LISTENERS = np.array([8, 4, 2, 0])
HISTORIES = csr_matrix([[1, 1, 0, 0], [0, 0, 5, 0], [0, 0, 0, 0], [0, 0, 0, 1]])  # means 6, 2, none and 0
RANKED = np.array([[0, 2, 1], [3, -1, -1], [0, 1, 2], [0, 1, 2]])


@pytest.mark.parametrize(
    ("k", "popularity", "lift"),
    [
        (1, [8, 0, 8, 8], [8 / 6 - 1, -1, np.nan, np.nan]),
        (2, [5, 0, 6, 6], [5 / 6 - 1, -1, np.nan, np.nan]),
        (9, [14 / 3, 0, 14 / 3, 14 / 3], [14 / 18 - 1, -1, np.nan, np.nan]),
    ],
)
def test_by_hand(k: int, popularity: list[float], lift: list[float]) -> None:
    np.testing.assert_allclose(recommendation_popularity(RANKED, LISTENERS, k=k), popularity, atol=1e-6)
    np.testing.assert_allclose(popularity_lift(RANKED, HISTORIES, LISTENERS, k=k), lift, atol=1e-6)
    np.testing.assert_allclose(history_popularity(HISTORIES, LISTENERS), [6, 2, np.nan, 0], atol=1e-6)


N_ITEMS = 6
PERSON = st.tuples(
    st.permutations(range(N_ITEMS)),
    st.integers(0, N_ITEMS),
    st.lists(st.integers(0, 3), min_size=N_ITEMS, max_size=N_ITEMS),
)


@given(
    people=st.lists(PERSON, min_size=1, max_size=5),
    listeners=st.lists(st.integers(0, 9), min_size=N_ITEMS, max_size=N_ITEMS),
    k=st.integers(1, N_ITEMS + 2),
)
def test_metrics_are_their_definitions(people, listeners, k: int) -> None:
    def mean(items: list[int]) -> float:
        return sum(listeners[item] for item in items) / len(items) if items else float("nan")

    after = [mean(order[:length][:k]) for order, length, _ in people]
    before = [mean([item for item in range(N_ITEMS) if plays[item]]) for *_, plays in people]
    lift = [(q - p) / p if p else float("nan") for q, p in zip(after, before, strict=True)]
    ranked = np.array([order[:length] + [-1] * (N_ITEMS - length) for order, length, _ in people], dtype=np.int32)
    histories = csr_matrix(np.array([plays for *_, plays in people], dtype=np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = popularity_lift(ranked, histories, np.array(listeners), k=k)
        np.testing.assert_allclose(values, lift, atol=1e-6)
        np.testing.assert_allclose(recommendation_popularity(ranked, np.array(listeners), k=k), after, atol=1e-6)
        np.testing.assert_allclose(history_popularity(histories, np.array(listeners)), before, atol=1e-6)
    assert values.dtype == np.float64


def test_a_list_like_the_history_lifts_nothing() -> None:
    assert popularity_lift(np.array([[1, 0]]), HISTORIES[:1], LISTENERS, k=2).tolist() == [0]


def test_a_stored_zero_was_not_heard() -> None:
    histories = csr_matrix(([0.0, 1.0], ([0, 0], [0, 1])), shape=(1, 4))
    assert history_popularity(histories, LISTENERS).tolist() == [4]


def test_nobody_and_empty_lists() -> None:
    assert popularity_lift(np.empty((0, 2), dtype=int), csr_matrix((0, 4)), LISTENERS, k=2).shape == (0,)
    for ranked in (np.full((1, 2), -1), np.empty((1, 0), dtype=int)):
        assert np.isnan(recommendation_popularity(ranked, LISTENERS, k=2)).all()
        assert np.isnan(popularity_lift(ranked, HISTORIES[:1], LISTENERS, k=2)).all()


def test_arguments_that_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="k must"):
        recommendation_popularity(RANKED, LISTENERS, k=0)
    with pytest.raises(ValueError, match="1 rankings for 4"):
        popularity_lift(RANKED[:1], HISTORIES, LISTENERS, k=1)
    with pytest.raises(ValueError, match="of 3 items, but there are 4"):
        history_popularity(HISTORIES, LISTENERS[:3])

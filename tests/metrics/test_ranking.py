import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics import ranking

METRICS = [
    ranking.recall,
    ranking.precision,
    ranking.ndcg,
    ranking.hit_rate,
    ranking.reciprocal_rank,
    ranking.average_precision,
]
N_ITEMS = 9


def one_by_one(metric, ranked: list[int], relevant: set[int], k: int) -> float:
    """The definitions again, for one listener, in words of one syllable."""
    if not relevant:
        return float("nan")
    hits = [item in relevant for item in ranked[:k]]
    gains = sum(hit / np.log2(rank + 2) for rank, hit in enumerate(hits))
    precisions = [sum(hits[: rank + 1]) / (rank + 1) for rank, hit in enumerate(hits) if hit]
    best = sum(1 / np.log2(rank + 2) for rank in range(min(k, len(relevant))))
    return {
        "recall": sum(hits) / len(relevant),
        "precision": sum(hits) / k,
        "ndcg": gains / best,
        "hit_rate": float(any(hits)),
        "reciprocal_rank": next((1 / (rank + 1) for rank, hit in enumerate(hits) if hit), 0.0),
        "average_precision": sum(precisions) / min(k, len(relevant)),
    }[metric.__name__]


LISTENER = st.tuples(st.permutations(range(N_ITEMS)), st.integers(0, N_ITEMS), st.sets(st.integers(0, N_ITEMS - 1)))


@pytest.mark.parametrize("metric", METRICS)
@given(listeners=st.lists(LISTENER, min_size=1, max_size=5), k=st.integers(1, N_ITEMS + 3))
def test_metric_is_its_definition(metric, listeners, k: int) -> None:
    ranked = np.array([order[:n] + [-1] * (N_ITEMS - n) for order, n, _ in listeners], dtype=np.int32)
    relevant = csr_matrix([[item in wanted for item in range(N_ITEMS)] for _, _, wanted in listeners], dtype=np.float32)
    expected = [one_by_one(metric, list(order[:n]), wanted, k) for order, n, wanted in listeners]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = metric(ranked, relevant, k=k)
    np.testing.assert_allclose(values, expected)
    assert values.dtype == np.float64


@pytest.mark.parametrize("metric", METRICS)
def test_perfect_and_worthless(metric) -> None:
    relevant = csr_matrix([[1, 1, 1, 0, 0, 0]])
    assert metric(np.array([[2, 0, 1]]), relevant, k=3).tolist() == [1]
    assert metric(np.array([[5, 4, 3]]), relevant, k=3).tolist() == [0]


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, [0, 1]),
        (2, [1 / 2 / 2, (1 + 1) / 2]),  # two places can hold no more than two of the three
        (3, [(1 / 2 + 2 / 3) / 2, (1 + 1) / 3]),
        (9, [(1 / 2 + 2 / 3) / 2, (1 + 1 + 3 / 4) / 3]),
    ],
)
def test_average_precision_by_hand(k: int, expected: list[float]) -> None:
    relevant = csr_matrix([[1, 1, 0, 0, 0], [1, 1, 1, 0, 0]])
    ranked = np.array([[2, 0, 1, 3], [1, 0, 4, 2]])
    np.testing.assert_allclose(ranking.average_precision(ranked, relevant, k=k), expected, atol=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_nobody_and_empty_lists(metric) -> None:
    assert metric(np.empty((0, 3), dtype=int), csr_matrix((0, 4)), k=2).shape == (0,)
    assert metric(np.empty((1, 0), dtype=int), csr_matrix([[1]]), k=2).tolist() == [0]
    assert metric(np.array([[-1, -1]]), csr_matrix([[1]]), k=2).tolist() == [0]


def test_an_explicit_zero_is_not_relevant() -> None:
    relevant = csr_matrix(([0.0, 1.0], ([0, 0], [0, 1])), shape=(1, 2))
    assert ranking.recall(np.array([[0, 1]]), relevant, k=1).tolist() == [0]


def test_an_empty_place_is_no_item_of_the_listener_before() -> None:
    relevant = csr_matrix([[0, 0, 1], [1, 0, 0]])
    assert ranking.hit_rate(np.array([[0, 1], [-1, -1]]), relevant, k=2).tolist() == [0, 0]


@pytest.mark.parametrize("metric", METRICS)
def test_arguments_that_cannot_be_meant(metric) -> None:
    with pytest.raises(ValueError, match="k must"):
        metric(np.array([[0]]), csr_matrix([[1]]), k=0)
    with pytest.raises(ValueError, match="2 rankings for 1"):
        metric(np.array([[0], [0]]), csr_matrix([[1]]), k=1)
    # Unnoticed, item 1 of the first listener would be item 0 of the second.
    with pytest.raises(ValueError, match=r"items must be in 0..0, or -1 for none, not 0..1"):
        metric(np.array([[1], [0]]), csr_matrix([[1], [1]]), k=1)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.models import topk
from ml.models.topk import top_k


def by_full_sort(scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k].astype(np.int32)
    values = np.take_along_axis(scores, order, axis=1)
    order[values == -np.inf] = -1
    missing = max(0, k - scores.shape[1])
    order = np.pad(order, ((0, 0), (0, missing)), constant_values=-1)
    return order, np.pad(values, ((0, 0), (0, missing)), constant_values=-np.inf)


@given(
    n_users=st.integers(0, 3),
    n_items=st.integers(0, 400),
    k=st.integers(0, 60),
    levels=st.integers(1, 40),
    absent=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_is_a_full_stable_sort(n_users, n_items, k, levels, absent, seed) -> None:
    rng = np.random.default_rng(seed)
    # Few levels make many ties; -inf takes columns out.
    scores = rng.integers(0, levels, (n_users, n_items)).astype(np.float32)
    scores[rng.random(scores.shape) < absent] = -np.inf
    before = scores.copy()
    expected_indices, expected_values = by_full_sort(scores, k)
    indices, values = top_k(scores, k)
    np.testing.assert_array_equal(indices, expected_indices)
    np.testing.assert_array_equal(values, expected_values)
    np.testing.assert_array_equal(scores, before)
    assert indices.dtype == np.int32
    assert values.dtype == np.float32


def test_large_rows_go_through_blocks() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 100 * topk.BLOCK + 17)).astype(np.float32)
    scores[0, -1] = scores[1, 0] = 9  # in the remainder, and at the start
    indices, values = top_k(scores, 20)
    expected_indices, expected_values = by_full_sort(scores, 20)
    np.testing.assert_array_equal(indices, expected_indices)
    np.testing.assert_array_equal(values, expected_values)


@pytest.mark.parametrize("n_items", [10, 100_000])
@pytest.mark.parametrize("place", [0, -1])
def test_nan_is_refused(n_items: int, place: int) -> None:
    scores = np.zeros((1, n_items), dtype=np.float32)
    scores[0, place] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        top_k(scores, 3)


def test_negative_k_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        top_k(np.zeros((1, 3), dtype=np.float32), -1)

import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.metrics.exposure import catalogue_coverage, exposure, exposure_gini

NOBODY = np.empty((0, 3), dtype=int)
RANKED = np.array([[0, 1, 2, 3], [1, 0, -1, -1], [0, -1, -1, -1]])


@pytest.mark.parametrize(
    ("k", "shown", "coverage", "gini"),
    [
        # Sorted exposures 0 0 0 1 2: (2·1 + 4·2) / (5·3).
        (1, [2, 1, 0, 0, 0], 2 / 5, 10 / 15),
        # 0 0 0 2 3: (2·2 + 4·3) / (5·5).
        (2, [3, 2, 0, 0, 0], 2 / 5, 16 / 25),
        # 0 1 1 2 3: (-2·1 + 0·1 + 2·2 + 4·3) / (5·7).
        (9, [3, 2, 1, 1, 0], 4 / 5, 14 / 35),
    ],
)
def test_by_hand(k: int, shown: list[int], coverage: float, gini: float) -> None:
    assert exposure(RANKED, n_items=5, k=k).tolist() == shown
    assert catalogue_coverage(RANKED, n_items=5, k=k) == pytest.approx(coverage, abs=1e-6)
    assert exposure_gini(RANKED, n_items=5, k=k) == pytest.approx(gini, abs=1e-6)


RANKINGS = st.integers(1, 6).flatmap(
    lambda n_items: st.tuples(
        st.just(n_items), st.lists(st.tuples(st.permutations(range(n_items)), st.integers(0, n_items)), max_size=6)
    )
)


@given(rankings=RANKINGS, k=st.integers(1, 8))
def test_metrics_are_their_definitions(rankings, k: int) -> None:
    n_items, lists = rankings
    kept = [order[:length][:k] for order, length in lists]
    times = [sum(item in own for own in kept) for item in range(n_items)]
    ranked = np.array([order[:length] + [-1] * (n_items - length) for order, length in lists], dtype=np.int32)
    ranked = ranked.reshape(len(lists), n_items)
    # The Gini index as half the mean absolute difference between any two items, over the mean.
    differences = sum(abs(one - other) for one, other in product(times, times))
    gini = differences / (2 * n_items * sum(times)) if sum(times) else np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert catalogue_coverage(ranked, n_items=n_items, k=k) == pytest.approx(
            len({item for own in kept for item in own}) / n_items, abs=1e-6
        )
        assert exposure_gini(ranked, n_items=n_items, k=k) == pytest.approx(gini, abs=1e-6, nan_ok=True)


def test_equal_shares_and_one_for_all() -> None:
    assert exposure_gini(np.array([[0, 1], [2, 3]]), n_items=4, k=2) == 0
    assert exposure_gini(np.array([[2], [2], [2]]), n_items=4, k=1) == pytest.approx(1 - 1 / 4)
    assert catalogue_coverage(np.array([[0, 1], [2, 3]]), n_items=4, k=2) == 1
    assert exposure_gini(np.array([[0]]), n_items=1, k=1) == 0


def test_which_item_it_is_does_not_matter() -> None:
    renamed = np.where(RANKED >= 0, 4 - RANKED, -1)
    assert exposure_gini(renamed, n_items=5, k=3) == exposure_gini(RANKED, n_items=5, k=3)


@pytest.mark.parametrize("ranked", [NOBODY, np.empty((2, 0), dtype=int), np.full((2, 3), -1)])
def test_nothing_shown(ranked) -> None:
    assert catalogue_coverage(ranked, n_items=4, k=2) == 0
    assert np.isnan(exposure_gini(ranked, n_items=4, k=2))


@pytest.mark.parametrize("metric", [catalogue_coverage, exposure_gini])
def test_arguments_that_cannot_be_meant(metric) -> None:
    with pytest.raises(ValueError, match="no items"):
        metric(NOBODY, n_items=0, k=1)
    with pytest.raises(ValueError, match="k must"):
        metric(RANKED, n_items=4, k=0)
    with pytest.raises(ValueError, match=r"0..2"):
        metric(RANKED, n_items=3, k=4)

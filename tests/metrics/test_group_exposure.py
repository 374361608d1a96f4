import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics.group_exposure import catalogue_shares, consumption_shares, discounts, exposure_shares, pool_small
from ml.metrics.significance import bootstrap_ratio

GROUPS = np.array([0, 0, 1, 2])


def test_shares_by_hand():
    ranked = np.array([[2, 0, 1], [3, -1, -1], [-1, -1, -1]])
    second, third = 1 / np.log2(3), 1 / 2
    whole = 1 + second + third
    found = exposure_shares(ranked, GROUPS, n_groups=3, k=3)
    assert found[0] == pytest.approx([(second + third) / whole, 1 / whole, 0])
    assert found[1].tolist() == [0, 0, 1]
    assert np.isnan(found[2]).all()
    assert exposure_shares(ranked, GROUPS, n_groups=3, k=1)[0].tolist() == [0, 1, 0]


def test_histories_and_the_catalogue_by_hand():
    histories = csr_matrix([[3, 1, 4, 0], [0, 0, 0, 2], [0, 0, 0, 0]])
    assert consumption_shares(histories, GROUPS, n_groups=3)[:2].tolist() == [[0.5, 0.5, 0], [0, 0, 1]]
    assert np.isnan(consumption_shares(histories, GROUPS, n_groups=3)[2]).all()
    assert catalogue_shares(GROUPS, n_groups=4).tolist() == [0.5, 0.25, 0.25, 0]


@given(
    lists=st.lists(st.tuples(st.permutations(range(6)), st.integers(0, 6)), min_size=1, max_size=5),
    groups=st.lists(st.integers(0, 2), min_size=6, max_size=6),
    k=st.integers(1, 8),
)
def test_shares_are_their_definition_and_sum_to_one(lists, groups, k):
    ranked = np.array([list(order[:length]) + [-1] * (6 - length) for order, length in lists])
    found = exposure_shares(ranked, np.array(groups), n_groups=3, k=k)
    for (order, length), row in zip(lists, found, strict=True):
        kept = order[:length][:k]
        if not kept:
            assert np.isnan(row).all()
            continue
        worth = [1 / np.log2(1 + rank) for rank in range(1, len(kept) + 1)]
        parts = [sum(w for w, item in zip(worth, kept, strict=True) if groups[item] == g) for g in range(3)]
        assert row == pytest.approx(np.array(parts) / sum(worth))
        assert row.sum() == pytest.approx(1)


@given(st.data())
def test_moving_a_group_up_never_lowers_its_exposure(data):
    order = data.draw(st.permutations(range(5)))
    place = data.draw(st.integers(1, 4))
    swapped = list(order)
    swapped[place - 1], swapped[place] = swapped[place], swapped[place - 1]
    group = np.array([int(item == order[place]) for item in range(5)])
    before, after = (exposure_shares(np.array([each]), group, n_groups=2, k=5)[0, 1] for each in (order, swapped))
    assert after > before


def test_discounts_are_those_of_ndcg():
    assert discounts(4) == pytest.approx([1, 0.63093, 0.5, 0.43068], abs=1e-5)


@pytest.mark.parametrize(
    ("members", "least", "kept", "pooled"),
    [
        ([9, 1, 7, 2], 3, [0, 2], [0, 2, 1, 2]),
        ([9, 8, 7, 6], 3, [0, 1, 2, 3], [0, 1, 2, 3]),
        # One small group alone would be given away by the others: the smallest of them joins it.
        ([9, 1, 7, 8], 3, [0, 3], [0, 2, 2, 1]),
        ([1, 1, 1, 1], 5, [], [0, 0, 0, 0]),
        # Nobody is in the second group.
        ([9, 0, 7, 8], 3, [0, 2, 3], [0, 3, 1, 2]),
    ],
)
def test_small_groups_are_pooled(members, least, kept, pooled):
    found, standing = pool_small(np.arange(4), members, least=least)
    assert (found.tolist(), standing) == (pooled, kept)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(1, 8))
def test_no_group_is_smaller_than_allowed_unless_all_are(members, least):
    _, kept = pool_small(np.arange(len(members)), members, least=least)
    rest = sum(members) - sum(members[group] for group in kept)
    assert all(members[group] >= least for group in kept)
    assert rest == 0 or rest >= least or not kept


def test_arguments_that_cannot_be_meant():
    with pytest.raises(ValueError, match=r"groups must be in 0..1"):
        exposure_shares(np.array([[0]]), GROUPS, n_groups=2, k=1)
    with pytest.raises(ValueError, match="groups of 4 items"):
        consumption_shares(csr_matrix((1, 3)), GROUPS, n_groups=3)
    with pytest.raises(ValueError, match="least"):
        pool_small(GROUPS, [1, 1, 1], least=0)


def test_a_ratio_and_its_interval():
    rng = np.random.default_rng(1)
    wholes = rng.random(4000) + 0.5
    parts = 0.3 * wholes + rng.normal(0, 0.1, 4000)
    found = bootstrap_ratio(parts, wholes, rng=np.random.default_rng(0))
    assert found.low < 0.3 < found.high
    assert found.high - found.low < 0.02
    assert found == bootstrap_ratio(parts, wholes, rng=np.random.default_rng(0))
    gaps = np.append(parts, np.nan), np.append(wholes, 1.0)
    assert bootstrap_ratio(*gaps, rng=np.random.default_rng(0)) == found


def test_a_ratio_to_nothing_is_nothing():
    assert np.isnan(bootstrap_ratio(np.zeros(3), np.zeros(3), rng=np.random.default_rng(0)).mean)
    for wrong in ((np.zeros(2), np.zeros(3)), (np.array([np.nan]), np.ones(1))):
        with pytest.raises(ValueError, match="value"):
            bootstrap_ratio(*wrong, rng=np.random.default_rng(0))

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics.calibration import miscalibration

# Rock, jazz, both (twice as much rock), and a song without tags.
TAGS = csr_matrix([[5, 0], [0, 1], [2, 1], [0, 0]])
WORST = math.log2(100)


def divergence(p: list[float], q: list[float], alpha: float = 0.01) -> float:
    """The definition, in bits."""
    smooth = [(1 - alpha) * theirs + alpha * own for own, theirs in zip(p, q, strict=True)]
    return sum(own * math.log2(own / theirs) for own, theirs in zip(p, smooth, strict=True) if own)


@pytest.mark.parametrize(
    ("plays", "songs", "k", "expected"),
    [
        ([1, 1, 0, 0], [0, 1], 2, 0),
        ([1, 1, 0, 0], [0, 1], 1, 0.5 * math.log2(0.5 / 0.995) + 0.5 * math.log2(0.5 / 0.005)),
        ([1, 0, 0, 0], [1, -1], 2, WORST),
        ([1, 0, 0, 0], [0, -1], 9, 0),
        ([3, 1, 0, 0], [0, 1], 2, divergence([3 / 4, 1 / 4], [1 / 2, 1 / 2])),  # what is played more weighs more
        ([1, 1, 0, 0], [2], 1, divergence([1 / 2, 1 / 2], [2 / 3, 1 / 3])),
        ([1, 1, 0, 0], [2, 0], 2, divergence([1 / 2, 1 / 2], [5 / 6, 1 / 6])),
        ([1, 1, 0, 7], [0, 3, 1], 3, 0),  # without tags, no say
        ([1, 0, 0, 0], [3], 1, np.nan),
        ([0, 0, 0, 1], [0], 1, np.nan),
        ([0, 0, 0, 0], [0], 1, np.nan),
        ([1, 0, 0, 0], [-1, -1], 2, np.nan),
        ([1, 0, 0, 0], [], 2, np.nan),
    ],
)
def test_by_hand(plays: list[int], songs: list[int], k: int, expected: float) -> None:
    values = miscalibration(np.array([songs], dtype=int), csr_matrix([plays]), TAGS, k=k)
    np.testing.assert_allclose(values, [expected], atol=1e-6)
    assert values.dtype == np.float64


N_ITEMS, N_TAGS = 5, 3
WEIGHTS = st.lists(st.integers(0, 3), min_size=N_ITEMS, max_size=N_ITEMS)
PERSON = st.tuples(st.permutations(range(N_ITEMS)), st.integers(0, N_ITEMS), WEIGHTS)


@given(
    people=st.lists(PERSON, min_size=1, max_size=5),
    tags=st.lists(st.lists(st.integers(0, 3), min_size=N_TAGS, max_size=N_TAGS), min_size=N_ITEMS, max_size=N_ITEMS),
    k=st.integers(1, N_ITEMS + 2),
    alpha=st.sampled_from([0.01, 0.5]),
)
def test_metric_is_its_definition(people, tags, k: int, alpha: float) -> None:
    def distribution(weights: dict[int, float]) -> list[float] | None:
        shares = [0.0] * N_TAGS
        for item, weight in weights.items():
            for tag in range(N_TAGS):
                shares[tag] += weight * tags[item][tag] / (sum(tags[item]) or 1)
        return [share / sum(shares) for share in shares] if sum(shares) else None

    def expected(order: list[int], length: int, plays: list[int]) -> float:
        p, q = distribution(dict(enumerate(plays))), distribution(dict.fromkeys(order[:length][:k], 1.0))
        return divergence(p, q, alpha) if p and q else float("nan")

    ranked = np.array([order[:length] + [-1] * (N_ITEMS - length) for order, length, _ in people], dtype=np.int32)
    histories = csr_matrix(np.array([plays for *_, plays in people], dtype=np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = miscalibration(ranked, histories, csr_matrix(np.array(tags)), k=k, alpha=alpha)
    np.testing.assert_allclose(values, [expected(*person) for person in people], atol=1e-6)
    assert (np.isnan(values) | ((values >= 0) & (values <= -np.log2(alpha)))).all()


def test_a_list_in_proportion_has_no_divergence_and_none_below_zero() -> None:
    tags = csr_matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 2, 2]])  # rounds so that the plain formula is negative
    assert miscalibration(np.array([[3]]), csr_matrix([[1, 2, 2, 0]]), tags, k=1).tolist() == [0]


def test_a_stored_zero_is_no_tag_and_no_play() -> None:
    tags = csr_matrix(([1.0, 0.0, 1.0, 0.0], ([0, 0, 1, 2], [0, 1, 1, 0])), shape=(3, 2))
    histories = csr_matrix(([1.0, 0.0, 0.0], ([0, 0, 1], [0, 1, 0])), shape=(2, 3))
    for song, expected in ((0, 0), (1, WORST), (2, np.nan)):
        values = miscalibration(np.array([[song], [song]]), histories, tags, k=1)
        np.testing.assert_allclose(values, [expected, np.nan], atol=1e-6)


def test_names_of_tags_do_not_matter() -> None:
    ranked, histories = np.array([[0, 2, 1]]), csr_matrix([[4, 1, 2, 0]])
    swapped = miscalibration(ranked, histories, TAGS[:, [1, 0]], k=2)
    np.testing.assert_allclose(swapped, miscalibration(ranked, histories, TAGS, k=2))


def test_order_within_the_list_does_not_matter_and_no_argument_is_changed() -> None:
    histories = csr_matrix(([1.0, 0.0, 2.0], ([0, 0, 0], [0, 1, 2])), shape=(1, 4))
    one = miscalibration(np.array([[0, 2, 1]]), histories, TAGS, k=3)
    assert one == pytest.approx(miscalibration(np.array([[1, 0, 2]]), histories, TAGS, k=3))
    assert histories.nnz == 3
    assert TAGS.toarray().tolist() == [[5, 0], [0, 1], [2, 1], [0, 0]]


def test_nobody() -> None:
    assert miscalibration(np.empty((0, 2), dtype=int), csr_matrix((0, 4)), TAGS, k=2).shape == (0,)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"alpha": 0.0}, "alpha"),
        ({"alpha": 1.0}, "alpha"),
        ({"k": 0}, "k must"),
        ({"ranked": np.array([[0], [0]])}, "2 rankings for 1"),
        ({"histories": csr_matrix([[1, 0]])}, "of 4 items, but there are 2"),
        # Both are rock: their sum would hide it.
        ({"histories": csr_matrix([[2, -1]]), "tags": csr_matrix([[1], [1]])}, "negative"),
        ({"tags": csr_matrix([[1], [1], [-1], [0]])}, "negative"),
    ],
)
def test_arguments_that_cannot_be_meant(changed, message: str) -> None:
    arguments = {"ranked": np.array([[0]]), "histories": csr_matrix([[1, 0, 0, 0]]), "tags": TAGS, "k": 1} | changed
    with pytest.raises(ValueError, match=message):
        miscalibration(**arguments)

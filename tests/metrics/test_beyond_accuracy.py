import math
import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics.beyond_accuracy import intra_list_diversity, novelty, serendipity

N_ITEMS, N_LISTENERS = 6, 9
LISTS = st.lists(st.tuples(st.permutations(range(N_ITEMS)), st.integers(0, N_ITEMS)), min_size=1, max_size=5)
LISTENERS = st.lists(st.integers(0, N_LISTENERS), min_size=N_ITEMS, max_size=N_ITEMS)
#: Whole numbers, so that a vector is zero or far from it.
VECTORS = st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=N_ITEMS, max_size=N_ITEMS)
K = st.integers(1, N_ITEMS + 2)


def as_array(lists) -> np.ndarray:
    return np.array([order[:length] + [-1] * (N_ITEMS - length) for order, length in lists], dtype=np.int32)


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# --- diversity

# Rock, rock, half and half, jazz, the opposite of rock, and one nothing is known of.
SONGS = np.array([[1, 0], [3, 0], [1, 1], [0, 2], [-2, 0], [0, 0]], dtype=np.float64)
HALF = math.sqrt(0.5)


@pytest.mark.parametrize(
    ("songs", "k", "expected"),
    [
        ([0, 1], 2, 0),
        ([0, 3], 2, 1),
        ([0, 4], 2, 2),
        ([0, 2], 2, 1 - HALF),
        ([0, 1, 2, 3], 4, (0 + 3 * (1 - HALF) + 2 * 1) / 6),
        ([0, 1, 2, 3], 3, 2 * (1 - HALF) / 3),
        ([0, 1, 2, -1, -1], 9, 2 * (1 - HALF) / 3),
        ([0, 5, 3], 3, 1),
        ([0, 5], 2, np.nan),
        ([0, 3], 1, np.nan),
        ([0, -1, -1], 3, np.nan),
        ([-1, -1], 2, np.nan),
    ],
)
@pytest.mark.parametrize("kind", [np.asarray, csr_matrix])
def test_diversity_by_hand(kind, songs: list[int], k: int, expected: float) -> None:
    values = intra_list_diversity(np.array([songs]), kind(SONGS), k=k)
    np.testing.assert_allclose(values, [expected], atol=1e-6)
    assert values.dtype == np.float64


@given(lists=LISTS, vectors=VECTORS, k=K)
def test_diversity_is_the_mean_over_all_pairs(lists, vectors, k: int) -> None:
    def unlike(one, other) -> float:
        dot = one[0] * other[0] + one[1] * other[1]
        return 1 - dot / (math.hypot(*one) * math.hypot(*other))

    expected = [
        mean([unlike(*pair) for pair in combinations([vectors[i] for i in order[:length][:k] if any(vectors[i])], 2)])
        for order, length in lists
    ]
    for kind in (np.array, csr_matrix):
        values = intra_list_diversity(as_array(lists), kind(vectors), k=k)
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_diversity_does_not_depend_on_lengths_of_vectors_or_order() -> None:
    ranked = np.array([[0, 2, 3], [3, 0, 2]])
    plain = intra_list_diversity(ranked, SONGS, k=3)
    assert plain[0] == pytest.approx(plain[1])
    np.testing.assert_allclose(intra_list_diversity(ranked, SONGS * [[7], [1], [2], [5], [1], [1]], k=3), plain)


@pytest.mark.parametrize("n", [2, 3, 10, 20])
def test_diversity_of_equals_is_zero_and_not_below(n: int) -> None:
    vectors = csr_matrix(np.ones((n, 3)))  # whose lengths round so that the plain formula is negative
    assert intra_list_diversity(np.arange(n)[None], vectors, k=n).tolist() == [0]
    assert (vectors.toarray() == 1).all()


# --- novelty


def test_novelty_by_hand() -> None:
    ranked = np.array([[0, 1, 2, 3], [3, 2, -1, -1], [-1, -1, -1, -1]])
    listeners = np.array([7, 3, 1, 0])  # of 7: 0, 1, 2 and 3 bits
    np.testing.assert_allclose(novelty(ranked, listeners, n_users=7, k=2), [0.5, 2.5, np.nan], atol=1e-6)
    np.testing.assert_allclose(novelty(ranked, listeners, n_users=7, k=9), [1.5, 2.5, np.nan], atol=1e-6)
    normalised = novelty(ranked, listeners, n_users=7, k=2, normalised=True)
    np.testing.assert_allclose(normalised, [0.5 / 3, 2.5 / 3, np.nan], atol=1e-6)


@given(lists=LISTS, listeners=LISTENERS, k=K)
def test_novelty_is_its_definition(lists, listeners, k: int) -> None:
    bits = [-math.log2((n + 1) / (N_LISTENERS + 1)) for n in listeners]
    expected = np.array([mean([bits[item] for item in order[:length][:k]]) for order, length in lists])
    values = novelty(as_array(lists), np.array(listeners), n_users=N_LISTENERS, k=k)
    np.testing.assert_allclose(values, expected, atol=1e-6)
    normalised = novelty(as_array(lists), np.array(listeners), n_users=N_LISTENERS, k=k, normalised=True)
    np.testing.assert_allclose(normalised, expected / math.log2(N_LISTENERS + 1), atol=1e-6)
    assert (np.isnan(normalised) | ((normalised >= 0) & (normalised <= 1))).all()


@pytest.mark.parametrize("n_users", [1, 2, 1000, 29_999])
def test_novelty_reaches_both_ends(n_users: int) -> None:
    ends = novelty(np.array([[0], [1]]), np.array([n_users, 0]), n_users=n_users, k=1, normalised=True)
    assert ends.tolist() == [0, 1]


@pytest.mark.parametrize(("listeners", "n_users"), [([3], 2), ([-1], 2), ([0], 0)])
def test_novelty_of_impossible_numbers(listeners: list[int], n_users: int) -> None:
    with pytest.raises(ValueError, match="n_users"):
        novelty(np.array([[0]]), np.array(listeners), n_users=n_users, k=1)


# --- serendipity


@pytest.mark.parametrize(
    ("songs", "k", "expected"),
    [
        ([3, 0], 2, (4 - 1) / 5 / 2),  # popularity would show 3 in place 4, and 0 earlier than here
        ([1, 0], 2, 0),  # 1 is surprising, but not relevant
        ([2, 1], 1, (2 - 1) / 5),  # as popular as 1, so that both have rank 2
        ([4, 3], 2, ((6 - 1) + (4 - 2)) / 5 / 2),  # nobody heard 4: popularity never shows it
        ([4, 3], 1, (6 - 1) / 5),
        ([4, -1], 2, (6 - 1) / 5 / 2),
        ([4], 4, (6 - 1) / 5 / 4),
        ([-1, -1], 2, 0),
        ([], 2, 0),
    ],
)
def test_serendipity_by_hand(songs: list[int], k: int, expected: float) -> None:
    listeners, relevant = np.array([9, 5, 5, 1, 0]), csr_matrix([[1, 0, 1, 1, 1]])
    values = serendipity(np.array([songs], dtype=int), relevant, listeners, k=k)
    np.testing.assert_allclose(values, [expected], atol=1e-6)


WANTED = st.sets(st.integers(0, N_ITEMS - 1))


@given(lists=st.lists(st.tuples(st.permutations(range(N_ITEMS)), st.integers(0, N_ITEMS), WANTED)), listeners=LISTENERS)
@pytest.mark.parametrize("k", [1, 3, N_ITEMS + 2])
def test_serendipity_is_its_definition(lists, listeners, k: int) -> None:
    def surprise(item: int, rank: int) -> float:
        by_list = (N_ITEMS + 1 - rank) / N_ITEMS
        more_popular = sum(other > listeners[item] for other in listeners)
        by_popularity = (N_ITEMS + 1 - (1 + more_popular)) / N_ITEMS if listeners[item] else 0.0
        return max(by_list - by_popularity, 0.0)

    expected = [
        sum(surprise(item, rank) for rank, item in enumerate(order[:length][:k], start=1) if item in wanted) / k
        if wanted
        else float("nan")
        for order, length, wanted in lists
    ]
    ranked = as_array([(order, length) for order, length, _ in lists]).reshape(-1, N_ITEMS)
    relevant = csr_matrix(
        np.array([[item in wanted for item in range(N_ITEMS)] for *_, wanted in lists]).reshape(-1, N_ITEMS)
    )
    values = serendipity(ranked, relevant, np.array(listeners), k=k)
    np.testing.assert_allclose(values, expected, atol=1e-6)
    assert values.dtype == np.float64


def test_a_ranking_by_popularity_is_never_serendipitous() -> None:
    listeners = np.array([1, 9, 4, 4])
    relevant = csr_matrix(np.ones((1, 4)))
    assert serendipity(np.array([[1, 2, 3, 0]]), relevant, listeners, k=4).tolist() == [0]
    assert serendipity(np.array([[0, 3, 2, 1]]), relevant, listeners, k=4) > 0
    assert serendipity(np.array([[0]]), csr_matrix([[1]]), np.array([0]), k=1).tolist() == [1]


def test_a_stored_zero_is_not_relevant() -> None:
    relevant = csr_matrix(([0.0], ([0], [0])), shape=(1, 2))
    assert np.isnan(serendipity(np.array([[0]]), relevant, np.array([0, 3]), k=1)).all()


# --- all of them


def test_nobody() -> None:
    ranked = np.empty((0, 3), dtype=int)
    assert intra_list_diversity(ranked, SONGS, k=2).shape == (0,)
    assert novelty(ranked, np.array([1]), n_users=1, k=2).shape == (0,)
    assert serendipity(ranked, csr_matrix((0, 2)), np.array([1, 2]), k=2).shape == (0,)


def test_arguments_that_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="k must"):
        intra_list_diversity(np.array([[0]]), SONGS, k=0)
    with pytest.raises(ValueError, match=r"0..5"):
        intra_list_diversity(np.array([[6]]), SONGS, k=1)
    with pytest.raises(ValueError, match=r"0..1"):
        novelty(np.array([[2]]), np.array([1, 1]), n_users=2, k=1)
    with pytest.raises(ValueError, match="of 3 items, but there are 2"):
        serendipity(np.array([[0]]), csr_matrix([[1, 0]]), np.array([1, 1, 1]), k=1)
    with pytest.raises(ValueError, match="2 rankings for 1"):
        serendipity(np.array([[0], [0]]), csr_matrix([[1]]), np.array([1]), k=1)

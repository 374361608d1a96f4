import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.metrics import lists


def test_an_empty_place_is_not_the_last_item() -> None:
    ranked = np.array([[0, -1, 2], [-1, -1, -1]])
    assert lists.first_places(ranked, n_items=3, k=2).tolist() == [[0, -1], [-1, -1]]
    assert lists.listed(ranked, n_items=3, k=3).toarray().tolist() == [[1, 0, 1], [0, 0, 0]]
    assert lists.mean_of_items(ranked, np.array([3, 5, 100]), k=2)[0] == 3


def test_k_larger_than_the_list() -> None:
    assert lists.first_places(np.array([[1, 0]]), n_items=2, k=9).tolist() == [[1, 0]]


def test_a_stored_zero_is_nothing() -> None:
    matrix = csr_matrix(([0.0, 2.0, 1.0], ([0, 0, 2], [0, 1, 1])), shape=(3, 2))
    assert lists.totals(matrix).tolist() == [1, 0, 1]


@pytest.mark.parametrize("item", [3, -2])
def test_items_outside_the_catalogue(item: int) -> None:
    with pytest.raises(ValueError, match=r"0..2, or -1"):
        lists.listed(np.array([[0, item]]), n_items=3, k=2)
    # What is beyond k is not read.
    assert lists.first_places(np.array([[0, item]]), n_items=3, k=1).tolist() == [[0]]


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="2 rankings for 1"):
        lists.same_listeners(np.array([[0], [0]]), csr_matrix([[1]]))
    with pytest.raises(ValueError, match="of 3 items, but there are 2"):
        lists.same_items(np.ones(3), csr_matrix((5, 2)))
    lists.same_items(csr_matrix((2, 7)), csr_matrix((5, 2)))

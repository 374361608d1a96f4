import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_info, threadpool_limits

from ml.models import rows
from ml.models.rows import cut_out, entries_of, in_chunks, padded


def staircase(n: int) -> csr_matrix:
    """Row i holds i entries."""
    return csr_matrix(np.tril(np.ones((n, n), dtype=np.float32), k=-1))


def test_every_row_that_holds_something_has_its_turn_once(monkeypatch) -> None:
    monkeypatch.setattr(rows, "CHUNK_NUMBERS", 50)
    turns = np.zeros(100, dtype=int)

    def work(chunk: np.ndarray) -> None:
        turns[chunk] += 1

    in_chunks(work, staircase(100), 4)
    assert turns.tolist() == [0] + [1] * 99


def test_padding_has_no_say() -> None:
    columns, values = padded(staircase(4), np.array([1, 3]))
    assert values.tolist() == [[1, 0, 0], [1, 1, 1]]
    assert columns[1].tolist() == [0, 1, 2]


def test_blas_has_one_thread_while_ours_hold_the_cores(monkeypatch) -> None:
    monkeypatch.setattr(rows, "CHUNK_NUMBERS", 50)
    monkeypatch.setattr(rows, "FEW_NUMBERS", 0)
    seen: set[int] = set()

    def work(_: np.ndarray) -> None:
        seen.update(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")

    with threadpool_limits(2, user_api="blas"):  # beside other workers of the suite it has one already
        in_chunks(work, staircase(100), 4)
    assert seen == {1}


@given(st.integers(0, 2**31))
def test_what_is_cut_out_is_what_slicing_gives(seed) -> None:
    rng = np.random.default_rng(seed)
    matrix = csr_matrix((rng.random((rng.integers(1, 9), rng.integers(1, 9))) * (rng.random() < 0.9)).round(1))
    chosen = [rng.integers(0, size, rng.integers(0, 12)) for size in matrix.shape]
    np.testing.assert_array_equal(cut_out(matrix, *chosen), matrix.toarray()[np.ix_(*chosen)])
    places, lengths = entries_of(matrix.indptr, chosen[0])
    np.testing.assert_array_equal(matrix.data[places], matrix[chosen[0]].data)
    assert lengths.tolist() == np.diff(matrix.indptr)[chosen[0]].tolist()

"""Work on the rows of a sparse matrix in rectangles of similar length, on every core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from os import sched_getaffinity
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.workers import quiet_blas

#: Numbers gathered for one rectangle at most: what fits into a core's second cache.
CHUNK_NUMBERS = 1 << 18

#: So few numbers are done sooner than threads are made for them; whoever asks for few has threads of their own.
FEW_NUMBERS = 1 << 24


class Rows(NamedTuple):
    """Rows of a sparse matrix without the matrix, which takes longer to make than a short history to work through.

    Parameters
    ----------
    indptr, indices, data
        As of :class:`scipy.sparse.csr_matrix`.
    """

    indptr: NDArray[np.integer]
    indices: NDArray[np.integer]
    data: NDArray[Any]

    @property
    def nnz(self) -> int:
        """Number of entries."""
        return len(self.indices)


def in_chunks(
    work: Callable[[NDArray[np.int64]], None], rows: csr_matrix | Rows, width: int, *, numbers: int | None = None
) -> None:
    """Call a function with the indices of some rows at a time, until all rows that hold anything had their turn.

    Parameters
    ----------
    work : callable
        Writes its result somewhere; called from several threads.
    rows : scipy.sparse.csr_matrix or Rows
    width : int
        How many numbers are gathered for each entry of a row.
    numbers : int, optional
        How many are gathered at a time at most; otherwise what suits heavy arithmetic.
    """
    chunks = list(_chunks(np.diff(rows.indptr), width, numbers or CHUNK_NUMBERS))
    if rows.nnz * width <= FEW_NUMBERS:
        for chunk in chunks:
            work(chunk)
        return
    # NumPy lets go of the interpreter's lock in its arithmetic.
    with calm_blas(), ThreadPoolExecutor(_cores()) as pool:
        list(pool.map(work, chunks))


def calm_blas() -> AbstractContextManager[None]:
    """Keep BLAS from threads of its own: they wait, busily, for cores that ours hold, which takes six times as long."""
    return quiet_blas(_cores())


def _cores() -> int:
    return len(sched_getaffinity(0))


def _chunks(lengths: NDArray[np.integer], width: int, numbers: int) -> Iterator[NDArray[np.int64]]:
    """Group rows of similar length; empty rows are left out."""
    order = np.argsort(lengths, kind="stable")
    sizes = lengths[order]
    first = int(np.searchsorted(sizes, 1))
    while first < len(order):
        # Padding to the longest row of a chunk costs at most an eighth.
        similar = int(np.searchsorted(sizes, sizes[first] + sizes[first] // 8, side="right"))
        room = max(1, numbers // int(sizes[similar - 1] * width))
        last = min(similar, first + room)
        yield order[first:last]
        first = last


def entries_of(starts: NDArray[np.integer], rows: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give where the entries of some rows lie, row after row, and how many each row has.

    Slicing a sparse matrix makes another, checked one, which for a few rows takes longer than what is done with it.

    Parameters
    ----------
    starts : int [shape=(n_rows + 1,)]
        Such as ``indptr`` of a sparse matrix.
    rows : int [shape=(n,)]

    Returns
    -------
    places : int64 [shape=(lengths.sum(),)]
    lengths : int64 [shape=(n,)]

    Examples
    --------
    >>> entries_of(np.array([0, 2, 2, 5]), np.array([2, 0]))
    (array([2, 3, 4, 0, 1]), array([3, 2]))
    """
    first = starts[rows].astype(np.int64)
    lengths = starts[rows + 1] - first
    ends = np.cumsum(lengths)
    return np.repeat(first + lengths - ends, lengths) + np.arange(ends[-1] if len(ends) else 0), lengths


def cut_out(matrix: csr_matrix, rows: NDArray[np.integer], columns: NDArray[np.integer]) -> NDArray[Any]:
    """Give some rows and columns of a sparse matrix as a dense one, of its type.

    Examples
    --------
    >>> cut_out(csr_matrix([[1, 0, 2], [0, 3, 0]]), np.array([1, 0]), np.array([2, 1]))
    array([[0, 3],
           [2, 0]])
    """
    wanted, back = np.unique(columns, return_inverse=True)
    dense = np.zeros((len(rows), len(wanted)), dtype=matrix.dtype)
    places, lengths = entries_of(matrix.indptr, rows)
    kept, column = among(matrix.indices[places], wanted)
    dense[np.repeat(np.arange(len(rows)), lengths)[kept], column] = matrix.data[places[kept]]
    return dense[:, back]


def among(values: NDArray[np.integer], sorted_: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell which values are among some sorted ones, each once, and at which place.

    >>> among(np.array([7, 3, 5, 7]), np.array([5, 7]))
    (array([0, 2, 3]), array([1, 0, 1]))
    """
    if not len(sorted_):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(sorted_, values), len(sorted_) - 1)
    there = np.flatnonzero(sorted_[place] == values)
    return there, place[there]


def row_of_each(indptr: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give the row of each entry of a sparse matrix.

    >>> row_of_each(np.array([0, 2, 2, 3])).tolist()
    [0, 0, 2]
    """
    return np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))


def padded(rows: csr_matrix | Rows, chunk: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Lay rows out as rectangles of columns and values; what pads them has the value 0 and so no say."""
    starts = rows.indptr[chunk, None]
    lengths = rows.indptr[chunk + 1, None] - starts
    steps = np.arange(lengths.max())
    inside = steps < lengths
    places = np.where(inside, starts + steps, 0)
    return rows.indices[places], np.where(inside, rows.data[places], 0)

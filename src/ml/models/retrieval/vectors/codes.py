"""Vectors as whole numbers of eight bits: a quarter of the memory, and a quarter of what a search has to read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Codes = NDArray[np.int8]
#: Rows that are turned back into floats at a time: what lies between stays in a processor's cache.
_ROWS = 1_024


def coded(vectors: Floats) -> tuple[Codes, Floats]:
    """Write unit vectors as codes and the scale of each row.

    Parameters
    ----------
    vectors : float32 [shape=(n, size)]
        Of any length; the codes are of their directions.

    Returns
    -------
    codes : int8 [shape=(n, size)]
    scales : float32 [shape=(n,)]
        ``codes * scales[:, None]`` has length 1 and points where the vector does; 0 for a vector of zeros.

    Examples
    --------
    >>> codes, scales = coded(np.array([[3, 4]], dtype=np.float32))
    >>> codes.tolist(), (codes * scales[:, None]).round(1)
    ([[95, 127]], array([[0.6, 0.8]], dtype=float32))
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    most = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    codes = np.rint(np.divide(127 * vectors, most, out=np.zeros_like(vectors), where=most > 0)).astype(np.int8)
    lengths = np.sqrt(np.einsum("ij,ij->i", codes, codes, dtype=np.float32))
    return codes, np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)


def products(codes: Codes, scales: Floats, query: Floats) -> Floats:
    """Give the product of each row with a vector, float32 [shape=(n,)].

    >>> codes, scales = coded(np.array([[3, 4], [1, 0]], dtype=np.float32))
    >>> products(codes, scales, np.array([0, 1], dtype=np.float32)).round(1)
    array([0.8, 0. ], dtype=float32)
    """
    return stretches(codes, [(0, len(codes))], query) * scales


def stretches(codes: Codes, ends: Iterable[tuple[int, int]], query: Floats) -> Floats:
    """Give the products of some stretches of rows with a vector, one after the other, without the rows' scales."""
    buffer = np.empty((_ROWS, codes.shape[1]), dtype=np.float32)
    found, filled = [np.zeros(0, dtype=np.float32)], 0
    for start, end in ends:
        begin = start
        while begin < end:
            n_rows = min(end - begin, _ROWS - filled)
            np.copyto(buffer[filled : filled + n_rows], codes[begin : begin + n_rows])
            begin, filled = begin + n_rows, filled + n_rows
            if filled == _ROWS:
                found.append(buffer @ query)
                filled = 0
    found.append(buffer[:filled] @ query)
    return np.concatenate(found)

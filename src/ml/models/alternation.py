"""How implicit ALS trains: where it starts, and how it comes nearer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.factors import Basis
from ml.models.plays import Floats
from ml.models.rows import in_chunks, padded

#: Steps of conjugate gradients in half an iteration. More buy less than another iteration does.
STEPS = 2
#: Numbers gathered at a time at most. So little is done with each that the interpreter is what threads wait for.
CHUNK_NUMBERS = 1 << 20
#: Mean length of the vectors at the start, and of the noise in them.
LENGTH, NOISE = 0.5, 0.01
#: Eigenvalues below this share of the largest are rounding, not a direction.
TOLERANCE = 1e-9


def begin(by_user: csr_matrix, by_item: csr_matrix, factors: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    r"""Find vectors to start from: singular vectors, roughly, of the plays divided by the roots of frequencies.

    A randomised decomposition with one iteration. Random vectors as a start need two iterations to become that good.
    With fewer listeners or items than factors there are fewer singular vectors; a little noise
    leaves no factor without a direction to grow in.

    Parameters
    ----------
    by_user : scipy.sparse.csr_matrix, float32 > 0 [shape=(n_users, n_items)]
    by_item : scipy.sparse.csr_matrix, float32 > 0 [shape=(n_items, n_users)]
        Its transpose.
    factors : int
    rng : numpy.random.Generator

    Returns
    -------
    users : float32 [shape=(n_users, factors)]
    items : float32 [shape=(n_items, factors)]
    """
    user_roots, item_roots = (np.sqrt(np.maximum(np.diff(rows.indptr), 1)) for rows in (by_user, by_item))
    noise = rng.standard_normal((len(item_roots), factors), dtype=np.float32)
    there, back = _divided(by_user, user_roots, item_roots), _divided(by_item, item_roots, user_roots)
    items = back @ (there @ noise)
    basis = Basis.of(items)
    items @= (basis.vectors * _power(basis.values, -0.5)).astype(np.float32)
    users = there @ items
    basis = Basis.of(users)  # the squares of the singular values
    users @= (basis.vectors * _power(basis.values, -0.25)).astype(np.float32)
    items @= (basis.vectors * _power(basis.values, 0.25)).astype(np.float32)
    noise *= NOISE / np.sqrt(factors)
    return _scaled(users, user_roots), _scaled(items, item_roots) + noise


def _divided(rows: csr_matrix, own: NDArray[np.float64], other: NDArray[np.float64]) -> csr_matrix:
    values = rows.data / (np.repeat(own, np.diff(rows.indptr)) * other[rows.indices])
    return csr_matrix((values.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)


def _power(values: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """Raise eigenvalues to a power; none for those that are rounding."""
    real = values > TOLERANCE * values.max(initial=0)
    return np.where(real, np.where(real, values, 1) ** power, 0)


def _scaled(vectors: Floats, roots: NDArray[np.float64]) -> Floats:
    vectors *= roots[:, None].astype(np.float32)
    mean = np.sqrt(np.einsum("vf,vf->", vectors, vectors, dtype=np.float64) / max(1, len(vectors)))
    vectors *= np.float32(LENGTH / mean if mean else 0)
    return vectors


def approach(
    rows: csr_matrix, factors: Floats, basis: Basis, alpha: float, ridge: NDArray[np.float64], start: Floats
) -> Floats:
    r"""Come nearer to the solution of a ridge regression for each row.

    .. math:: (X^\top C X + \alpha G + \lambda I) w = X^\top C 1

    By conjugate gradients in the basis where G is diagonal, with the systems' diagonals as
    preconditioner. No row's loss ever grows.

    Parameters
    ----------
    rows : scipy.sparse.csr_matrix, float32 > 0 [shape=(n_rows, n_columns)]
        The confidences C of each row.
    factors : float32 [shape=(n_columns, d)]
        Row u uses the rows X of its columns.
    basis : Basis
        Of G.
    alpha : float
    ridge : float64 > 0 [shape=(n_rows,)]
        :math:`\lambda` of each row.
    start : float32 [shape=(n_rows, d)]

    Returns
    -------
    float32 [shape=(n_rows, d)]
        Zero for an empty row, which is its solution.
    """
    turn = basis.vectors.astype(np.float32)
    turned = factors @ turn
    near = np.zeros_like(start)

    def work(chunk: NDArray[np.int64]) -> None:
        columns, confidences = padded(rows, chunk)
        x = turned[columns]
        roots = np.sqrt(confidences, dtype=np.float32)
        if (roots != 1).any():
            x *= roots[:, :, None]
        diagonal = (alpha * basis.values + ridge[chunk, None]).astype(np.float32)
        near[chunk] = _steps(x, roots, diagonal, start[chunk] @ turn) @ turn.T

    in_chunks(work, rows, factors.shape[1], numbers=CHUNK_NUMBERS)
    return near


def _steps(x: Floats, target: Floats, diagonal: Floats, w: Floats) -> Floats:
    """Minimise ``|x w - target|² + w diagonal w`` for each row of the batch."""
    across = x.transpose(0, 2, 1)
    inverse = 1 / (diagonal + np.einsum("rif,rif->rf", x, x))
    residual = _times(across, target - _times(x, w)) - diagonal * w
    conditioned = inverse * residual
    direction, slope = conditioned, _dot(residual, conditioned)
    for step in range(STEPS):
        if step:
            conditioned = inverse * residual
            before, slope = slope, _dot(residual, conditioned)
            direction = conditioned + _ratio(slope, before) * direction
        image = _times(across, _times(x, direction)) + diagonal * direction
        length = _ratio(slope, _dot(direction, image))
        w = w + length * direction
        residual = residual - length * image
    return w


def _times(matrices: NDArray[Any], vectors: Floats) -> Floats:
    return np.asarray(np.matmul(matrices, vectors[:, :, None])[:, :, 0])


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("rf,rf->r", a, b)[:, None])


def _ratio(a: Floats, b: Floats) -> Floats:
    """Divide; 0 / 0 is 0: a row that has arrived stays."""
    return np.asarray(np.divide(a, b, out=np.zeros_like(a), where=b > 0))

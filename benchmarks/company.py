"""Who is listened to by the same people: vectors of items, and what lies in the middle of some of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.alternation import begin
from ml.models.plays import Floats
from ml.models.rows import calm_blas

#: Listeners at which an item is half trusted.
DAMPING = 5.0


@dataclass(frozen=True, slots=True)
class Company:
    """Items by the company they keep.

    The vectors are singular vectors of the plays divided by the roots of frequencies, of length 1: the cosine of two
    items is high where the same people listen to both, or to both of what others do. It is damped by
    :math:`n / (n + d)` for the n listeners of an item, since of an item with few listeners nothing is sure.

    Parameters
    ----------
    vectors : float32 [shape=(n_items, factors)]
    trust : float32 in [0, 1) [shape=(n_items,)]

    Examples
    --------
    Items 0 and 1 are heard by the same, and so are 2 and 3.

    >>> plays = csr_matrix(np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 20, axis=0), dtype=np.float32)
    >>> company = Company.of(plays, factors=2, rng=np.random.default_rng(0))
    >>> (company.around(np.array([0]), np.array([1.0])) > 0.5).tolist()
    [True, True, False, False]
    """

    vectors: Floats
    trust: Floats

    @classmethod
    def of(cls, plays: csr_matrix, *, factors: int = 64, rng: np.random.Generator) -> Company:
        """Learn from plays.

        Parameters
        ----------
        plays : csr_matrix, float32 > 0 [shape=(n_users, n_items)]
            How much each listener played; logarithms are taken of it.
        factors : int >= 1
        rng : numpy.random.Generator
        """
        counts = csr_matrix(plays, dtype=np.float32, copy=True)
        counts.data = np.log1p(counts.data)
        n_listeners = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float32)
        with calm_blas():
            _, items = begin(counts, csr_matrix(counts.T), min(factors, *counts.shape), rng)
        lengths = np.linalg.norm(items, axis=1, keepdims=True)
        vectors = np.divide(items, lengths, out=np.zeros_like(items), where=lengths > 0)
        return cls(vectors.astype(np.float32), n_listeners / (n_listeners + np.float32(DAMPING)))

    def around(self, items: NDArray[np.integer], weights: NDArray[np.floating]) -> Floats:
        """Give how near each item is to the middle of some, float32 [shape=(n_items,)]; 0 or less: not at all.

        Parameters
        ----------
        items : int [shape=(n,)]
        weights : float >= 0 [shape=(n,)]
            How much each counts, beside how sure its vector is.
        """
        middle = (np.asarray(weights, dtype=np.float32) * self.trust[items]) @ self.vectors[items]
        length = float(np.linalg.norm(middle))
        if length == 0:
            return np.zeros(len(self.vectors), dtype=np.float32)
        found: Floats = (self.vectors @ (middle / np.float32(length))) * self.trust
        return found

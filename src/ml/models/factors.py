"""What models have in common that score by the product of two vectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Indices, Plays


@dataclass
class Factorised(ABC):
    """A model that holds a vector for each item, and finds a listener's by :meth:`fold_in`."""

    item_factors: Floats | None = field(default=None, init=False, repr=False)
    _columns: Floats | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.item_factors is None else len(self.item_factors)

    @abstractmethod
    def fold_in(self, history: Plays) -> NDArray[np.float64]:
        """Find the vectors of listeners, float64 [shape=(n_users, factors)]."""

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        users = self.fold_in(history).astype(np.float32)
        assert self.item_factors is not None
        if items is not None:
            return np.asarray(users @ self.item_factors[items].T)
        if self._columns is None:
            # BLAS reads the factors of all items twice as fast in this order.
            self._columns = np.ascontiguousarray(self.item_factors.T)
        return np.asarray(users @ self._columns)

    def _hold(self, item_factors: Floats) -> None:
        """Take vectors of items, and forget what was derived from others."""
        self.item_factors, self._columns = item_factors, None


class Basis(NamedTuple):
    """Eigenvectors, in columns, and eigenvalues of ``factors.T @ diag(weights) @ factors``, float64."""

    vectors: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, factors: NDArray[Any], weights: NDArray[np.floating] | None = None) -> Basis:
        """Decompose, block by block so that no second copy in float64 is held."""
        n_factors = factors.shape[1]
        gram = np.zeros((n_factors, n_factors))
        for first in range(0, len(factors), 8192):
            block = factors[first : first + 8192].astype(np.float64)
            if weights is not None:
                block *= np.sqrt(weights[first : first + 8192, None])
            gram += block.T @ block  # BLAS computes half of it, since both are the same
        values, vectors = np.linalg.eigh(gram)
        return cls(vectors, np.maximum(values, 0))

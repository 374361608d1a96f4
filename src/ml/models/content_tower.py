"""Taste as a vector, and a vector for what nobody has heard: attributes mapped to factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.attributes import attributes
from ml.models.base import TrainingData
from ml.models.ials import ImplicitALS

Matrix = NDArray[np.float64]

#: Steps of conjugate gradients at most, and the share of the residual at which they stop.
STEPS, TOLERANCE = 100, 1e-4


@dataclass
class ContentTower(ImplicitALS):
    r"""Score as :class:`~ml.models.ials.ImplicitALS`, with vectors that lean on what an item is.

    After the factors :math:`h_i` are learned from plays, a linear map from attributes to factors is learned
    from the items that somebody has heard,

    .. math::

        \min_M \sum_i \frac{\sqrt{n_i}}{Z} \lVert h_i - M^\top a_i \rVert^2 + \lambda_a \lVert M \rVert^2,
        \qquad h'_i = \frac{n_i\, h_i + k\, M^\top a_i}{n_i + k}

    with :math:`n_i` the listeners of an item, Z the mean of the roots, and a the attributes of
    :func:`ml.models.attributes.attributes`: tags, artist, sound and year. An item that nobody has heard gets what
    its attributes say, one that many have heard what they say, and there is no seam between the two. What nothing
    is known of gets the map's constant. Where no item has any attribute, the model is ImplicitALS.

    Parameters
    ----------
    attribute_regularization : float > 0
        :math:`\lambda_a`.
    prior_listeners : float >= 0
        k: how many listeners an item's attributes are worth.
    unheard_scale : float >= 0
        What the vector of an item that nobody has heard is multiplied by: more than 1 offers more of them. Alone, 2
        fills most places of a list with them; in the hybrid, where others speak for what was heard, it costs nothing.

    References
    ----------
    Gantner et al., "Learning attribute-to-feature mappings for cold-start recommendations", ICDM 2010.

    Examples
    --------
    Two circles of listeners; nobody has heard item 4, which is tagged as items 0 and 1 are.

    >>> from ml.models.plays import Plays
    >>> plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=5)
    >>> tags = csr_matrix([[1, 0], [1, 0], [0, 1], [0, 1], [1, 0]], dtype=np.float32)
    >>> data = TrainingData(plays, tags, np.full(5, -1))
    >>> tower = ContentTower(factors=2, regularization=0.1, attribute_regularization=0.1)
    >>> scores = tower.fit(data, rng=np.random.default_rng(0)).score(Plays.of([[0], [2]], n_items=5))
    >>> bool(scores[0, 4] > 0.5 > abs(scores[1, 4]))
    True
    """

    attribute_regularization: float = 3.0
    prior_listeners: float = 1.0
    unheard_scale: float = 1.0
    name: ClassVar[str] = "content_tower"

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn factors from plays, then what attributes say of them."""
        super().fit(data, rng=rng)
        assert self.item_factors is not None
        known = attributes(data)
        if known.shape[1] == 1:
            # Nothing is told but the constant: an average taste is no news of an item.
            return self
        listeners = np.bincount(data.plays.counts.indices, minlength=data.n_items).astype(np.float64)
        said = self._said(known, self.item_factors.astype(np.float64), listeners)
        said[listeners == 0] *= self.unheard_scale
        own = listeners / np.maximum(listeners + self.prior_listeners, np.finfo(np.float64).tiny)
        mixed = own[:, None] * self.item_factors + (1 - own[:, None]) * said
        return self.restore(self.arrays() | {"item_factors": mixed.astype(np.float32)})

    def _said(self, known: csr_matrix, factors: Matrix, listeners: NDArray[np.float64]) -> Matrix:
        """Give the vectors that attributes speak of, float64 [shape=(n_items, factors)]."""
        heard = np.flatnonzero(listeners)
        if not len(heard):
            return np.zeros_like(factors)
        weights = np.sqrt(listeners[heard])
        found = ridge(known[heard], factors[heard], weights / weights.mean(), self.attribute_regularization)
        return np.asarray(known @ found)


def ridge(x: csr_matrix, y: Matrix, weights: NDArray[np.float64], regularization: float) -> Matrix:
    r"""Solve :math:`(X^\top W X + \lambda I) B = X^\top W Y` by conjugate gradients, all columns side by side.

    Parameters
    ----------
    x : scipy.sparse.csr_matrix [shape=(n, n_attributes)]
    y : float64 [shape=(n, d)]
    weights : float64 >= 0 [shape=(n,)]
    regularization : float > 0

    Returns
    -------
    float64 [shape=(n_attributes, d)]

    Examples
    --------
    >>> ridge(csr_matrix([[1.0], [1.0]]), np.array([[1.0], [2.0]]), np.ones(2), 1.0)
    array([[1.]])
    """
    transposed = csr_matrix(x.T.multiply(weights))
    found = np.zeros((x.shape[1], y.shape[1]))
    residual = transposed @ y
    direction = residual.copy()
    size = np.square(residual).sum(axis=0)
    enough = TOLERANCE**2 * size
    for _ in range(STEPS):
        if (size <= enough).all():
            break
        image = transposed @ (x @ direction) + regularization * direction
        length = size / np.maximum((direction * image).sum(axis=0), np.finfo(np.float64).tiny)
        found += length * direction
        residual -= length * image
        before, size = size, np.square(residual).sum(axis=0)
        direction = residual + size / np.maximum(before, np.finfo(np.float64).tiny) * direction
    return found

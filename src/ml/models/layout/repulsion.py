r"""How points in the plane push each other apart: all on all, by a grid and a Fourier transform.

Method
------
With :math:`K(d) = 1 / (1 + |d|^2)`, point i is pushed by :math:`\sum_j K(y_i - y_j)^2 (y_i - y_j) / Z`,
:math:`Z = \sum_{i \ne j} K(y_i - y_j)`. Each point is spread over the 3 × 3 nodes around it, so that quadratics
are met exactly; nodes act on nodes by a convolution, and what comes of it is read at each point with the same weights.

References
----------
Linderman, Rachh, Hoskins, Steinerberger and Kluger, "Fast interpolation-based t-SNE for improved visualization of
single-cell RNA-seq data", Nature Methods 16, 2019.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float32]
#: Between two nodes, in the units of the plane, as long as there is room for so many nodes.
_STEP, _MOST_NODES = 0.35, 1_024
#: Of so few, sums over all pairs are quicker.
_FEW = 400
#: A grid is made larger than is needed at once: its transforms are made once for many steps.
_AHEAD = 1.3


class Repulsion:
    """Pushes, with a grid that grows with what is laid out."""

    def __init__(self) -> None:
        self._reach = 0.0
        self._nodes, self._step = 0, 0.0
        self._kernels: NDArray[np.complexfloating] = np.empty((3, 0, 0), dtype=np.complex64)

    def of(self, points: Floats) -> tuple[Floats, float]:
        """Give the pushes, float32 [shape=(n, 2)], which are to be divided by the second number, Z."""
        if len(points) <= _FEW:
            return _summed(points)
        reach = float(np.abs(points).max(initial=1.0))
        if reach > self._reach:
            self._lay(reach * _AHEAD)
        places, weights = self._spread(points)
        size = self._nodes
        mass = np.bincount(places.ravel(), weights.ravel(), minlength=size * size).astype(np.float32)
        twice = 2 * size
        waves = fft.rfft2(mass.reshape(size, size), s=(twice, twice))
        fields = fft.irfft2(waves[None] * self._kernels, s=(twice, twice))[:, size : 2 * size, size : 2 * size]
        read = np.einsum("fnw,nw->nf", fields.reshape(3, -1)[:, places], weights)
        return read[:, 1:], float(read[:, 0].sum(dtype=np.float64)) - len(points)

    def _lay(self, reach: float) -> None:
        """Lay a grid over all between ``-reach`` and ``reach``."""
        self._reach = reach
        wanted = int(np.ceil(2 * reach / _STEP)) + 3
        self._nodes = fft.next_fast_len(min(max(wanted, 64), _MOST_NODES), real=True)
        self._step = 2 * reach / (self._nodes - 3)
        apart = (np.arange(2 * self._nodes) - self._nodes) * self._step
        near = 1 / (1 + apart[:, None] ** 2 + apart[None, :] ** 2)
        kernels = np.stack([near, near**2 * apart[:, None], near**2 * apart[None, :]]).astype(np.float32)
        self._kernels = fft.rfft2(kernels)

    def _spread(self, points: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Give the nine nodes around each point, and how much of it each has."""
        at = (points + np.float32(self._reach)) / np.float32(self._step) + 1
        middle = np.rint(at)
        off = at - middle
        weights = np.stack([off * (off - 1) / 2, 1 - off * off, off * (off + 1) / 2], axis=2)
        nodes = middle.astype(np.int64)[:, :, None] + np.array([-1, 0, 1])
        places = nodes[:, 0, :, None] * self._nodes + nodes[:, 1, None, :]
        both = weights[:, 0, :, None] * weights[:, 1, None, :]
        return places.reshape(len(points), 9), both.reshape(len(points), 9)


def _summed(points: Floats) -> tuple[Floats, float]:
    apart = points[:, None] - points[None]
    near = 1 / (1 + np.einsum("ijd,ijd->ij", apart, apart))
    pushes = np.einsum("ij,ijd->id", near * near, apart)
    return np.asarray(pushes, dtype=np.float32), float(near.sum(dtype=np.float64)) - len(points)

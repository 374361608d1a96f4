"""Kernel ridge regression on standardised blocks of a vector, with a weight for each track.

Conventions
-----------
- Vectors are standardised by the training tracks and cut at four deviations: a track unlike all others is far, and not
  infinitely so.
- Each block of the vector counts by its size to the power of 1 - ``balance``: 0 counts places, 1 counts blocks.
- The kernel is ``exp(-gamma * d)``, with ``d`` about 1 between two tracks that have nothing in common.
- A track weighs ``n ** -evenness``, where its group has ``n`` tracks: at 1 each artist counts the same.

References
----------
Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables" (1998); with labels as 0 and 1 it
is the least squares support vector machine of Suykens and Vandewalle (1999), up to the bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

#: Standardised values are cut at so many deviations: one odd number is no reason to be unlike everything.
FAR = 4.0
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen for each data set by its inner folds.

    Parameters
    ----------
    gamma, ridge : float > 0
    balance, evenness : float in [0, 1]
    """

    gamma: float = 1.0
    ridge: float = 0.3
    balance: float = 0.5
    evenness: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class KernelRidge:
    """A fitted regression.

    Parameters
    ----------
    mean, scale : float32 [shape=(n_places,)]
        A place is ``(value - mean) * scale``; blocks are weighted by ``scale`` too.
    support : float32 [shape=(n_tracks, n_places)]
        Training tracks, scaled.
    dual : float32 [shape=(n_tracks, n_targets)]
    bias : float32 [shape=(n_targets,)]
    limit : float32 [shape=(n_places,)]
        Where scaled values are cut.
    gamma : float
    """

    mean: Floats
    scale: Floats
    limit: Floats
    support: Floats
    dual: Floats
    bias: Floats
    gamma: float

    def scores(self, vectors: Floats) -> Doubles:
        """Give the regression's values for vectors [shape=(n, n_places)], float64 [shape=(n, n_targets)]."""
        scaled = np.clip((vectors - self.mean) * self.scale, -self.limit, self.limit)
        return np.asarray(self.bias + np.exp(-self.gamma * squared(scaled, self.support)) @ self.dual, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Training tracks where they are compared: scaled, and with what each one weighs.

    Parameters
    ----------
    mean, scale, limit : float64 [shape=(n_places,)]
    support : float64 [shape=(n_tracks, n_places)]
    weight : float64 > 0 [shape=(n_tracks,)]
        Their mean is 1.
    """

    mean: Doubles
    scale: Doubles
    limit: Doubles
    support: Doubles
    weight: Doubles

    @classmethod
    def of(
        cls, vectors: Floats, groups: NDArray[np.intp], blocks: Sequence[slice], *, balance: float, evenness: float
    ) -> Space:
        """Scale tracks by themselves.

        Parameters
        ----------
        vectors : float32 [shape=(n, n_places)]
        groups : intp [shape=(n,)]
        blocks : sequence of slice
            They cover the vector.
        balance, evenness : float
            See :class:`Settings`.
        """
        weight = np.bincount(groups)[groups].astype(np.float64) ** -evenness
        weight /= weight.mean()
        share = weight / len(weight)
        mean = share @ vectors
        spread = np.sqrt(share @ np.square(vectors - mean))
        part = np.sqrt(_parts(blocks, balance) / 2)
        # A place that never changes says nothing; d is the mean over places of half the squared difference.
        scale = np.divide(part, spread, out=np.zeros_like(spread), where=spread > 1e-6 * (1 + np.abs(mean)))
        limit = FAR * part
        return cls(mean, scale, limit, np.clip((vectors - mean) * scale, -limit, limit), weight)

    def distances(self, vectors: Floats) -> Doubles:
        """Give the distance of vectors [shape=(n, n_places)] from the tracks, float64 [shape=(n, n_tracks)]."""
        return squared(np.clip((vectors - self.mean) * self.scale, -self.limit, self.limit), self.support)

    def solve(self, kernel: Doubles, targets: Doubles, ridge: float) -> tuple[Doubles, Doubles]:
        """Give dual coefficients and bias [shapes=(n_tracks, n_targets), (n_targets,)] for a kernel of the tracks."""
        bias = self.weight @ targets / len(targets)
        dual = np.linalg.solve(kernel + np.diag(ridge / self.weight), targets - bias)
        return np.asarray(dual, dtype=np.float64), bias


def fit(
    vectors: Floats, targets: Doubles, groups: NDArray[np.intp], settings: Settings, blocks: Sequence[slice]
) -> KernelRidge:
    """Fit a regression.

    Parameters
    ----------
    vectors : float32 [shape=(n, n_places)]
    targets : float64 [shape=(n, n_targets)]
    groups : intp [shape=(n,)]
    settings : Settings
    blocks : sequence of slice
        They cover the vector.
    """
    space = Space.of(vectors, groups, blocks, balance=settings.balance, evenness=settings.evenness)
    kernel = np.exp(-settings.gamma * squared(space.support, space.support))
    dual, bias = space.solve(kernel, targets, settings.ridge)
    parts = {"mean": space.mean, "scale": space.scale, "limit": space.limit, "support": space.support}
    single = {name: each.astype(np.float32) for name, each in (parts | {"dual": dual, "bias": bias}).items()}
    return KernelRidge(**single, gamma=settings.gamma)


def squared(one: NDArray[np.floating], other: NDArray[np.floating]) -> Doubles:
    """Give squared distances of rows, float64 >= 0 [shape=(n_one, n_other)].

    >>> squared(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).tolist()
    [[25.0]]
    """
    one, other = one.astype(np.float64), other.astype(np.float64)
    lengths = np.square(one).sum(axis=1)[:, np.newaxis] + np.square(other).sum(axis=1)
    return np.asarray(np.maximum(lengths - 2 * one @ other.T, 0.0))


def _parts(blocks: Sequence[slice], balance: float) -> Doubles:
    """Give what each place counts; all together 1."""
    sizes = np.array([block.stop - block.start for block in blocks], dtype=np.float64)
    counts = sizes ** (1 - balance)
    return np.repeat(counts / counts.sum() / sizes, sizes.astype(int))

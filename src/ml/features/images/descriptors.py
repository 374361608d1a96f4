"""Descriptors: what is to be seen around a keypoint, whatever its scale and direction.

Method
------
Histograms of gradients in 4 × 4 parts and 8 directions (SIFT), as square roots of shares (RootSIFT), so that the dot
product of two is 1 for the same and the Euclidean distance the Hellinger distance of the histograms.

References
----------
D. G. Lowe, IJCV 60(2), 2004; R. Arandjelović, A. Zisserman, "Three things everyone should know to improve object
retrieval", CVPR 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.images.keypoints import Floats, Keypoints, Pyramid, keypoints, sampled

Bytes = NDArray[np.uint8]
#: Numbers of a descriptor.
SIZE = 128
#: A descriptor as bytes is it by this; the few numbers above a half are cut off there.
SCALE = 510.0
_PARTS, _DIRECTIONS, _SAMPLES = 4, 8, 16
#: Width of a part, in standard deviations of the keypoint.
_WIDTH = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class LocalFeatures:
    """What is known of the details of a picture.

    Parameters
    ----------
    places : float32 [shape=(n, 2)]
        Column and row, both as shares of the width.
    sizes : float32 [shape=(n,)]
        As shares of the width.
    angles : float32 [shape=(n,)]
        Radians.
    descriptors : uint8 [shape=(n, 128)]
        Times :data:`SCALE`.
    """

    places: Floats
    sizes: Floats
    angles: Floats
    descriptors: Bytes

    def __len__(self) -> int:
        return len(self.sizes)


def local_features(grey: Floats, most: int) -> LocalFeatures:
    """Describe the details of a picture.

    Parameters
    ----------
    grey : float32 [shape=(height, width)]
        From 0 to 255, 32 pixels or more.
    most : int
        Places, see :func:`~ml.features.images.keypoints.keypoints`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> picture = np.kron(rng.uniform(0, 255, (12, 12)), np.ones((10, 10))).astype(np.float32)
    >>> one, turned = local_features(picture, 100), local_features(np.rot90(picture).copy(), 100)
    >>> alike = (one.descriptors / SCALE) @ (turned.descriptors / SCALE).T
    >>> bool(np.median(alike.max(axis=1)) > 0.95)
    True
    """
    points, pyramid = keypoints(grey, most)
    width = grey.shape[1]
    places = ((points.places + 0.5) / width).astype(np.float32)
    return LocalFeatures(places, points.sizes / width, points.angles, descriptors(points, pyramid))


def descriptors(points: Keypoints, pyramid: Pyramid) -> Bytes:
    """Describe what is around keypoints, uint8 [shape=(n, 128)]."""
    if not len(points):
        return np.empty((0, SIZE), dtype=np.uint8)
    unit, spread = _GRID, _WEIGHTS
    scale = (points.sizes * 0.5 ** pyramid.octaves[points.levels]).astype(np.float32)[:, None]
    cos, sin = np.cos(points.angles)[:, None] * scale, np.sin(points.angles)[:, None] * scale
    across, down = cos * unit[:, 0] - sin * unit[:, 1], sin * unit[:, 0] + cos * unit[:, 1]
    right, below = sampled(pyramid, points, across, down)
    size = np.hypot(right, below)
    turn = (np.arctan2(below, right) - points.angles[:, None]) * np.float32(_DIRECTIONS / (2 * np.pi)) % _DIRECTIONS
    low = turn.astype(np.int64)
    share = turn - low
    n, samples = size.shape
    bins = np.zeros((n * samples, _DIRECTIONS), dtype=np.float32)
    every, low = np.arange(n * samples), low.ravel() % _DIRECTIONS
    bins[every, low] = (size * (1 - share)).ravel()
    bins[every, (low + 1) % _DIRECTIONS] = (size * share).ravel()
    sums = np.matmul(spread.T, bins.reshape(n, samples, _DIRECTIONS)).reshape(n, SIZE)
    # No single gradient counts for more than a fifth: light makes some of them large.
    length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    shares = np.minimum(sums / length, 0.2)
    rooted = np.sqrt(shares / (shares.sum(axis=1, keepdims=True) + 1e-6))
    return np.asarray(np.minimum(np.round(rooted * SCALE), 255), dtype=np.uint8)


def _grid() -> tuple[Floats, Floats]:
    """Give where samples lie, in standard deviations, and how much each is of each part."""
    half = _PARTS * _WIDTH / 2
    line = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * 2 * half - half
    unit = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    middles = (np.arange(_PARTS) + 0.5) * _WIDTH - half
    near = np.clip(1 - np.abs(line[:, None] - middles) / _WIDTH, 0, None)
    fall = np.exp(-(line**2) / (2 * half**2))
    weights = np.einsum("yi,xj,y,x->yxij", near, near, fall, fall).reshape(_SAMPLES**2, _PARTS**2)
    return unit.astype(np.float32), weights.astype(np.float32)


_GRID, _WEIGHTS = _grid()

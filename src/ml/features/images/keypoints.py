"""Keypoints: places that another picture of the same thing shows again, with their scale and direction.

Method
------
Differences of Gaussians (Lowe 2004) over octaves of three scales, from the picture as it is: what is smaller than its
pixels is of no use in a photograph of it. Extrema in place and scale are refined by a parabola; edges are dropped. The
strongest stay, a few of each part of the picture first. A direction is a peak of the histogram of gradients around.

References
----------
D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60(2), 2004.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
_SCALES, _SIGMA, _OWN_BLUR = 3, 1.6, 0.6
#: Levels of 255 that an extremum is above or below its surroundings, at least.
_CONTRAST = 1.0
#: Ratio of curvatures from which on it is an edge.
_EDGE = 10.0
_SMALLEST, _BORDER = 20, 5
_PARTS, _BINS, _REACH = 8, 36, 7
#: The level from which on keypoints are large, and the share of all that is kept for them: where a texture repeats by
#: the thousand, the small ones are all the same.
_LARGE, _RESERVED = 2 * _SCALES, 1 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """Gradients of a picture at all scales, flat.

    Parameters
    ----------
    across, down : float32 [shape=(n,)]
        The parts of all gradients, level after level.
    starts, heights, widths, octaves : int64 [shape=(n_levels,)]
    sigmas : float32 [shape=(n_levels,)]
        In pixels of the octave.
    """

    across: Floats
    down: Floats
    starts: Indices
    heights: Indices
    widths: Indices
    octaves: Indices
    sigmas: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Keypoints, the strongest first.

    Parameters
    ----------
    places : float32 [shape=(n, 2)]
        Column and row, in pixels of the picture.
    sizes : float32 [shape=(n,)]
        Standard deviation of the Gaussian, in pixels of the picture.
    angles : float32 [shape=(n,)]
        Radians.
    levels : int64 [shape=(n,)]
        Where in the pyramid each was found.
    """

    places: Floats
    sizes: Floats
    angles: Floats
    levels: Indices

    def __len__(self) -> int:
        return len(self.sizes)


def keypoints(grey: Floats, most: int) -> tuple[Keypoints, Pyramid]:
    """Find keypoints.

    Parameters
    ----------
    grey : float32 [shape=(height, width)]
        From 0 to 255.
    most : int
        Places; one in some has two directions and counts twice.

    Returns
    -------
    Keypoints, Pyramid
    """
    blurred, found, levels = _octave(gaussian_filter(grey, np.sqrt(_SIGMA**2 - _OWN_BLUR**2))), [], []
    octave = 0
    while True:
        steps = blurred[1:] - blurred[:-1]
        found.append(_extrema(steps, octave))
        levels += [(blurred[scale], octave, _SIGMA * 2 ** (scale / _SCALES)) for scale in range(1, _SCALES + 1)]
        smaller = blurred[_SCALES][::2, ::2]
        if min(smaller.shape) < _SMALLEST:
            break
        blurred, octave = _octave(smaller), octave + 1
    pyramid = _pyramid(levels)
    rows = _spread(np.concatenate(found), grey.shape, most)
    return _directed(rows, pyramid), pyramid


def _octave(picture: Floats) -> Floats:
    """Blur a picture step by step, float32 [shape=(6, height, width)]."""
    layers = [picture]
    for scale in range(1, _SCALES + 3):
        before, after = (_SIGMA * 2 ** (one / _SCALES) for one in (scale - 1, scale))
        layers.append(gaussian_filter(layers[-1], np.sqrt(after**2 - before**2), truncate=3.0))
    return np.stack(layers)


def _extrema(steps: Floats, octave: int) -> Floats:
    """Give rows of strength, column, row, scale, level; float32 [shape=(n, 5)], column and row in the picture."""
    height, width = steps.shape[1:]
    inner = steps[1:-1, _BORDER:-_BORDER, _BORDER:-_BORDER]
    above, below = inner > _CONTRAST, inner < -_CONTRAST
    for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0)):  # most fall here: the rest is looked at for few
        rows = slice(_BORDER + down, height - _BORDER + down)
        beside = steps[1:-1, rows, _BORDER + across : width - _BORDER + across]
        above &= inner >= beside
        below &= inner <= beside
    scale, row, column = np.nonzero(above | below)
    at: tuple[Indices, ...] = (scale + 1, row + _BORDER, column + _BORDER)
    value = steps[at]
    for step in ((0, 1, 1), (0, 1, -1)):
        keep = _beyond(steps, at, value, step) & _beyond(steps, at, value, tuple(-one for one in step))
        at, value = tuple(one[keep] for one in at), value[keep]
    for near in np.ndindex(3, 3):
        for layer in (-1, 1):
            keep = _beyond(steps, at, value, (layer, near[0] - 1, near[1] - 1))
            at, value = tuple(one[keep] for one in at), value[keep]
    return _refined(steps, at, value, octave)


def _beyond(steps: Floats, at: tuple[Indices, ...], value: Floats, step: tuple[int, ...]) -> NDArray[np.bool_]:
    other = steps[at[0] + step[0], at[1] + step[1], at[2] + step[2]]
    return np.asarray(np.where(value > 0, value >= other, value <= other))


def _refined(steps: Floats, at: tuple[Indices, ...], value: Floats, octave: int) -> Floats:
    scale, row, column = at
    right, left = steps[scale, row, column + 1], steps[scale, row, column - 1]
    below, above = steps[scale, row + 1, column], steps[scale, row - 1, column]
    up, down = steps[scale + 1, row, column], steps[scale - 1, row, column]
    xx, yy, ss = right + left - 2 * value, below + above - 2 * value, up + down - 2 * value
    corners = [steps[scale, row + i, column + j] for i, j in ((1, 1), (-1, -1), (1, -1), (-1, 1))]
    xy = (corners[0] + corners[1] - corners[2] - corners[3]) / 4
    determinant, trace = xx * yy - xy**2, xx + yy
    keep = (determinant > 0) & (trace**2 * _EDGE < (_EDGE + 1) ** 2 * determinant)
    shift = [_step(a, b, curve) for a, b, curve in ((right, left, xx), (below, above, yy), (up, down, ss))]
    zoom = 2.0**octave
    size = _SIGMA * 2 ** ((scale + shift[2]) / _SCALES) * zoom
    level = octave * _SCALES + np.clip(np.round(scale + shift[2]), 1, _SCALES) - 1
    columns = [np.abs(value), (column + shift[0]) * zoom, (row + shift[1]) * zoom, size, level]
    return np.stack([np.asarray(one, dtype=np.float32)[keep] for one in columns], axis=1)


def _step(after: Floats, before: Floats, curve: Floats) -> Floats:
    steps = np.divide(-(after - before) / 2, curve, out=np.zeros_like(curve), where=np.abs(curve) > 1e-6)
    return np.asarray(np.clip(steps, -0.6, 0.6))


def _spread(rows: Floats, shape: tuple[int, ...], most: int) -> Floats:
    """Keep the strongest: some of the large ones, then those that are among the strong ones of their part."""
    rows = rows[np.argsort(-rows[:, 0], kind="stable")]
    large = rows[:, 4] >= _LARGE
    large &= np.cumsum(large) <= _RESERVED * most
    part = (rows[:, 1] * _PARTS / shape[1]).astype(int) * _PARTS + (rows[:, 2] * _PARTS / shape[0]).astype(int)
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], part[order])
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) - starts
    quota = max(1, most // _PARTS**2)
    return rows[np.lexsort((np.arange(len(rows)), rank // quota, ~large))[:most]]


def _pyramid(levels: list[tuple[Floats, int, float]]) -> Pyramid:
    across, down = [], []
    for picture, _, _ in levels:
        right, below = np.zeros_like(picture), np.zeros_like(picture)
        right[:, 1:-1] = picture[:, 2:] - picture[:, :-2]
        below[1:-1] = picture[2:] - picture[:-2]
        across.append(right.ravel())
        down.append(below.ravel())
    sizes = np.array([len(one) for one in across])
    return Pyramid(
        np.concatenate(across),
        np.concatenate(down),
        np.cumsum(sizes) - sizes,
        np.array([picture.shape[0] for picture, _, _ in levels]),
        np.array([picture.shape[1] for picture, _, _ in levels]),
        np.array([octave for _, octave, _ in levels]),
        np.array([sigma for _, _, sigma in levels], dtype=np.float32),
    )


def sampled(pyramid: Pyramid, points: Keypoints, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Read gradients around keypoints.

    Parameters
    ----------
    pyramid : Pyramid
    points : Keypoints
    across, down : float32 [shape=(n, n_samples)]
        Where, in pixels of the octave of each, from the keypoint.

    Returns
    -------
    across, down : float32 [shape=(n, n_samples)]
        Zero outside the picture.
    """
    zoom = (0.5 ** pyramid.octaves[points.levels]).astype(np.float32)
    width, height = pyramid.widths[points.levels][:, None], pyramid.heights[points.levels][:, None]
    column = (across + (points.places[:, 0] * zoom)[:, None] + 0.5).astype(np.int32)
    row = (down + (points.places[:, 1] * zoom)[:, None] + 0.5).astype(np.int32)
    outside = (column < 0) | (row < 0) | (column >= width) | (row >= height)
    at = np.where(outside, 0, row * width + column) + pyramid.starts[points.levels][:, None]
    right, below = pyramid.across[at], pyramid.down[at]
    right[outside] = below[outside] = 0.0
    return right, below


def _directed(rows: Floats, pyramid: Pyramid) -> Keypoints:
    """Give each its direction, and those with two of them both."""
    bare = Keypoints(rows[:, 1:3], rows[:, 3], np.zeros(len(rows), dtype=np.float32), rows[:, 4].astype(np.int64))
    if not len(bare):
        return bare
    grid = np.arange(-_REACH, _REACH + 1, dtype=np.float32)
    unit = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    step = (bare.sizes * (0.5 ** pyramid.octaves[bare.levels]) * 4.5 / _REACH)[:, None].astype(np.float32)
    right, below = sampled(pyramid, bare, unit[:, 0] * step, unit[:, 1] * step)
    weight = np.hypot(right, below) * np.exp(-4.5 * (unit**2).sum(axis=1) / (2 * _REACH**2))
    bins = ((np.arctan2(below, right) * (_BINS / (2 * np.pi))) % _BINS).astype(np.int64) % _BINS
    at = bins + _BINS * np.arange(len(bare))[:, None]
    counts = np.asarray(np.bincount(at.ravel(), weight.ravel(), _BINS * len(bare)), dtype=float).reshape(-1, _BINS)
    for _ in range(2):
        counts = (np.roll(counts, 1, 1) + counts + np.roll(counts, -1, 1)) / 3
    before, after = np.roll(counts, 1, 1), np.roll(counts, -1, 1)
    peak = (counts >= before) & (counts > after)
    height = np.where(peak, counts, 0.0)
    first = height.argmax(axis=1)
    second = np.where(np.arange(_BINS) == first[:, None], 0.0, height)
    other = second.argmax(axis=1)
    every = np.arange(len(bare))
    twice = np.flatnonzero(second[every, other] > 0.8 * height[every, first])
    which, bin_ = np.concatenate((every, twice)), np.concatenate((first, other[twice]))
    low, mid, high = before[which, bin_], counts[which, bin_], after[which, bin_]
    curve = low - 2 * mid + high
    offset = np.divide((low - high) / 2, curve, out=np.zeros_like(curve), where=curve < 0)
    angles = (bin_ + 0.5 + offset) * (2 * np.pi / _BINS)
    order = np.argsort(which, kind="stable")
    which = which[order]
    return Keypoints(bare.places[which], bare.sizes[which], angles[order].astype(np.float32), bare.levels[which])

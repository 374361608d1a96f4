"""Whether two pictures are the same, pixel by pixel, once one was laid upon the other.

Method
------
The query is warped to where the reference lies in it (:func:`warped`); the homography is corrected by the pixels
themselves (:func:`aligned`, Gauss-Newton on light, after Baker and Matthews). Light is then explained away
(:func:`compared`): one brightness with a slope over the picture, an offset, and a slight cast; what a lamp's reflection
covers counts for no more than any other pixel that differs. What is left tells the members of a series from each other.

Conventions
-----------
Pictures are float32 [shape=(height, width, 3)] from 0 to 255. A homography leads from the unit square of the
reference to places of the query, in shares of its width (:mod:`ml.features.images.homography`).

References
----------
S. Baker, I. Matthews, "Lucas-Kanade 20 years on: a unifying framework", IJCV 56(3), 2004.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, uniform_filter

from ml.features.images.homography import CORNERS, Doubles, is_possible, moved
from ml.features.images.keypoints import Floats

Flags = NDArray[np.bool_]
#: Levels from which on a pixel differs, and no more than that is counted.
CAP = 32.0
_ROUNDS = 3
#: Pixels of a side that light is looked for by.
_THIN = 32
#: A correction that moves nothing by more than that, in sides, is the last.
_STILL = 3e-4
#: How far a correction may move a corner, in sides.
_REACH = 0.15
#: Standard deviation of what counts as light and not as picture, share of a side.
_SMOOTH = 0.08
#: How little the colours of light are believed to change: a penalty on casts, in pixels that speak against them.
_STIFF = 0.02
#: What a cast of red adds to the channels, and one of blue.
_RED: Floats = np.array([1.0, -0.5, -0.5], dtype=np.float32)
_BLUE: Floats = np.array([0.0, -1.0, 1.0], dtype=np.float32)
#: Side of the part of a picture in which differences are looked for together.
_PART = 9


class Layers:
    """A query at several resolutions, halved each time.

    Parameters
    ----------
    picture : float32 [shape=(height, width, 3)]
    """

    def __init__(self, picture: Floats) -> None:
        self.pictures = [picture]
        while min(self.pictures[-1].shape[:2]) >= 64:
            last = self.pictures[-1]
            even = last[: len(last) // 2 * 2, : last.shape[1] // 2 * 2]
            quarters = even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
            self.pictures.append((quarters / 4).astype(np.float32))

    @cached_property
    def grey(self) -> Layers:
        """The same without colours, float32 [shape=(height, width, 1)]."""
        return Layers(self.pictures[0].mean(axis=2, keepdims=True))

    def at(self, side: float, n: int) -> Floats:
        """Give the one in which something has about ``n`` pixels, or a bit more, that has ``side`` of the width."""
        across = side * self.pictures[0].shape[1]
        level = int(np.clip(np.floor(np.log2(max(across / n, 1.0)) + 0.3), 0, len(self.pictures) - 1))
        return self.pictures[level]


def warped(layers: Layers, homography: Doubles, n: int) -> tuple[Floats, Flags]:
    """Lay the part of a query upright in which a reference lies.

    Returns
    -------
    float32 [shape=(n, n, n_channels)], bool [shape=(n, n)]
        The second says which pixels the query has.
    """
    corners = moved(homography, CORNERS)
    side = float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).mean())
    source = layers.at(side, n)
    height, width, channels = source.shape
    middle = (np.arange(n) + 0.5) / n
    across, down, depth = (one[0] * middle + (one[1] * middle + one[2])[:, None] for one in homography)
    depth[np.abs(depth) < 1e-9] = 1e-9
    column, row = across / depth * width - 0.5, down / depth * width - 0.5
    seen = (column > -0.5) & (row > -0.5) & (column < width - 0.5) & (row < height - 0.5)
    column, row = np.clip(column, 0, width - 1.001).ravel(), np.clip(row, 0, height - 1.001).ravel()
    left, top = column.astype(np.int32), row.astype(np.int32)
    u, v = (column - left).astype(np.float32), (row - top).astype(np.float32)
    flat, at = source.reshape(-1, channels), top * width + left
    picture = np.zeros((n * n, channels), dtype=np.float32)
    for step, share in ((0, (1 - u) * (1 - v)), (1, u * (1 - v)), (width, (1 - u) * v), (width + 1, u * v)):
        picture += np.take(flat, at + step, axis=0) * share[:, None]
    return picture.reshape(n, n, channels), seen


def aligned(reference: Floats, layers: Layers, homography: Doubles) -> Doubles:
    """Correct a homography by the pixels, from coarse to fine.

    Parameters
    ----------
    reference : float32 [shape=(n, n, 3)]
        ``n`` is a multiple of four.
    layers : Layers
    homography : float64 [shape=(3, 3)]

    Returns
    -------
    float64 [shape=(3, 3)]
        The one that was given, where no better one is found.
    """
    grey = reference.mean(axis=2)
    half = _halved(grey)
    begin = moved(homography, CORNERS)
    reach = _REACH * float(np.hypot(*(np.roll(begin, -1, axis=0) - begin).T).mean())
    current = homography
    for wanted, rounds in ((_halved(half), 6), (half, 4), (grey, 2)):
        current = _corrected(wanted, layers.grey, current, rounds, begin, reach)
    return current


def _halved(picture: Floats) -> Floats:
    quarters = picture[::2, ::2] + picture[1::2, ::2] + picture[::2, 1::2] + picture[1::2, 1::2]
    return np.asarray(quarters / 4, dtype=np.float32)


def _corrected(
    wanted: Floats, layers: Layers, homography: Doubles, rounds: int, begin: Doubles, reach: float
) -> Doubles:
    """Correct a homography at one resolution, no corner farther from where it was than ``reach``."""
    n = len(wanted)
    target = _details(wanted).ravel()
    middle = ((np.arange(n) + 0.5) / n).astype(np.float32)
    x, y = (one.ravel() for one in np.meshgrid(middle, middle))
    best, least, current = homography, np.inf, homography
    for _ in range(rounds + 1):
        seen, there = warped(layers, current, n)
        inside = there.ravel()
        if inside.mean() < 0.2:
            break
        light = _details(seen[..., 0])
        down, across = np.gradient(light)
        gx, gy = across.ravel() * n, down.ravel() * n
        flow = gx * x + gy * y
        # The brightness of the query is gain * target + offset - gradient * shift.
        steps = [-gx, -gy, -gx * x, -gx * y, -gy * x, -gy * y, flow * x, flow * y]
        cost, solved = _shift(np.stack([target, np.ones(n * n), *steps], dtype=np.float32), light.ravel(), inside)
        if cost < least:
            best, least = current, cost
        shift = solved[2:]
        step = np.array([[shift[2], shift[3], shift[0]], [shift[4], shift[5], shift[1]], [shift[6], shift[7], 0]])
        current = current @ (np.eye(3) + np.clip(step, -0.06, 0.06))
        if not is_possible(current) or np.abs(moved(current, CORNERS) - begin).max() > reach:
            break
        if np.abs(step).max() < _STILL:
            return current if cost <= least else best
    return best


def _details(grey: Floats) -> Floats:
    """Leave what changes within a tenth of a picture: light goes."""
    wide = round(0.24 * len(grey)) | 1  # twice a box is near enough to a bell, and much quicker
    smooth = uniform_filter(uniform_filter(grey, wide), wide)
    return np.asarray(np.clip(gaussian_filter(grey, 0.8, truncate=3.0) - smooth, -60, 60))


def _shift(design: Floats, light: Floats, inside: Flags) -> tuple[float, Doubles]:
    """Solve for gain, offset and the eight numbers of a shift.

    The cost is what pixels differ by before it, as a share of what there is to see.
    """
    weight, cost = inside.astype(np.float32), np.inf
    solved: Doubles = np.zeros(len(design))
    ridge = np.diag([1e-3] * 2 + [1e-4 * float((design[2] ** 2 + design[3] ** 2).sum()) + 1.0] * 8)
    for turn in range(2):
        weighted = design * weight
        solved = np.asarray(np.linalg.solve(weighted @ design.T + ridge, weighted @ light), dtype=np.float64)
        error = light - solved[:2].astype(np.float32) @ design[:2]
        if turn == 0:
            cost = float((np.minimum(error[inside] ** 2, CAP**2)).mean())
            cost /= float((np.minimum(light[inside] ** 2, CAP**2)).mean()) + 4.0
            scale = 1.5 * float(np.median(np.abs(error[inside]))) + 2.0
            weight = (inside / (1 + (error / scale) ** 2)).astype(np.float32)
    return cost, solved


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How much of a query a reference explains.

    Parameters
    ----------
    explained : float <= 1
        Share of the variance, pixels that differ by more than :data:`CAP` counted as that.
    differing : float in [0, 1]
        Share of pixels that differ by more.
    worst : float in [0, 1]
        The same, in the part of the picture where most do, glare left out.
    seen : float in [0, 1]
        Share of the reference that the query has.
    cast : float >= 0
        How far the light had to be changed: logarithm of gains, between colours.
    errors : float32 [shape=(n, n)]
        Squared, at most 1; 0 where nothing is seen.
    """

    explained: float
    differing: float
    worst: float
    seen: float
    cast: float
    errors: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A query that was laid upright.

    Parameters
    ----------
    picture : float32 [shape=(n, n, 3)]
    there : bool [shape=(n, n)]
        Which pixels it has.
    spread : float32 [shape=(n, n)]
        What there is to explain: its own pattern.
    """

    picture: Floats
    there: Flags
    spread: Floats

    @classmethod
    def of(cls, layers: Layers, homography: Doubles, n: int, blur: float = 0.0) -> Seen:
        """Lay a query upright; ``n`` is a multiple of four."""
        picture, there = warped(layers, homography, n)
        if blur:
            picture = gaussian_filter(picture, (blur, blur, 0))
        middle = np.median(picture[there], axis=0).astype(np.float32) if there.any() else np.float32(0)
        return cls(picture, there, _pattern(picture - middle, there))


def compared(reference: Floats, query: Seen) -> Comparison:
    """Compare pictures that lie upon each other.

    Parameters
    ----------
    reference : float32 [shape=(n, n, 3)]
    query : Seen
        As large.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> picture = gaussian_filter(rng.uniform(0, 255, (48, 48, 3)), (2, 2, 0)).astype(np.float32)
    >>> query = Seen.of(Layers(0.8 * picture + 20), np.eye(3), 48)
    >>> compared(picture, query).explained > 0.95
    True
    >>> compared(picture[::-1].copy(), query).explained < 0.5
    True
    """
    n, seen = len(reference), query.there
    lost = (_least(query.picture) > 248) & (_largest(reference) < 225)
    if lost[seen].mean() >= 0.4 if seen.any() else True:
        lost[:] = False
    used = seen & ~lost
    thin = np.arange(n // 80, n, max(1, n // _THIN))
    some = used[np.ix_(thin, thin)]
    if some.sum() < 20:
        return Comparison(0.0, 1.0, 1.0, 0.0, 0.0, np.zeros((n, n), dtype=np.float32))
    line: Floats = ((np.arange(n) + 0.5) / n - 0.5).astype(np.float32)
    part, wanted = reference[np.ix_(thin, thin)], query.picture[np.ix_(thin, thin)]
    solved = _light(_design(part, line[thin])[some].reshape(-1, 6), wanted[some].ravel())
    square = _pattern(query.picture - _lighted(reference, solved.astype(np.float32), line), used)
    errors = np.where(used, square, np.float32(0))
    local = uniform_filter(errors, _PART, mode="constant")
    left, whole = square[used], query.spread[used]
    explained = 1 - float(left.mean()) / (float(whole.mean()) + 0.003)
    cast = float(np.abs(solved[4:]).max() / max(solved[0], 0.05))
    return Comparison(explained, float((left >= 1).mean()), float(local.max()), float(used.mean()), cast, errors)


def _design(reference: Floats, line: Floats) -> Floats:
    """Give what the light can do to a picture: all of it, its slopes, an offset, red and blue; [shape=(n, n, 3, 6)]."""
    design = np.zeros((*reference.shape, 6), dtype=np.float32)
    design[..., 0] = reference
    design[..., 1], design[..., 2] = reference * line[None, :, None], reference * line[:, None, None]
    design[..., 3] = 1.0
    design[..., 4], design[..., 5] = reference * _RED, reference * _BLUE
    return design


def _lighted(reference: Floats, solved: Floats, line: Floats) -> Floats:
    """Give a picture in the light that was found: what :func:`_design` times that would be."""
    light = solved[0] + solved[1] * line[None, :] + solved[2] * line[:, None]
    gains = solved[4] * _RED + solved[5] * _BLUE
    return np.asarray(reference * (light[..., None] + gains) + solved[3], dtype=np.float32)


def _largest(picture: Floats) -> Floats:
    """Give the largest of three channels; much quicker than along an axis so short."""
    return np.asarray(np.maximum(np.maximum(picture[..., 0], picture[..., 1]), picture[..., 2]))


def _least(picture: Floats) -> Floats:
    return np.asarray(np.minimum(np.minimum(picture[..., 0], picture[..., 1]), picture[..., 2]))


def _light(design: Floats, wanted: Floats) -> Doubles:
    """Find brightness, its slopes, an offset and casts; all but little changes are held against them."""
    strength = float((design[:, 0] ** 2).sum()) + 1.0
    penalty = np.diag([_STIFF, 0.01, 0.01, 0.0, _STIFF, _STIFF]) * strength
    penalty[3, 3] = 0.02 * len(wanted)
    expected = penalty[0] * 0.95
    weight: Floats = np.ones(len(wanted), dtype=np.float32)
    solved: Doubles = np.zeros(6)
    for _ in range(_ROUNDS):
        weighted = design * weight[:, None]
        solved = np.linalg.solve(weighted.T @ design + penalty, weighted.T @ wanted + expected)
        weight = np.asarray(1 / (1 + ((wanted - design @ solved.astype(np.float32)) / 12.0) ** 2), dtype=np.float32)
    return np.asarray(solved)


def _pattern(error: Floats, used: Flags) -> Floats:
    """Take out of differences what changes slowly and alike in all colours: light. Squared, at most 1."""
    n = len(error) // 4
    inside = used.astype(np.float32)
    grey = (error[..., 0] + error[..., 1] + error[..., 2]) * np.float32(1 / 3)
    coarse = [_quartered(one, n) for one in (grey * inside, inside)]
    light, share = (gaussian_filter(one, _SMOOTH * n, truncate=2.5) for one in coarse)
    smooth = (light / (share + 1e-3)).repeat(4, axis=0).repeat(4, axis=1)
    left = np.maximum(_largest(error) - smooth, smooth - _least(error))
    return np.asarray(np.minimum(left * np.float32(1 / CAP), 1.0) ** 2)


def _quartered(picture: Floats, n: int) -> Floats:
    """Give means of 4 × 4 pixels."""
    return np.asarray(picture.reshape(4 * n, n, 4).sum(axis=2).reshape(n, 4, n).sum(axis=1) * np.float32(1 / 16))

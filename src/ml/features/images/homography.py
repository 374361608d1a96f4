"""How one picture lies in another: pairs of keypoints, and the perspective that most of them agree on.

Conventions
-----------
Places are columns and rows as shares of the width of each picture; a homography is float64 [shape=(3, 3)] and leads
from places of the *reference* to places of the *query*. A reference is square: its corners are 0 and 1.

Method
------
Descriptors that are each other's nearest are pairs. Each pair alone says how the reference would be moved, turned and
scaled (its keypoints have sizes and directions); the best of these hypotheses are widened to an affine map and then
to a homography by least squares, each time by the pairs that agree. No chance is involved: the same pictures, the same
answer.

References
----------
D. G. Lowe, IJCV 60(2), 2004; O. Chum, J. Matas, J. Kittler, "Locally optimized RANSAC", 2003.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.images.descriptors import SCALE, LocalFeatures
from ml.features.images.keypoints import Floats

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]
CORNERS: Doubles = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
#: Descriptors less alike than that are no pair.
_ALIKE = 0.72
#: A reference of fewer keypoints need not be the nearest, if it is nearly.
_FEW, _NEARLY = 100, 0.06
#: How far from where they should be pairs may lie, in widths of the reference: moved and turned, affine, perspective.
_LOOSE, _AFFINE, _CLOSE = 0.10, 0.035, 0.012
#: Hypotheses that are followed up.
_FOLLOWED = 4
_FEWEST = 4


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """How a reference lies in a query.

    Parameters
    ----------
    homography : float64 [shape=(3, 3)]
    inliers : int
        Pairs that agree, at different places of both.
    pairs : int
    spread : float in [0, 1]
        Share of the reference between the outermost of them, as standard deviations.
    """

    homography: Doubles
    inliers: int
    pairs: int
    spread: float


def pairs_of(reference: LocalFeatures, query: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the rows of reference and query that are each other's nearest.

    Parameters
    ----------
    reference : LocalFeatures
    query : float32 [shape=(n, 128)]
        Descriptors divided by :data:`~ml.features.images.descriptors.SCALE`.
    """
    if not len(reference) or not len(query):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    alike = (reference.descriptors.astype(np.float32) / SCALE) @ query.T
    best = alike.argmax(axis=1)
    back = alike.argmax(axis=0)
    every = np.arange(len(reference))
    mutual = back[best] == every
    if len(reference) < _FEW:  # in a crowd of others the few are seldom the nearest
        mutual |= alike[every, best] > alike.max(axis=0)[best] - _NEARLY
    mutual &= alike[every, best] > _ALIKE
    return every[mutual], best[mutual]


def placement(reference: LocalFeatures, query: LocalFeatures, described: Floats) -> Placement | None:
    """Find how a reference lies in a query; None where no four pairs agree on anything possible.

    Parameters
    ----------
    reference, query : LocalFeatures
    described : float32 [shape=(n, 128)]
        Descriptors of the query, see :func:`pairs_of`.
    """
    said = _said(reference, query, described)
    source, target = said[:2]
    if len(source) < _FEWEST:
        return None
    agreed = _similar(*said)
    best: Placement | None = None
    for row in np.argsort(-agreed.sum(axis=1), kind="stable")[:_FOLLOWED]:
        found = _widened(source, target, agreed[row])
        if found is not None and (best is None or found.inliers > best.inliers):
            best = found
    return best


def hypotheses(reference: LocalFeatures, query: LocalFeatures, described: Floats, most: int) -> list[Doubles]:
    """Give what single pairs say of how a reference lies in a query: moved, turned, scaled.

    Those come first that most others agree with; of those that agree with each other only one is given.

    Parameters
    ----------
    reference, query, described
        As of :func:`placement`.
    most : int
    """
    source, target, zoom, turn = _said(reference, query, described)
    agreed = _similar(source, target, zoom, turn)
    found: list[Doubles] = []
    left = np.ones(len(source), dtype=bool)
    for row in np.argsort(-agreed.sum(axis=1), kind="stable"):
        if left[row] and len(found) < most:
            left &= ~agreed[row]
            cos, sin = zoom[row] * np.cos(turn[row]), zoom[row] * np.sin(turn[row])
            matrix = np.array([[cos, -sin], [sin, cos]])
            shift = target[row] - matrix @ source[row]
            found.append(np.vstack([np.column_stack([matrix, shift]), [0.0, 0.0, 1.0]]))
    return found


def moved(homography: Doubles, places: Doubles) -> Doubles:
    """Lead places through a homography, float64 [shape=(n, 2)].

    >>> moved(np.diag([2.0, 2.0, 1.0]), np.array([[0.5, 1.0]])).tolist()
    [[1.0, 2.0]]
    """
    across = places @ homography[:2, :2].T + homography[:2, 2]
    depth = places @ homography[2, :2] + homography[2, 2]
    return np.asarray(across / np.where(np.abs(depth) < 1e-9, 1e-9, depth)[:, None])


def is_possible(homography: Doubles) -> bool:
    """Tell whether a square is seen so by a camera: not mirrored, convex, neither a point nor a line."""
    if not np.isfinite(homography).all():
        return False
    depth = CORNERS @ homography[2, :2] + homography[2, 2]
    if (depth <= 0.2 * np.abs(depth).max()).any():
        return False
    corners = moved(homography, CORNERS)
    sides = np.roll(corners, -1, axis=0) - corners
    after = np.roll(sides, -1, axis=0)
    areas = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    lengths = np.hypot(*sides.T)
    return bool(
        (areas > 0.02 * lengths.max() ** 2).all() and lengths.min() > 0.05 and lengths.max() < 8 * lengths.min()
    )


def _said(
    reference: LocalFeatures, query: LocalFeatures, described: Floats
) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Give of all pairs where they lie in reference and query, and how they are scaled and turned."""
    left, right = pairs_of(reference, described)
    source, target = reference.places[left].astype(np.float64), query.places[right].astype(np.float64)
    zoom = (query.sizes[right] / reference.sizes[left]).astype(np.float64)
    turn = (query.angles[right] - reference.angles[left]).astype(np.float64)
    return source, target, zoom, turn


def _similar(source: Doubles, target: Doubles, zoom: Doubles, turn: Doubles) -> Flags:
    """Tell which pairs agree with what each says, [shape=(n, n)]."""
    cos, sin = np.cos(turn) * zoom, np.sin(turn) * zoom
    matrix = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], axis=1)
    shift = target - np.einsum("nij,nj->ni", matrix, source)
    seen = np.einsum("nij,mj->nmi", matrix, source) + shift[:, None]
    near = ((seen - target) ** 2).sum(axis=-1) < (_LOOSE * zoom[:, None]) ** 2
    scale = np.abs(np.log2(zoom[:, None] / zoom)) < 1.0
    angle = np.cos(turn[:, None] - turn) > 0.6
    return np.asarray(near & scale & angle)


def _widened(source: Doubles, target: Doubles, agree: Flags) -> Placement | None:
    best: tuple[Doubles, Flags] | None = None
    for fit, tolerance in _FITS:
        if _distinct(source, target, agree) < (_FEWEST if fit is affine else _FEWEST + 2):
            break
        homography = fit(source[agree], target[agree])
        if not is_possible(homography):
            break
        away = np.hypot(*(moved(homography, source) - target).T)
        agree = away < tolerance * _side(moved(homography, CORNERS))
        best = (homography, agree)
    if best is None or (inliers := _distinct(source, target, best[1])) < _FEWEST:
        return None
    spread = float(min(1.0, 12 * np.sqrt(np.linalg.det(np.cov(source[best[1]].T) + 1e-9 * np.eye(2)))))
    return Placement(best[0], inliers, len(source), spread)


def _side(corners: Doubles) -> float:
    x, y = corners.T
    return float(np.sqrt(0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))))


def _distinct(source: Doubles, target: Doubles, agree: Flags) -> int:
    """Count pairs at different places: one place with two directions is one."""
    if not agree.any():
        return 0
    return min(len(set((np.round(one[agree] * 200) @ [1.0, 4_096.0]).tolist())) for one in (source, target))


def affine(source: Doubles, target: Doubles) -> Doubles:
    """Fit an affine map by least squares, float64 [shape=(3, 3)]."""
    design = np.column_stack([source, np.ones(len(source))])
    solved = np.linalg.lstsq(design, target, rcond=None)[0]
    return np.vstack([solved.T, [0.0, 0.0, 1.0]])


def perspective(source: Doubles, target: Doubles) -> Doubles:
    """Fit a homography by least squares, float64 [shape=(3, 3)].

    >>> seen = np.array([[0.1, 0.0], [1.0, 0.2], [0.9, 1.0], [0.0, 0.8]])
    >>> bool(np.allclose(moved(perspective(CORNERS, seen), CORNERS), seen))
    True
    """
    middle, scale = target.mean(axis=0), target.std() + 1e-9
    (x, y), (u, v) = source.T, ((target - middle) / scale).T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y]),
        ]
    )
    solved = np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0]
    back = np.array([[scale, 0, middle[0]], [0, scale, middle[1]], [0, 0, 1.0]])
    return np.asarray(back @ np.append(solved, 1.0).reshape(3, 3))


_FITS = ((affine, _AFFINE), (affine, _AFFINE), (perspective, _CLOSE * 1.6), *[(perspective, _CLOSE)] * 3)

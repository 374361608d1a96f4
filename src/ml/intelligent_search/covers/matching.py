"""Which picture of an index a photograph shows.

Method
------
Details of the photograph (:mod:`ml.features.images.descriptors`) find pictures that share many; where the details of
one agree on how it lies in the photograph (:mod:`ml.features.images.homography`), the photograph is laid upright and
compared with all pictures at a glance: those of a series share details and place, and differ in pixels only. The
likest are aligned and compared closely (:mod:`ml.features.images.likeness`). Where too few details agree, pictures are
laid as single details say, and the likest at a glance are compared so. A photograph without details is compared as it
is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from ml.features.images.descriptors import SCALE, LocalFeatures, local_features
from ml.features.images.homography import CORNERS, Doubles, Placement, hypotheses, perspective, placement
from ml.features.images.keypoints import Floats
from ml.features.images.likeness import Comparison, Layers, Seen, aligned, compared, warped
from ml.models.retrieval.pictures import PictureIndex
from ml.models.retrieval.pictures.entry import SMALL
from ml.models.retrieval.pictures.index import TINY

#: Pixels of the longer side in which details of a photograph are looked for, and how many.
SIDE, DETAILS = 560, 700
_CANDIDATES, _PLACED, _ENOUGH = 14, 3, 30
#: Details that agree so often are no chance.
_SURE = 12
_GLANCED, _CLOSE, _FINE = 20, 5, 160
#: Explained so little by the likest, small, a place that few details speak for is not looked at closely.
_UNLIKE = 0.08
#: Explained so much, a picture need not be looked for elsewhere; places that are guessed of each candidate, and the
#: share of the picture that must be seen there.
_LIKE, _GUESSES, _INSIDE = 0.45, 6, 0.45
#: Standard deviations of how unsharp a photograph may be, in pixels of the close comparison.
_BLURS = (0.8, 1.4, 2.4)


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A picture that may be the one.

    Parameters
    ----------
    row : int
        In the index.
    inliers : int
        Details that agree on where it lies; those of the picture that it was placed by.
    comparison : Comparison
    margin : float
        How much liker it is than the next one.
    homography : float64 [shape=(3, 3)]
    """

    row: int
    inliers: int
    spread: float
    comparison: Comparison
    margin: float
    homography: Doubles


def matches(index: PictureIndex, photograph: NDArray[np.uint8], most: int = 5) -> list[Match]:
    """List the pictures that a photograph may show, the likest first.

    Parameters
    ----------
    index : PictureIndex
    photograph : uint8 [shape=(height, width, 3)]
    most : int
    """
    if not len(index):
        return []
    picture = _sized(photograph)
    layers = Layers(picture)
    grey = (picture @ np.array([0.299, 0.587, 0.114], dtype=np.float32)).astype(np.float32)
    query = local_features(grey, DETAILS)
    described = query.descriptors.astype(np.float32) / np.float32(SCALE)
    rows, found = index.candidates(query, _CANDIDATES), list[Match]()
    for one, row in _placed(index, query, described, rows):
        found += _closely(index, layers, one.homography, one.inliers, one.spread, [row])
        if one.inliers >= _SURE and max(match.comparison.explained for match in found) > 0.6:
            break
    if not any(one.comparison.explained > _LIKE for one in found):
        for homography, row in _guessed(index, layers, query, described, rows):
            found += _closely(index, layers, homography, 0, 0.0, [row])
    if not any(one.inliers >= _SURE and one.comparison.explained > 0.4 for one in found):
        for homography in _frames(picture):
            found += _closely(index, layers, homography, 0, 0.0, [])
    return _ranked(found)[:most]


def _sized(photograph: NDArray[np.uint8]) -> Floats:
    from PIL import Image

    height, width = photograph.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return np.asarray(Image.fromarray(photograph).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def _placed(
    index: PictureIndex, query: LocalFeatures, described: Floats, rows: list[int]
) -> list[tuple[Placement, int]]:
    """Find pictures that lie in the photograph; the one with most details that agree first."""
    found: list[tuple[Placement, int]] = []
    for row in rows:
        one = placement(index.features(row), query, described)
        if one is not None:
            found.append((one, row))
            if one.inliers >= _ENOUGH:
                break
    found.sort(key=lambda pair: -pair[0].inliers)
    return found[: 1 if found and found[0][0].inliers >= _ENOUGH else _PLACED]


def _guessed(
    index: PictureIndex, layers: Layers, query: LocalFeatures, described: Floats, rows: list[int]
) -> list[tuple[Doubles, int]]:
    """Give where pictures may lie by what single details say: those that look most like it at a glance."""
    found: list[tuple[float, Doubles, int]] = []
    for row in rows:
        for homography in hypotheses(index.features(row), query, described, _GUESSES):
            seen, there = warped(layers, homography, TINY)
            if there.mean() > _INSIDE:
                part = slice(row, row + 1)
                found.append((float(_glanced(index.tiny[part], index.squares[part], seen, there)[0]), homography, row))
    found.sort(key=lambda guess: guess[0])
    return [(homography, row) for _, homography, row in found[:_PLACED]]


def _frames(picture: Floats) -> Iterable[Doubles]:
    """Give places where a cover without details may lie: the whole, and what an even frame leaves."""
    ratio = picture.shape[0] / picture.shape[1]
    yield perspective(CORNERS, CORNERS * [1.0, ratio])


def _closely(
    index: PictureIndex, layers: Layers, homography: Doubles, inliers: int, spread: float, rows: list[int]
) -> list[Match]:
    """Compare all pictures with what lies at a place, the likest closely."""
    glanced = _at_a_glance(index, *warped(layers, homography, TINY), _GLANCED)
    small = Seen.of(layers, homography, SMALL)
    every = list(dict.fromkeys([*rows, *glanced]))
    likeness = {row: compared(index.small(row), small) for row in every}
    near = sorted(every, key=lambda row: -likeness[row].explained)
    if near and inliers < _SURE and likeness[near[0]].explained < _UNLIKE:  # nothing is to be found here
        return [Match(row, inliers, spread, likeness[row], 0.0, homography) for row in near[:_CLOSE]]
    first = index.picture(rows[0] if rows else near[0]) if near else None
    if first is None:
        return []
    sharp = _scaled(first, _FINE)
    soft = _blurred(sharp, 1.0)
    places = [homography, aligned(sharp, layers, homography)]
    views = [Seen.of(layers, one, _FINE, _BLURS[0]) for one in places]
    better = int(compared(soft, views[1]).explained > compared(soft, views[0]).explained)
    place, seen = places[better], views[better]
    blur = min(_BLURS, key=lambda one: compared(_blurred(sharp, one), seen).errors.sum())
    found = []
    for row in list(dict.fromkeys([*rows, *near]))[:_CLOSE]:
        picture = index.picture(row)
        if picture is not None:
            comparison = compared(_blurred(_scaled(picture, _FINE), blur), seen)
            found.append(Match(row, inliers, spread, comparison, 0.0, place))
    return found


def _blurred(picture: Floats, blur: float) -> Floats:
    return np.asarray(gaussian_filter(picture, (blur, blur, 0), truncate=3.0), dtype=np.float32)


def _at_a_glance(index: PictureIndex, seen: Floats, there: NDArray[np.bool_], most: int) -> list[int]:
    """List the pictures that differ least by their colours in 16 × 16 parts."""
    if there.sum() < 10:
        return []
    left = _glanced(index.tiny, index.squares, seen, there)
    most = min(most, len(left))
    best = np.argpartition(left, most - 1)[:most]
    return [int(row) for row in best[np.argsort(left[best], kind="stable")]]


def _glanced(every: Floats, squared: Floats, seen: Floats, there: NDArray[np.bool_]) -> Floats:
    """Say what share of what is seen pictures leave unexplained, float32 [shape=(n,)]."""
    weight = np.repeat(there.ravel(), 3).astype(np.float32)
    query, total = np.minimum(seen.ravel(), 250) * weight, float(weight.sum())
    sums, squares, products = every @ weight, squared @ weight, every @ query
    mean = query.sum() / total
    whole = float((query**2).sum()) - total * mean**2
    variance = squares - sums**2 / total + 1.0
    gain = np.clip((products - sums * mean) / variance, 0.3, 1.6)
    left = whole - 2 * gain * (products - sums * mean) + gain**2 * variance
    return np.asarray(left / (whole + 9.0 * total), dtype=np.float32)


def _scaled(picture: Floats, n: int) -> Floats:
    """Scale a square picture, float32 [shape=(n, n, 3)]."""
    at = (np.arange(n, dtype=np.float32) + 0.5) * (len(picture) / n) - 0.5
    low = np.clip(at.astype(np.int64), 0, len(picture) - 2)
    share = (at - low).astype(np.float32)[:, None]
    rows = picture[low] * (1 - share[..., None]) + picture[low + 1] * share[..., None]
    return np.asarray(rows[:, low] * (1 - share) + rows[:, low + 1] * share)


def _ranked(found: list[Match]) -> list[Match]:
    best: dict[int, Match] = {}
    for one in found:
        if one.row not in best or _likeness(one) > _likeness(best[one.row]):
            best[one.row] = one
    ordered = sorted(best.values(), key=lambda one: -_likeness(one))
    result = []
    for one, after in zip(ordered, [*ordered[1:], None], strict=True):
        margin = 1.0 if after is None else _likeness(one) - _likeness(after)
        result.append(replace(one, margin=margin))
    return result


def _likeness(match: Match) -> float:
    """Order matches: what is explained, less what differs in one place and what light would have to be like."""
    seen = match.comparison
    return seen.explained - 0.3 * seen.worst - 0.5 * min(seen.cast, 0.5) + 0.06 * float(np.log1p(match.inliers))

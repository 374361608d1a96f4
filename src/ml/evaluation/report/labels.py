"""Where the names of points go, so that no two lie on each other.

Conventions
-----------
A box is ``(left, bottom, right, top)`` in pixels. Points are taken in the order given; each name goes to the cheapest
of many places around its point: close by, clear of marks and intervals, and never on another name while there is
any free place in the frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_REACHES = (8, 14, 22, 32, 44, 58, 74, 92, 112, 136, 164)
_DIRECTIONS = tuple(math.tau * step / 16 for step in range(16))
#: Price of a covered square pixel of a name, of a mark; of each step of a line from point to name that is crossed; and
#: of standing so near to another point that a reader could take the name for that one's.
_ON_NAME, _ON_MARK, _CROSSED, _ASTRAY = 1e6, 2.0, 40.0, 60.0
#: A name further away than this has a line to its point.
_NEAR = 11.0


def place(sizes: Sequence[Point], points: Sequence[Point], marks: Sequence[Box], frame: Box) -> list[Box]:
    """Give each name its box.

    Parameters
    ----------
    sizes : sequence of (width, height)
    points : sequence of (x, y)
        One for each name.
    marks : sequence of Box
        What should stay visible, such as intervals.
    frame : Box
        What should hold every name.

    Examples
    --------
    >>> left, right = place([(40, 10), (40, 10)], [(50, 50), (52, 50)], [], (0, 0, 200, 100))
    >>> overlap(left, right)
    0.0
    """
    placed: list[Box] = []
    for size, point in zip(sizes, points, strict=True):
        price = partial(_price, point=point, points=points, placed=placed, marks=marks, frame=frame)
        best = min(_around(size, point), key=price)
        if any(overlap(best, other) for other in placed) or not _inside(best, frame):
            best = min(_everywhere(size, frame), key=price)
        placed.append(best)
    return placed


def overlap(one: Box, other: Box) -> float:
    """Give the area that two boxes share.

    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3))
    1.0
    """
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return float(max(0, width) * max(0, height))


def nearest(box: Box, point: Point) -> Point:
    """Give the point of a box that is nearest to another point.

    >>> nearest((0, 0, 2, 2), (5, 1))
    (2, 1)
    """
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def needs_line(box: Box, point: Point, points: Sequence[Point]) -> bool:
    """Tell whether a line should lead from the point to its name: it is far off, or others are as near."""
    return math.dist(nearest(box, point), point) > _NEAR or bool(_misled(box, point, points))


def _misled(box: Box, point: Point, points: Sequence[Point]) -> list[Point]:
    """List the other points that a name is no further from than from its own."""
    away = math.dist(nearest(box, point), point) + 3
    return [other for other in points if other != point and math.dist(nearest(box, other), other) < away]


def _around(size: Point, point: Point) -> Iterator[Box]:
    """Give boxes that touch circles around the point, the closest and the one to the right first."""
    width, height = size
    for reach in _REACHES:
        for angle in _DIRECTIONS:
            along, up = math.cos(angle), math.sin(angle)
            left = point[0] + reach * along + width * (along - 1) / 2
            bottom = point[1] + reach * up + height * (up - 1) / 2
            yield (left, bottom, left + width, bottom + height)


def _everywhere(size: Point, frame: Box) -> Iterator[Box]:
    width, height = size
    for row in range(max(1, int((frame[3] - frame[1]) // height))):
        for column in range(max(1, int((frame[2] - frame[0] - width) // 4))):
            left, bottom = frame[0] + 4 * column, frame[1] + row * height
            yield (left, bottom, left + width, bottom + height)


def _price(
    box: Box, *, point: Point, points: Sequence[Point], placed: Sequence[Box], marks: Sequence[Box], frame: Box
) -> float:
    end = nearest(box, point)
    away = math.dist(end, point)
    price = away + _ON_NAME * sum(overlap(box, other) for other in placed)
    price += _ON_MARK * sum(overlap(box, mark) for mark in marks)
    if not _inside(box, frame):
        price += _ON_NAME
    if away <= _NEAR:
        price += _ASTRAY * len(_misled(box, point, points))
    else:
        price += _CROSSED * sum(_holds(other, spot) for spot in _between(point, end) for other in placed)
    return price


def _between(start: Point, end: Point) -> list[Point]:
    """Give steps of the line from a point to its name."""
    (x, y), (right, top) = start, end
    return [(x + (right - x) * step / 12, y + (top - y) * step / 12) for step in range(2, 12)]


def _inside(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _holds(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]

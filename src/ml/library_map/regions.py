r"""Where points are dense, at three grains, and what each such region is called.

Points are counted on a grid and the counts smoothed; from each cell one climbs to the densest beside it until none is
denser: all that lead to the same summit are a region. Its name is the genre or tag whose share p in it stands out most
from its share q in the whole, by :math:`p \log(p / q)`, or whoever is played most in it, where none does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.library_map.results import Region

Rows = NDArray[np.int64]
_CELLS = 192
#: How far counts are smoothed at each grain, as a share of the map's width; and regions of it that are shown at most.
GRAINS = ((0.045, 24), (0.015, 80), (0.007, 240))
#: From so many points on the widths hold as they are.
_ENOUGH = 1_500
#: Fewer points are no region.
_LEAST = 4
_MOST_TAGS, _MOST_ARTISTS, _MOST_TRACKS = 3, 3, 5
#: A tag names a region where it stands out by so much.
_STANDS_OUT = 0.12


@dataclass(frozen=True)
class Grain:
    """Regions of one grain.

    Parameters
    ----------
    of : int64 [shape=(n,)]
        The region of each point; -1 where it is in none that is shown.
    summits : int64 [shape=(n_regions, 2)]
        Where each is densest, largest regions first.
    """

    of: Rows
    summits: Rows


def dense(x: Rows, y: Rows, width: float, most: int) -> Grain:
    """Find the dense regions of points in [0, 65535].

    >>> there = np.array([100] * 9 + [60_000] * 5, dtype=np.int64)
    >>> dense(there, there, 0.05, 10).of.tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    """
    from scipy.ndimage import gaussian_filter  # late: half a second

    cell = 65_536 // _CELLS + 1
    at = (x // cell) * _CELLS + y // cell
    counts = np.bincount(at, minlength=_CELLS * _CELLS).reshape(_CELLS, _CELLS).astype(np.float64)
    summit = _climbed(gaussian_filter(counts, width * _CELLS, mode="constant"))[at]
    found, of, sizes = np.unique(summit, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] >= _LEAST][:most]
    place = np.full(len(found), -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    middles = np.column_stack([found[order] // _CELLS, found[order] % _CELLS]) * cell + cell // 2
    return Grain(place[of], middles.astype(np.int64))


def _climbed(height: NDArray[np.float64]) -> Rows:
    """Give the summit that each cell leads to, by its number."""
    size = len(height)
    around = np.full((size + 2, size + 2), -np.inf)
    around[1:-1, 1:-1] = height
    numbers = np.arange(size * size, dtype=np.int64).reshape(size, size)
    best, to = height.copy(), numbers.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            there = around[1 + down : 1 + down + size, 1 + right : 1 + right + size]
            step = down * size + right
            # Of equal heights the lower number is the higher: nobody walks in circles.
            higher = (there > best) | ((there == best) & (numbers + step < to) & (there > -np.inf))
            best, to = np.where(higher, there, best), np.where(higher, numbers + step, to)
    path = to.ravel()
    while (further := path[path]).tolist() != path.tolist():
        path = further
    return path


def described(points: pl.DataFrame, x: Rows, y: Rows) -> tuple[list[Region], Rows]:
    """Find and name the regions of all grains; give them, and which of the largest grain each point is in.

    Parameters
    ----------
    points : polars.DataFrame
        A row a point, the most played first: ``name``, ``maker``, ``tags`` and ``plays``.
    x, y : int64 [shape=(n,)]
    """
    words = points.select(pl.col("tags").list.head(6)).with_row_index("row").explode("tags").drop_nulls("tags").unique()
    whole = words.group_by("tags").agg(pl.len().alias("all"))
    regions: list[Region] = []
    large = np.full(len(points), -1, dtype=np.int64)
    # Few points have holes between them that are none.
    wider = max(1.0, (_ENOUGH / max(len(points), 1)) ** 0.25)
    for grain, (width, most) in enumerate(GRAINS):
        found = dense(x, y, width * wider, most)
        if grain == 0:
            large = found.of
        regions += _named(grain, found, points, words, whole)
    return regions, large


def _named(
    grain: int, found: Grain, points: pl.DataFrame, words: pl.DataFrame, whole: pl.DataFrame
) -> Iterator[Region]:
    sizes = np.bincount(found.of[found.of >= 0], minlength=len(found.summits))
    tags = _tags(found, words, whole, len(points))
    artists = _artists(found, points)
    for region, (x, y) in enumerate(found.summits.tolist()):
        own = tags.get(region, [])
        makers = artists.get(region, [])
        played = np.flatnonzero(found.of == region)[:_MOST_TRACKS].tolist()
        name = _name(grain, own, makers) or str(points["name"][played[0]])
        said = [word for word, _ in own]
        yield Region(grain, name, x, y, int(sizes[region]), said, makers, played)


def _name(grain: int, tags: Sequence[tuple[str, float]], artists: Sequence[str]) -> str:
    """Name a region: by a tag where one stands out, the smallest by who is in them."""
    if grain == len(GRAINS) - 1 and artists:
        return artists[0]
    out = [word for word, much in tags if much >= _STANDS_OUT]
    return " · ".join(out[: 1 + (grain == 1)]) or (artists[0] if artists else "")


def _tags(found: Grain, words: pl.DataFrame, whole: pl.DataFrame, n_points: int) -> dict[int, list[tuple[str, float]]]:
    sizes = np.maximum(np.bincount(found.of[found.of >= 0], minlength=len(found.summits)), 1)
    shares = words.with_columns(region=pl.Series(found.of[words["row"].to_numpy()])).filter(pl.col("region") >= 0)
    counted = shares.group_by("region", "tags").agg(pl.len().alias("n")).join(whole, on="tags")
    inside = pl.col("n") / pl.Series(sizes[counted["region"].to_numpy()])
    counted = counted.with_columns(much=inside * (inside / (pl.col("all") / n_points)).log())
    counted = counted.filter((pl.col("n") >= 2) & (pl.col("much") > 0)).sort("region", pl.col("much").neg(), "tags")
    best = counted.group_by("region", maintain_order=True).agg(pl.col("tags", "much").head(_MOST_TAGS))
    return {region: list(zip(tags, much, strict=True)) for region, tags, much in best.iter_rows()}


def _artists(found: Grain, points: pl.DataFrame) -> dict[int, list[str]]:
    made = points.select("maker", "plays").with_columns(region=pl.Series(found.of))
    made = made.filter((pl.col("region") >= 0) & pl.col("maker").is_not_null())
    most = made.group_by("region", "maker").agg(pl.col("plays").sum(), pl.len().alias("n"))
    most = most.sort("region", "plays", "n", "maker", descending=[False, True, True, False])
    first = most.group_by("region", maintain_order=True).agg(pl.col("maker").head(_MOST_ARTISTS))
    return dict(first.iter_rows())

"""Which leaf of every tree a row falls into, without walking down the trees.

Method
------
Each split is a comparison of one feature with one threshold. Where a row lies above the threshold, the leaves to the
left of the split are out of reach; where it does not, those to the right are never asked about, since of the leaves
that no comparison has ruled out, the leftmost is the one that the row falls into (QuickScorer). With few leaves a tree,
what is out of reach is a byte, and a table says the value of the leaf that is left.

Many rows are compared with one split after the other, each comparison being one pass over a column; of few rows, a
table for each feature gives what all splits on it rule out in all trees. Both add up the same values in the order of
the trees, so that a row's sum never depends on how many others are asked about with it.

References
----------
Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees",
SIGIR 2015.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats

#: Leaves of one tree that a byte has room for.
MOST_LEAVES = 8
#: From so many rows on, whole columns are compared; and rows that are worked on at a time, for a processor's cache.
MANY, ROWS = 1_500, 16_384
#: LightGBM's bits of a split by categories, and of one to which zero means that nothing is known.
_OTHERWISE = 1 | 4

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Splits:
    """The splits of an ensemble, and the values of its leaves.

    Parameters
    ----------
    trees : int64 [shape=(n_splits,)]
        The tree of each split, ascending.
    features : int64 [shape=(n_splits,)]
    thresholds : float32 [shape=(n_splits,)]
        A value above it goes right.
    ruled_out : uint8 [shape=(n_splits,)]
        A bit for each leaf to the left of the split.
    values : float64 [shape=(n_trees, 256)]
        The value of a tree by what is ruled out.
    """

    trees: NDArray[np.int64]
    features: NDArray[np.int64]
    thresholds: Floats
    ruled_out: Bytes
    values: NDArray[np.float64]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read LightGBM's description; None where a tree is of a kind that this is not for."""
        trees = [_fields(part) for part in text.partition("\nend of trees")[0].split("\nTree=")[1:]]
        if not all(_is_plain(tree) for tree in trees):
            return None
        found: list[tuple[int, int, float, int]] = []
        for number, tree in enumerate(trees):
            found += [(number, *split) for split in _splits_of(tree)]
        numbers, features, thresholds, ruled_out = zip(*found, strict=True) if found else ((), (), (), ())
        return cls(
            np.array(numbers, dtype=np.int64),
            np.array(features, dtype=np.int64),
            _rounded_down(np.array(thresholds, dtype=np.float64)),
            np.array(ruled_out, dtype=np.uint8),
            np.array([_values_of(tree) for tree in trees]).reshape(-1, 256),
        )

    def sums(self, rows: Floats) -> NDArray[np.float64]:
        """Add up the values of the leaves that rows fall into.

        Parameters
        ----------
        rows : float32 [shape=(n, n_features)]
            Finite.

        Returns
        -------
        float64 [shape=(n,)]
        """
        if len(rows) < MANY:
            return self._of_few(rows)
        found = np.empty(len(rows))
        for first in range(0, len(rows), ROWS):
            some = slice(first, first + ROWS)
            found[some] = self._of_many(np.ascontiguousarray(rows[some].T))
        return found

    def _of_many(self, columns: Floats) -> NDArray[np.float64]:
        n = columns.shape[1]
        above, out, gone = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint8)
        value, total = np.empty(n), np.zeros(n)
        bounds = np.searchsorted(self.trees, np.arange(len(self.values) + 1)).tolist()
        splits = list(zip(self.features.tolist(), self.thresholds, self.ruled_out, strict=True))
        for tree, values in enumerate(self.values):
            gone[:] = 0
            for feature, threshold, bits in splits[bounds[tree] : bounds[tree + 1]]:
                np.greater(columns[feature], threshold, out=above)
                np.multiply(above.view(np.uint8), bits, out=out)
                np.bitwise_or(gone, out, out=gone)
            np.take(values, gone, out=value, mode="clip")
            total += value
        return total

    def _of_few(self, rows: Floats) -> NDArray[np.float64]:
        gone = np.zeros((len(rows), self._words), dtype=np.uint64)
        for feature, (thresholds, tables) in self._by_feature.items():
            # Equal to a threshold is not above it.
            gone |= tables[np.searchsorted(thresholds, rows[:, feature], side="left")]
        places = gone.view(np.uint8)[:, : len(self.values)] + self._starts
        # Tree by tree, as in `_of_many`: a pairwise sum would end in other digits.
        return np.asarray(np.add.accumulate(self.values.ravel()[places].T, axis=0)[-1])

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.arange(len(self.values)) * 256

    @property
    def _words(self) -> int:
        return -(-len(self.values) // 8)

    @cached_property
    def _by_feature(self) -> Mapping[int, tuple[Floats, NDArray[np.uint64]]]:
        """Thresholds of each feature, and what is ruled out in all trees by how many of them a value is above."""
        found = {}
        for feature in np.unique(self.features).tolist():
            mine = np.flatnonzero(self.features == feature)
            thresholds = np.unique(self.thresholds[mine])
            table = np.zeros((len(thresholds) + 1, 8 * self._words), dtype=np.uint8)
            for split in mine:
                first = int(np.searchsorted(thresholds, self.thresholds[split])) + 1
                table[first:, self.trees[split]] |= self.ruled_out[split]
            found[feature] = thresholds, table.view(np.uint64)
        return found


def _fields(text: str) -> dict[str, list[str]]:
    lines = (line.partition("=") for line in text.splitlines())
    return {name: value.split() for name, _, value in lines if value}


def _is_plain(tree: Mapping[str, list[str]]) -> bool:
    linear = tree.get("is_linear", ["0"]) != ["0"]
    otherwise = any(int(kind) & _OTHERWISE for kind in tree.get("decision_type", ()))
    return int(tree["num_leaves"][0]) <= MOST_LEAVES and not linear and not otherwise


def _splits_of(tree: Mapping[str, list[str]]) -> list[tuple[int, float, int]]:
    """Give feature, threshold and leaves to the left of each split of a tree."""
    if "split_feature" not in tree:
        return []
    left, right = ([int(each) for each in tree[side]] for side in ("left_child", "right_child"))
    order = _in_order(left, right)

    def below(node: int) -> int:
        """Give the bits of the leaves below a node; a leaf is a negative number."""
        return 1 << order[~node] if node < 0 else below(left[node]) | below(right[node])

    about = zip(tree["split_feature"], tree["threshold"], left, strict=True)
    return [(int(feature), float(threshold), below(node)) for feature, threshold, node in about]


def _in_order(left: list[int], right: list[int]) -> dict[int, int]:
    """Count the leaves of a tree from the left."""
    order: dict[int, int] = {}
    waiting = [0]
    while waiting:
        node = waiting.pop()
        if node < 0:
            order[~node] = len(order)
        else:
            waiting += [right[node], left[node]]
    return order


def _values_of(tree: Mapping[str, list[str]]) -> NDArray[np.float64]:
    """Give the value of a tree by which of its leaves, counted from the left, are out of reach."""
    values = [float(each) for each in tree["leaf_value"]]
    if "left_child" in tree:
        order = _in_order([int(each) for each in tree["left_child"]], [int(each) for each in tree["right_child"]])
        values = [value for _, value in sorted((order[leaf], value) for leaf, value in enumerate(values))]
    gone = range(256)
    leftmost = np.array([next((bit for bit in range(8) if not byte >> bit & 1), 0) for byte in gone])
    found: NDArray[np.float64] = np.asarray(values)[np.minimum(leftmost, len(values) - 1)]
    return found


def _rounded_down(thresholds: NDArray[np.float64]) -> Floats:
    """Give the largest float32 that is no larger: what is above either is above the other."""
    rounded = thresholds.astype(np.float32)
    over = rounded > thresholds
    rounded[over] = np.nextafter(rounded[over], np.float32(-np.inf))
    return rounded

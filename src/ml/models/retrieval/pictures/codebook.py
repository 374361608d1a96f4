"""Words for descriptors: the nearest of some centres, for each half of a descriptor.

References
----------
A. Babenko, V. Lempitsky, "The inverted multi-index", CVPR 2012; H. Jégou, M. Douze, C. Schmid, "Hamming embedding
and weak geometric consistency for large scale image search", ECCV 2008.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features.images.descriptors import SIZE

Floats = NDArray[np.float32]
Words = NDArray[np.int64]
#: Centres of a half, where there is enough to find them from.
CENTRES = 256
#: Descriptors that centres are found from, and rounds.
SAMPLE = 40_000
_ROUNDS, _PER_CENTRE, _BATCH = 8, 8, 8_192
_HALF, _BITS = SIZE // 2, 64
_PLANES: Floats = np.linalg.qr(np.random.default_rng(0).standard_normal((SIZE, _BITS)))[0].astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """The centres of both halves of descriptors.

    Parameters
    ----------
    centres : uint8 [shape=(2, n, 64)]
    learned_from : int
        How many descriptors there were when they were found.
    """

    centres: NDArray[np.uint8]
    learned_from: int

    @classmethod
    def of(cls, descriptors: NDArray[np.uint8], total: int, rng: np.random.Generator) -> Codebook:
        """Find centres by k-means.

        Parameters
        ----------
        descriptors : uint8 [shape=(n, 128)]
            A sample.
        total : int
            How many there are in all.
        rng : numpy.random.Generator
        """
        n = int(np.clip(len(descriptors) // _PER_CENTRE, 1, CENTRES))
        if not len(descriptors):
            return cls(np.zeros((2, 1, _HALF), dtype=np.uint8), 0)
        halves = []
        for half in range(2):
            points = descriptors[:, half * _HALF : (half + 1) * _HALF].astype(np.float32)
            centres = points[rng.choice(len(points), n, replace=False)]
            for _ in range(_ROUNDS):
                nearest = _distances(points, centres).argmin(axis=1)
                counts = np.bincount(nearest, minlength=n)
                order = np.argsort(nearest, kind="stable")
                sums = np.add.reduceat(points[order], np.minimum(np.cumsum(counts) - counts, len(points) - 1))
                centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)
            halves.append(np.round(centres).astype(np.uint8))
        return cls(np.stack(halves), total)

    @property
    def n_words(self) -> int:
        """How many words there are: pairs of centres."""
        return int(self.centres.shape[1] ** 2)

    def words(self, descriptors: NDArray[np.uint8]) -> NDArray[np.uint16]:
        """Give the word of each descriptor, uint16 [shape=(n,)]."""
        parts = [np.empty(0, dtype=np.uint16)]
        for start in range(0, len(descriptors), _BATCH):
            near = [one.argmin(axis=1) for one in self._halves(descriptors[start : start + _BATCH])]
            parts.append((near[0] * self.centres.shape[1] + near[1]).astype(np.uint16))
        return np.concatenate(parts)

    def several(self, descriptors: NDArray[np.uint8], most: int) -> Words:
        """Give the nearest words of each descriptor, int64 [shape=(n, most)], fewer where there are fewer."""
        first, second = self._halves(descriptors)
        n, each = self.centres.shape[1], min(4, self.centres.shape[1])
        near = [np.argpartition(one, each - 1, axis=1)[:, :each] for one in (first, second)]
        away = [np.take_along_axis(one, at, axis=1) for one, at in zip((first, second), near, strict=True)]
        sums = (away[0][:, :, None] + away[1][:, None, :]).reshape(len(descriptors), -1)
        words = (near[0][:, :, None] * n + near[1][:, None, :]).reshape(len(descriptors), -1)
        kept = np.argpartition(sums, min(most, each**2) - 1, axis=1)[:, :most]
        return np.asarray(np.take_along_axis(words, kept, axis=1), dtype=np.int64)

    def signatures(self, descriptors: NDArray[np.uint8], words: NDArray[Any]) -> NDArray[np.uint64]:
        """Say on which sides of 64 planes through its word each descriptor lies.

        Parameters
        ----------
        descriptors : uint8 [shape=(n, 128)]
        words : integers [shape=(n, …)]

        Returns
        -------
        uint64 [shape=(n, …)]
            Those of two that are alike differ in few bits.
        """
        n = self.centres.shape[1]
        middles = [
            half.astype(np.float32) @ part for half, part in zip(self.centres, np.split(_PLANES, 2), strict=True)
        ]
        parts = [np.empty((0, *words.shape[1:]), dtype=np.uint64)]
        for start in range(0, len(descriptors), _BATCH):
            some = words[start : start + _BATCH].astype(np.int64)
            sides = descriptors[start : start + _BATCH].astype(np.float32) @ _PLANES
            sides = sides.reshape(len(sides), *[1] * (some.ndim - 1), _BITS)
            bits = np.packbits(sides > middles[0][some // n] + middles[1][some % n], axis=-1)
            parts.append(bits.view(np.uint64)[..., 0])
        return np.concatenate(parts)

    def _halves(self, descriptors: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        points = descriptors.astype(np.float32)
        return (
            _distances(points[:, :_HALF], self.centres[0].astype(np.float32)),
            _distances(points[:, _HALF:], self.centres[1].astype(np.float32)),
        )


def _distances(points: Floats, centres: Floats) -> Floats:
    """Give squared distances but for what all centres share, [shape=(n_points, n_centres)]."""
    return np.asarray((centres**2).sum(axis=1) - 2 * points @ centres.T)

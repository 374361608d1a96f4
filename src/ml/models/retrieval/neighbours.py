"""Nearest neighbours among vectors: an exact index by cosine, in NumPy.

Conventions
-----------
- Every vector has an id, a text; adding a known id replaces its vector.
- The index keeps vectors as they were given; what they are compared by is up to who gives them (:func:`standardising`).
- Search is exact: 100,000 vectors of 457 numbers take some 20 ms. A file is one ``.npz``, read without pickle; its name
  says which vectors it holds, so that those of two models are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.foundation.errors import CorruptModel

FORMAT = 1
_AGAIN = "delete it: it is made anew"
#: Vectors that are worked on at a time.
_ROWS = 4_096
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A vector that is near, by id, and its cosine with the one that was asked for."""

    id: str
    similarity: float


class VectorIndex:
    """Vectors by id.

    Parameters
    ----------
    name : str
        What made the vectors.
    size : int
        Places of each.

    Examples
    --------
    >>> index = VectorIndex("compass", 2)
    >>> index.add(["north", "east"], np.array([[0, 1], [1, 0]], dtype=np.float32))
    >>> [(one.id, round(one.similarity, 1)) for one in index.search(np.array([0.6, 0.8], dtype=np.float32))]
    [('north', 0.8), ('east', 0.6)]
    """

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._ids: list[str] = []
        self._place: dict[str, int] = {}
        self._vectors: Floats = np.empty((0, size), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, name: object) -> bool:
        return name in self._place

    @property
    def ids(self) -> Sequence[str]:
        """All ids, in the order of :attr:`vectors`."""
        return tuple(self._ids)

    @property
    def vectors(self) -> Floats:
        """All vectors, float32 [shape=(len(self), size)]."""
        return self._vectors

    def get(self, name: str) -> Floats | None:
        """Give the vector of an id."""
        place = self._place.get(name)
        return None if place is None else self._vectors[place]

    def add(self, ids: Sequence[str], vectors: Floats) -> None:
        """Add vectors [shape=(len(ids), size)], or replace those of known ids.

        Raises
        ------
        ValueError
            If they are of another shape, are not finite, or an id comes twice.
        """
        vectors = np.asarray(vectors, dtype=np.float32)
        if vectors.shape != (len(ids), self.size):
            raise ValueError(f"{len(ids)} ids with vectors of shape {vectors.shape}, not ({len(ids)}, {self.size})")
        if not np.isfinite(vectors).all() or len(set(ids)) < len(ids) or any("\n" in name for name in ids):
            raise ValueError("vectors must be finite, and each id come once and be one line")
        known = [(place, row) for row, name in enumerate(ids) if (place := self._place.get(name)) is not None]
        if known:
            places, rows = np.array(known).T
            self._vectors = self._vectors.copy()
            self._vectors[places] = vectors[rows]
        new = [row for row, name in enumerate(ids) if name not in self._place]
        if new:
            self._vectors = np.concatenate((self._vectors, vectors[new]))
            for row in new:
                self._place[ids[row]] = len(self._ids)
                self._ids.append(ids[row])

    def search(self, vector: Floats, k: int = 10) -> list[Neighbour]:
        """Find the nearest vectors, the nearest first; of equal ones, the one that was added first.

        Parameters
        ----------
        vector : float32 [shape=(size,)]
        k : int >= 1

        Raises
        ------
        ValueError
            If the vector is of another size, or ``k`` is not positive.
        """
        if np.shape(vector) != (self.size,) or k < 1:
            raise ValueError(
                f"a vector of shape {np.shape(vector)} and k={k}: {self.size} places and 1 or more are wanted"
            )
        found = nearest(self._vectors, vector, k)
        return [Neighbour(self._ids[place], similarity) for place, similarity in found]

    def save(self, path: Path) -> None:
        """Write the index as one file, whole or not at all.

        Raises
        ------
        ml.foundation.errors.DiskFull
        """
        about, ids = packed(f"{FORMAT}\n{self.name}"), packed("\n".join(self._ids))
        write_arrays(path, {"about": about, "ids": ids, "vectors": self._vectors})

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read an index.

        Raises
        ------
        CorruptModel
            If it is damaged or of a later format.
        """
        try:
            arrays = read_arrays(path)
            form, _, name = unpacked(arrays["about"]).partition("\n")
            text, vectors = unpacked(arrays["ids"]), arrays["vectors"]
            index, number = cls(name, vectors.shape[1]), int(form)
            index.add(text.split("\n") if text else [], vectors)
        except (KeyError, ValueError, IndexError) as error:
            raise CorruptModel(f"{path}: no index can be read from it ({error})", _AGAIN) from error
        if number > FORMAT:
            raise CorruptModel(f"{path}: written by a later version of this package", _AGAIN)
        return index


def nearest(vectors: Floats, vector: Floats, k: int) -> list[tuple[int, float]]:
    """Give the rows nearest to a vector and their cosines with it, the nearest first; of equal ones the first.

    >>> nearest(np.array([[1, 0], [0, 2], [3, 3]], dtype=np.float32), np.array([0, 1], dtype=np.float32), 1)
    [(1, 1.0)]
    """
    places, near = np.arange(len(vectors)), _cosine(vectors, vector)
    if k < len(near):
        least = np.partition(near, len(near) - k)[len(near) - k]
        kept = near >= least
        places, near = places[kept], near[kept]
    order = np.argsort(-near, kind="stable")[:k]
    return list(zip(places[order].tolist(), near[order].tolist(), strict=True))


def standardising(vectors: Floats) -> tuple[Floats, Floats]:
    """Give mean and scale that make each place vary alike, float32 [shape=(n_places,)] each.

    A place that never changes gets the scale 0.

    >>> mean, scale = standardising(np.array([[1, 5], [3, 5]], dtype=np.float32))
    >>> mean.tolist(), scale.tolist()
    ([2.0, 5.0], [1.0, 0.0])
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for begin in range(0, len(vectors), _ROWS):  # the differences of all would be a second library in memory
        squares += np.square(vectors[begin : begin + _ROWS] - mean).sum(axis=0)
    spread = np.sqrt(squares / len(vectors))
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-6 * (1 + np.abs(mean)))
    return mean.astype(np.float32), scale.astype(np.float32)


def _cosine(vectors: Floats, vector: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors)) * np.linalg.norm(vector)
    shared = vectors @ vector
    return np.asarray(np.divide(shared, lengths, out=np.zeros_like(shared), where=lengths > 0))

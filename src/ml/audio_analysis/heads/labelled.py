"""Tracks with labels: what a head learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

Kind = Literal["classes", "tags", "scales"]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Vectors of tracks, and what is known of them.

    Parameters
    ----------
    kind : str
        ``"classes"``: each track has one label; ``"tags"``: any number; ``"scales"``: a number on each scale.
    labels : sequence of str
        Names of the classes, tags or scales.
    vectors : float32 [shape=(n, n_places)]
    targets : float64 [shape=(n, n_labels)]
        0 and 1; numbers where they are scales.
    groups : intp [shape=(n,)]
        Tracks of the same group are never on both sides of a fold.
    blocks : sequence of slice
        Parts of a vector that belong together; they cover it.
    """

    kind: Kind
    labels: Sequence[str]
    vectors: Floats
    targets: NDArray[np.float64]
    groups: NDArray[np.intp]
    blocks: Sequence[slice]

    def __len__(self) -> int:
        return len(self.vectors)

    def at(self, rows: NDArray[np.intp]) -> Labelled:
        """Give some of the tracks, their groups numbered anew."""
        groups = np.unique(self.groups[rows], return_inverse=True)[1].astype(np.intp)
        return Labelled(self.kind, self.labels, self.vectors[rows], self.targets[rows], groups, self.blocks)

    def classes(self) -> NDArray[np.intp]:
        """Give what folds are to spread evenly: the label of each track, the first of several; 0 for scales."""
        if self.kind == "scales":
            return np.zeros(len(self), dtype=np.intp)
        return np.asarray(self.targets.argmax(axis=1), dtype=np.intp)

    def sample(self, most: int, rng: np.random.Generator) -> Labelled:
        """Give so many tracks at most, drawn at random."""
        return self if len(self) <= most else self.at(np.sort(rng.permutation(len(self))[:most]))

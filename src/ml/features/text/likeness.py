"""How alike two spellings are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA


def likeness(asked: Sequence[str], names: Sequence[str]) -> NDArray[np.float32]:
    """Tell how alike texts are: one less the share of letters that have to be changed.

    An edit puts in, takes out or changes a letter, or swaps two neighbours (optimal string alignment, Damerau 1964).
    The share is of the longer of the two texts.

    Parameters
    ----------
    asked, names : sequence of str

    Returns
    -------
    float32 in [0, 1] [shape=(n_asked, n_names)]

    Examples
    --------
    >>> likeness(["beatels"], ["beatles", "eagles"]).astype(float).round(2).tolist()
    [[0.86, 0.57]]
    """
    found: NDArray[np.float32] = process.cdist(asked, names, scorer=OSA.normalized_similarity, dtype=np.float32)
    return found

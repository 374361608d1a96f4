"""What items are, as numbers: tags, artist, sound and year, for models that learn from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack

from ml.models.base import TrainingData
from ml.models.content import rare_first

#: How far the weights of an item's tags are brought to length 1: 0 not at all, 1 wholly. An item with many tags is
#: mostly one that many know, and some of that is to stay. Chosen on artists of HetRec put aside.
DAMPING = 0.25
#: Years of one step of the year's hat functions.
STEP_YEARS = 10


def attributes(data: TrainingData) -> csr_matrix:
    """Describe each item by what is known of it besides who heard it.

    Parameters
    ----------
    data : TrainingData

    Returns
    -------
    scipy.sparse.csr_matrix, float64 [shape=(n_items, n_attributes)]
        Tags, rare ones weightier, of mean length 1; 1 for the artist, where there are several items by the same one;
        each measure of sound in standard deviations, at most 3, over the root of the number of measures; the year
        between decades; and a constant 1.
    """
    constant = csr_matrix(np.ones((data.n_items, 1)))
    parts = [_tags(data.tags), _artists(data.artists), _sound(data.features), _years(data.years), constant]
    return csr_matrix(hstack([part for part in parts if part is not None]), dtype=np.float64)


def _tags(tags: csr_matrix) -> csr_matrix:
    weights = csr_matrix(rare_first(tags), dtype=np.float64)
    lengths = np.sqrt(np.asarray(weights.power(2).sum(axis=1)).ravel())
    told = lengths > 0
    if not told.any():
        return weights
    scales = np.where(told, lengths, 1.0) ** -DAMPING * lengths[told].mean() ** (DAMPING - 1)
    return csr_matrix(diags(scales) @ weights)


def _artists(artists: NDArray[np.integer]) -> csr_matrix | None:
    known = artists[artists >= 0]
    several = np.flatnonzero(np.bincount(known) > 1) if len(known) else np.empty(0, dtype=np.int64)
    if not len(several):
        return None
    items = np.flatnonzero(np.isin(artists, several))
    columns = np.searchsorted(several, artists[items])
    return csr_matrix((np.ones(len(items)), (items, columns)), shape=(len(artists), len(several)))


def _sound(features: NDArray[np.floating] | None) -> csr_matrix | None:
    if features is None or not features.size:
        return None
    values = features.astype(np.float64)
    told = np.isfinite(values)
    count = np.maximum(told.sum(axis=0), 1)
    means = np.where(told, values, 0).sum(axis=0) / count
    centred = np.where(told, values - means, 0)
    spread = np.sqrt(np.square(centred).sum(axis=0) / count)
    scaled = centred / np.where(spread > 0, spread, 1.0)
    return csr_matrix(np.clip(scaled, -3, 3) / np.sqrt(values.shape[1]))


def _years(years: NDArray[np.integer] | None) -> csr_matrix | None:
    if years is None or not (years > 0).any():
        return None
    told = np.flatnonzero(years > 0)
    place = (years[told].astype(np.float64) - years[told].min()) / STEP_YEARS
    below = np.floor(place).astype(np.int64)
    shares = np.concatenate([1 - (place - below), place - below])
    where = (np.concatenate([told, told]), np.concatenate([below, below + 1]))
    return csr_matrix((shares, where), shape=(len(years), int(below.max()) + 2))

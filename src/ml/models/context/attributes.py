"""What may make an item suit a situation: its sound and its tags, as numbers."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.plays import Floats

#: Tags that are looked at, the most frequent; each costs as much as a feature of the sound.
TAGS = 64
#: A tag on fewer items says little about tags.
FEWEST = 5
#: Standard deviations beyond which a feature says no more.
FAR = 3.0


def describe(data: TrainingData) -> Floats:
    """Put what is known of items into columns.

    Features of the sound have two: their distance from the catalogue's mean in standard deviations, and its square,
    so that a middle can suit too. An unknown one is 0 in both, which is the mean. A tag is 1 or 0, less its share.

    Returns
    -------
    float32 [shape=(n_items, n_columns)]
    """
    columns = [np.empty((data.n_items, 0), dtype=np.float32)]
    if data.features is not None and data.features.shape[1]:
        scaled = standard(data.features)
        columns += [scaled, np.where(scaled == 0, 0, (scaled**2 - 1) / np.float32(2))]
    return np.concatenate([*columns, _tags(data.tags)], axis=1, dtype=np.float32)


def standard(features: Floats) -> Floats:
    """Give features in standard deviations from their mean, at most :data:`FAR` away; 0 where unknown."""
    known = np.isfinite(features)
    n = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, features, 0).astype(np.float64)
    mean = filled.sum(axis=0) / n
    away = np.where(known, filled - mean, 0)
    spread = np.sqrt((away**2).sum(axis=0) / n)
    scaled = away / np.where(spread > 0, spread, 1)
    return np.clip(scaled, -FAR, FAR).astype(np.float32)


def _tags(tags: csr_matrix) -> Floats:
    carriers = np.bincount(tags.indices, minlength=tags.shape[1])
    often = np.argsort(-carriers, kind="stable")[:TAGS]
    often = np.sort(often[carriers[often] >= FEWEST])
    has = (tags[:, often].toarray() > 0).astype(np.float32)
    centred: Floats = has - has.mean(axis=0, dtype=np.float32) if len(has) else has
    return centred

"""What lists are like besides being right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.beyond_accuracy import intra_list_diversity, novelty
from ml.metrics.exposure import catalogue_coverage, exposure_gini
from ml.metrics.lists import Scores
from ml.metrics.popularity_bias import popularity_lift
from ml.models.dataset import Split
from ml.models.plays import Indices

#: Lists whose tags are laid out at a time.
LISTS = 4_096


def by_listener(
    ranked: Indices, split: Split, listeners: NDArray[np.integer], *, ks: Sequence[int]
) -> dict[str, Scores]:
    """Give each listener's ``novelty@k`` in bits, ``popularity_lift@k`` and, where there are tags, ``diversity@k``."""
    counts, tags = split.train.plays.counts, split.train.data.tags
    audience = np.bincount(counts.indices, minlength=counts.shape[1])
    histories = counts[listeners]
    found: dict[str, Scores] = {}
    for k in ks:
        found[f"novelty@{k}"] = novelty(ranked, audience, n_users=counts.shape[0], k=k)
        found[f"popularity_lift@{k}"] = popularity_lift(ranked, histories, audience, k=k)
        if tags.nnz:
            found[f"diversity@{k}"] = _diversity(ranked, tags, k)
    return found


def _diversity(ranked: Indices, tags: csr_matrix, k: int) -> Scores:
    """Measure some lists at a time: the tags of all lists together may be many."""
    parts = [intra_list_diversity(ranked[first : first + LISTS], tags, k=k) for first in range(0, len(ranked), LISTS)]
    return np.concatenate(parts)


def of_catalogue(ranked: Indices, *, n_items: int, ks: Sequence[int]) -> dict[str, float]:
    """Give ``coverage@k``, the share of the catalogue that somebody is shown, and ``gini@k`` of the exposure."""
    found: dict[str, float] = {}
    for k in ks:
        found[f"coverage@{k}"] = catalogue_coverage(ranked, n_items=n_items, k=k)
        found[f"gini@{k}"] = exposure_gini(ranked, n_items=n_items, k=k)
    return found

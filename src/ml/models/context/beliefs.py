"""What a word says of items before anybody has listened: how far their sound lies from the region that suits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.features.vocabulary import Region
from ml.models.context.attributes import FAR
from ml.models.plays import Floats

#: Logarithm of how much less likely an item is for each standard deviation that a feature lies outside the region, in
#: all the region's features together. A choice of ours: publications tell where the regions are, not how steep the
#: slope is.
SLOPE = 1.0


def believe(region: Region, features: Floats, names: Sequence[str]) -> Floats | None:
    r"""Score items by their distance from a region.

    .. math:: b_i = \bar d - d_i, \qquad d_i = \frac{1}{|F_i|} \sum_{f \in F_i} \min(d_{if} / \sigma_f, 3)

    over the region's features that are known of the item, with :math:`\sigma` over the catalogue. An item of which
    none is known is at the mean, 0.

    Parameters
    ----------
    region : ml.features.vocabulary.Region
    features : float32 [shape=(n_items, n_features)]
        In their own units; ``nan`` where unknown.
    names : sequence of str
        Of the features.

    Returns
    -------
    float32 [shape=(n_items,)] or None
        None where nothing is known of any item.

    Examples
    --------
    >>> slow_and_fast = np.array([[80.0], [130.0], [np.nan]], dtype=np.float32)
    >>> believe(Region({"tempo_bpm": (120, 140)}, "…"), slow_and_fast, ["tempo_bpm"]).tolist()
    [-0.800000011920929, 0.800000011920929, 0.0]
    """
    total = np.zeros(len(features), dtype=np.float32)
    known = np.zeros(len(features), dtype=np.float32)
    for feature, (low, high) in region.bounds.items():
        if feature not in names:
            continue
        values = features[:, list(names).index(feature)]
        there = np.isfinite(values)
        spread = float(values[there].std(dtype=np.float64)) if there.any() else 0.0
        if spread == 0:
            continue
        outside = np.abs(values - np.clip(values, np.float32(low), np.float32(high))) / np.float32(spread)
        np.minimum(outside, np.float32(FAR), out=outside)
        outside[~there] = 0
        total += outside
        known += there
    if not known.any():
        return None
    distance = total / np.maximum(known, 1)
    mean = distance[known > 0].mean(dtype=np.float64)
    return np.where(known > 0, np.float32(SLOPE) * (np.float32(mean) - distance), np.float32(0))

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
    total = np.zeros(len(features))
    known = np.zeros(len(features))
    for feature, (low, high) in region.bounds.items():
        if feature not in names:
            continue
        values = features[:, list(names).index(feature)].astype(np.float64)
        there = np.isfinite(values)
        spread = float(values[there].std()) if there.any() else 0.0
        if spread == 0:
            continue
        outside = np.maximum(np.maximum(low - values, values - high), 0) / spread
        total += np.where(there, np.minimum(outside, FAR), 0)
        known += there
    if not known.any():
        return None
    distance = total / np.maximum(known, 1)
    mean = distance[known > 0].mean()
    return (SLOPE * np.where(known > 0, mean - distance, 0)).astype(np.float32)

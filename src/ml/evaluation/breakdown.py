"""For whom a model works, and on which items: accuracy by listeners' activity and by items' popularity.

Conventions
-----------
- A listener's activity is how many different items they have in training, an item's popularity how many different
  listeners it has there. What was only skipped counts in neither.
- Equals share a band: where many listeners are equally active, there are fewer bands than asked for, and they are not
  equally large. Whoever is judged is in exactly one band of activity, so the mean of the bands, each weighed by its
  listeners, is the mean of all.
- The items of *head*, *middle* and *tail* hold about a third each of the pairs of listener and item in training: few
  items are the head, most are the tail. *unheard* are those that nobody has there.
- Bands in which nobody has anything to foresee are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.evaluation.results import ActivityBand, PopularityBand
from ml.metrics.lists import Ranked, Scores, share
from ml.metrics.ranking import hits
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models.dataset import Split

Numbers = NDArray[np.integer[Any]]
#: Bands of items, from the most popular on.
POPULARITY = ("head", "middle", "tail", "unheard")
#: Bands of listeners, at most.
ACTIVITY = 4


@dataclass(frozen=True)
class Breakdown:
    """The bands of one split; every model is measured in the same ones.

    Parameters
    ----------
    activity : int [shape=(n,)]
        Items in training of each listener who is judged.
    audience : int [shape=(n_items,)]
        Listeners in training of each item.
    """

    activity: Numbers
    audience: Numbers

    @classmethod
    def of(cls, split: Split, listeners: Numbers) -> Breakdown:
        """Count in the training part."""
        counts = split.train.plays.counts
        return cls(np.diff(counts.indptr)[listeners], np.bincount(counts.indices, minlength=counts.shape[1]))

    def of_model(
        self, ranked: Ranked, target: csr_matrix, scores: Mapping[str, Scores], *, k: int, seed: int
    ) -> dict[str, list[Any]]:
        """Give a model's ``by_activity`` and ``by_item_popularity``.

        Parameters
        ----------
        ranked : int [shape=(n, at least k or all items)]
        target : scipy.sparse.csr_matrix [shape=(n, n_items)]
            What should be foreseen.
        scores : mapping of str to float64 [shape=(n,)]
            ``recall@k`` and ``ndcg@k``.
        k : int >= 1
        seed : int
            Of the intervals.
        """
        return {
            "by_activity": self._by_activity(scores, k, seed),
            "by_item_popularity": self._by_popularity(ranked, target, k, seed),
        }

    def _by_activity(self, scores: Mapping[str, Scores], k: int, seed: int) -> list[ActivityBand]:
        bands, found = activity_bands(self.activity), []
        for band in range(bands.max(initial=-1) + 1):
            own = bands == band
            recall, ndcg = (_interval(scores[f"{name}@{k}"][own], seed) for name in ("recall", "ndcg"))
            low, high = int(self.activity[own].min()), int(self.activity[own].max())
            found.append(ActivityBand(low, high, int(own.sum()), k, recall, ndcg))
        return found

    def _by_popularity(self, ranked: Ranked, target: csr_matrix, k: int, seed: int) -> list[PopularityBand]:
        bands, found = popularity_bands(self.audience), []
        for band, values in enumerate(recall_by_band(ranked, target, bands, k=k).T):
            n_listeners = int(np.count_nonzero(~np.isnan(values)))
            if n_listeners:
                own = self.audience[bands == band]
                low, high = int(own.min()), int(own.max())
                recall = _interval(values, seed)
                found.append(PopularityBand(POPULARITY[band], low, high, len(own), n_listeners, k, recall))
        return found


def activity_bands(n_items: Numbers, *, most: int = ACTIVITY) -> NDArray[np.int64]:
    """Put each listener into a band by how many items they have, 0 for the least active.

    Parameters
    ----------
    n_items : int >= 0 [shape=(n,)]
    most : int >= 1
        Bands, at most.

    Examples
    --------
    >>> activity_bands(np.array([8, 1, 1, 1, 1, 2, 3, 9]))
    array([2, 0, 0, 0, 0, 1, 1, 2])
    """
    # Where many are equal, a band may be empty: the others move up.
    _, bands = np.unique(_equal_parts(n_items, np.ones(len(n_items)), most), return_inverse=True)
    return bands.astype(np.int64)


def popularity_bands(audience: Numbers) -> NDArray[np.int64]:
    """Put each item into one of the bands :data:`POPULARITY` by how many listeners it has.

    Parameters
    ----------
    audience : int >= 0 [shape=(n_items,)]

    Examples
    --------
    One item with six listeners holds a third of the pairs, and so do two with three and six with one.

    >>> popularity_bands(np.array([1, 3, 6, 1, 1, 3, 0, 1, 1, 1]))
    array([2, 1, 0, 2, 2, 1, 3, 2, 2, 2])
    """
    unheard = len(POPULARITY) - 1
    bands = _equal_parts(-np.asarray(audience, dtype=np.int64), audience, unheard)
    bands[audience == 0] = unheard
    return bands


def _equal_parts(values: Numbers, weights: NDArray[Any], parts: int) -> NDArray[np.int64]:
    """Cut values, in order, into parts of about the same weight; equals go where the middle of their weight lies."""
    _, place = np.unique(values, return_inverse=True)
    held = np.bincount(place, weights)
    middle = (np.cumsum(held) - held / 2) / max(1.0, held.sum())
    part: NDArray[np.int64] = np.minimum((parts * middle).astype(np.int64), parts - 1)
    return part[place]


def recall_by_band(ranked: Ranked, relevant: csr_matrix, bands: Numbers, *, k: int) -> Scores:
    """Give the share of a listener's relevant items of each band that are among the first k.

    Parameters
    ----------
    ranked : int [shape=(n, n_places)]
        Best first; -1 is an empty place.
    relevant : scipy.sparse.csr_matrix [shape=(n, n_items)]
    bands : int in 0..3 [shape=(n_items,)]
    k : int >= 1

    Returns
    -------
    float64 [shape=(n, 4)]
        ``nan`` where a listener has nothing relevant in a band.

    Examples
    --------
    >>> recall_by_band(np.array([[0, 2]]), csr_matrix([[1, 1, 0, 1]]), np.array([0, 0, 1, 2]), k=2)
    array([[0.5, nan, 0. , nan]])
    """
    n_bands = len(POPULARITY)
    hit = hits(ranked, relevant, k=k)
    # An empty place is never a hit, whatever band the last item is of.
    own = bands[ranked[:, :k]]
    found = np.stack([(hit & (own == band)).sum(axis=1) for band in range(n_bands)], axis=1)
    there = relevant.data != 0
    rows = np.repeat(np.arange(len(ranked)), np.diff(relevant.indptr))[there]
    cells = rows * n_bands + bands[relevant.indices[there]]
    wanted = np.bincount(cells, minlength=len(ranked) * n_bands)
    return share(found.ravel(), wanted).reshape(-1, n_bands)


def _interval(values: Scores, seed: int) -> Interval:
    return bootstrap_mean(values, rng=np.random.default_rng(seed))

"""Items that are described alike: for what nobody, or hardly anybody, has heard yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays
from ml.models.rows import among, entries_of, row_of_each

#: Items whose scores, of some listeners, stay in a processor's cache while they are turned from by-item to by-listener.
STRETCH = 1 << 13
#: So many products of tags are gathered and added up by themselves, quicker than sparse matrices are made for them.
FEW = 1 << 16


@dataclass
class Content:
    r"""Score an item by how much its tags and its artist resemble a history.

    .. math::

        s_{ui} = \sum_j p_{uj} \bigl((1 - a)\, \cos(t_j, t_i) + a\, [\text{same artist}]\bigr),
        \qquad p_{uj} = \frac{\log(1 + c_{uj})}{\sum_k \log(1 + c_{uk})}

    with t the row of tags of an item, each tag weighted by :math:`\log(1 + n) \cdot
    \log(I / I_t)` (how often it was given; I items, :math:`I_t` of them with the tag), and c the
    listener's counts. Scores lie in [0, 1]; an item without tags is judged by its artist alone.

    The defaults were chosen on validation sets (``make bench BENCH_ARGS=defaults``), by what they
    add to the hybrid. Alone, a share of 0.8 for the artist finds more on the demo world; artists
    themselves are indifferent to it. Few tags cost much: of the artists of HetRec, with their many
    tags, 20 an item find half of what 300 find.

    Parameters
    ----------
    artist_weight : float in [0, 1]
        The share a of the artist.
    tags_per_item : int >= 1
        How many tags of an item are kept, the weightiest: bounds the time of a score.

    References
    ----------
    Lops, de Gemmis and Semeraro, "Content-based recommender systems: state of the art and
    trends", Recommender Systems Handbook, 2011.

    Examples
    --------
    Items 0 and 1 share a tag, items 0 and 2 an artist.

    >>> tags = csr_matrix([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> data = TrainingData(Plays.of([[0]], n_items=3), tags, np.array([0, 1, 0], dtype=np.int32))
    >>> model = Content(artist_weight=0.2).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[0]], n_items=3)).round(2)
    array([[1. , 0.8, 0.2]], dtype=float32)
    """

    artist_weight: float = 0.3
    tags_per_item: int = 300
    name: ClassVar[str] = "content"
    tags: csr_matrix | None = field(default=None, init=False, repr=False)
    artists: Indices | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.artists is None else len(self.artists)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Weight the tags; plays are not looked at."""
        self.tags = _unit_rows(_weightiest(rare_first(data.tags), self.tags_per_item))
        self.artists = data.artists.astype(np.int32)
        self._forget()
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        require_fitted(self, history)
        assert self.tags is not None
        assert self.artists is not None
        counts = history.counts
        shares = _shares(counts)
        wanted = _wanted(counts, shares, self.tags) * np.float32(1 - self.artist_weight)
        if items is not None:
            return _tagged(self.tags, items, wanted) + self._same_artist(counts, shares, items)
        scores = self._by_tags(wanted)
        order, starts = self._discographies
        # Only the items of the artists who were heard are touched.
        users, artists, parts = self._by_artist(counts, shares)
        places, lengths = entries_of(starts, artists)
        scores[np.repeat(users, lengths), order[places]] += np.repeat(parts, lengths)
        return scores

    def _by_tags(self, wanted: Floats) -> Floats:
        """Give each item's part of a score, float32 [shape=(n_users, n_items)]."""
        assert self.tags is not None
        if len(wanted) == 1:
            return np.asarray((self.tags @ wanted[0])[np.newaxis, :], dtype=np.float32)
        wanted_by_tag = np.ascontiguousarray(wanted.T)
        scores = np.empty((len(wanted), self.tags.shape[0]), dtype=np.float32)
        # All listeners in one pass over the tags, which come by item; what has to be turned stays in the cache.
        first = 0
        for stretch in self._stretches:
            last = first + stretch.shape[0]
            scores[:, first:last] = (stretch @ wanted_by_tag).T
            first = last
        return scores

    @cached_property
    def _stretches(self) -> list[csr_matrix]:
        """The tags of some items at a time."""
        assert self.tags is not None
        return [_stretch(self.tags, first, first + STRETCH) for first in range(0, self.tags.shape[0], STRETCH)]

    def _forget(self) -> None:
        for name in ("_discographies", "_n_artists", "_stretches"):
            self.__dict__.pop(name, None)

    @cached_property
    def _discographies(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Items in order of their artists, and where each artist's begin."""
        assert self.artists is not None
        order = np.argsort(self.artists, kind="stable")
        return order, np.searchsorted(self.artists[order], np.arange(self._n_artists + 1))

    def _by_artist(self, counts: csr_matrix, shares: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Give what each artist who was heard adds to the scores of their items.

        Returns
        -------
        users, artists : int64 [shape=(n,)]
            Each pair once; what is by nobody known is left out.
        parts : float32 [shape=(n,)]
        """
        assert self.artists is not None
        heard = self.artists[counts.indices]
        known = np.flatnonzero(heard >= 0)
        pairs, place = np.unique(
            row_of_each(counts.indptr)[known] * self._n_artists + heard[known], return_inverse=True
        )
        parts = np.bincount(place, shares[known], len(pairs)) * self.artist_weight
        return *np.divmod(pairs, max(1, self._n_artists)), parts.astype(np.float32)

    def _same_artist(self, counts: csr_matrix, shares: Floats, items: Indices) -> Floats:
        """Give what the artists who were heard add to the scores of some items, float32 [shape=(n_users, n)]."""
        assert self.artists is not None
        artists, back = np.unique(self.artists[items], return_inverse=True)
        same, place = among(self.artists[counts.indices], artists[artists >= 0])
        shape = (counts.shape[0], len(artists))
        # What is by nobody known comes first where it is there at all, and is by nobody who was heard.
        cells = row_of_each(counts.indptr)[same] * shape[1] + place + (artists < 0).sum()
        parts = np.bincount(cells, shares[same], minlength=shape[0] * shape[1]) * self.artist_weight
        return parts.astype(np.float32).reshape(shape)[:, back]

    @cached_property
    def _n_artists(self) -> int:
        return int(self.artists.max(initial=-1)) + 1 if self.artists is not None else 0

    def arrays(self) -> Arrays:
        """Give the weighted tags in their three parts, and the artists."""
        if self.tags is None or self.artists is None:
            return {}
        parts = {"tags_data": self.tags.data, "tags_indices": self.tags.indices, "tags_indptr": self.tags.indptr}
        return parts | {"artists": self.artists, "n_tags": np.array(self.tags.shape[1])}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.artists = arrays["artists"]
        self._forget()
        parts = (arrays["tags_data"], arrays["tags_indices"], arrays["tags_indptr"])
        self.tags = csr_matrix(parts, shape=(len(self.artists), int(arrays["n_tags"])))
        return self


def rare_first(tags: csr_matrix) -> csr_matrix:
    """Weight tags by how often they were given and how rare they are; gives a new matrix."""
    weights = csr_matrix(tags, dtype=np.float32, copy=True)
    weights.sum_duplicates()
    weights.eliminate_zeros()
    n_items, n_tags = weights.shape
    carriers = np.bincount(weights.indices, minlength=n_tags)
    # A tag on every item tells nothing, but an item may have no other: half a carrier more keeps it above zero.
    rarity = np.log((n_items + 0.5) / np.maximum(carriers, 1))
    weights.data = (np.log1p(weights.data) * rarity[weights.indices]).astype(np.float32)
    return weights


def _weightiest(weights: csr_matrix, k: int) -> csr_matrix:
    """Keep the k largest entries of each row, of equal ones the first."""
    if np.diff(weights.indptr).max(initial=0) <= k:
        return weights
    rows = row_of_each(weights.indptr)
    order = np.lexsort((weights.indices, -weights.data, rows))
    rank = np.arange(len(order)) - weights.indptr[rows]
    kept = np.sort(order[rank < k])
    indptr = np.searchsorted(kept, weights.indptr)
    return csr_matrix((weights.data[kept], weights.indices[kept], indptr), shape=weights.shape)


def _unit_rows(weights: csr_matrix) -> csr_matrix:
    """Divide each row by its norm, in place."""
    norms = np.sqrt(_row_sums(weights, weights.data.astype(np.float64) ** 2))
    weights.data = (weights.data / np.repeat(norms, np.diff(weights.indptr))).astype(np.float32)
    return weights


def _stretch(matrix: csr_matrix, first: int, last: int) -> csr_matrix:
    """Give some rows as a view: a slice would copy them."""
    indptr = matrix.indptr[first : last + 1]
    own = slice(indptr[0], indptr[-1])
    parts = (matrix.data[own], matrix.indices[own], indptr - indptr[0])
    return csr_matrix(parts, shape=(len(indptr) - 1, matrix.shape[1]), copy=False)


def _shares(counts: csr_matrix) -> Floats:
    """Give counts as each row's shares of its logarithms, float32 [shape=(counts.nnz,)]."""
    logs = np.log1p(counts.data)
    return np.asarray(logs / np.repeat(_row_sums(counts, logs), np.diff(counts.indptr)), dtype=np.float32)


def _wanted(counts: csr_matrix, shares: Floats, tags: csr_matrix) -> Floats:
    """Give how much of each tag was heard, float32 [shape=(n_users, n_tags)]."""
    n_users, n_tags = counts.shape[0], tags.shape[1]
    places, lengths = entries_of(tags.indptr, counts.indices)
    if len(places) > FEW:
        profile = csr_matrix((shares, counts.indices, counts.indptr), shape=counts.shape)
        return np.asarray((profile @ tags).toarray(), dtype=np.float32)
    cells = np.repeat(row_of_each(counts.indptr) * n_tags, lengths) + tags.indices[places]
    heard = np.bincount(cells, tags.data[places] * np.repeat(shares, lengths), minlength=n_users * n_tags)
    return heard.astype(np.float32).reshape(n_users, n_tags)


def _tagged(tags: csr_matrix, items: Indices, wanted: Floats) -> Floats:
    """Give the part of some items' scores that their tags are, float32 [shape=(n_users, n)]."""
    places, lengths = entries_of(tags.indptr, items)
    if len(places) * len(wanted) > FEW:
        return np.ascontiguousarray((tags[items] @ np.ascontiguousarray(wanted.T)).T)
    parts = tags.data[places] * wanted[:, tags.indices[places]]
    # One more column of zeros: what begins behind the last entry has none.
    whole = np.concatenate([np.zeros((len(wanted), 1)), np.cumsum(parts, axis=1, dtype=np.float64)], axis=1)
    ends = np.cumsum(lengths)
    return np.asarray(whole[:, ends] - whole[:, ends - lengths], dtype=np.float32)


def _row_sums(matrix: csr_matrix, values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.bincount(row_of_each(matrix.indptr), values, minlength=matrix.shape[0]), dtype=np.float64)

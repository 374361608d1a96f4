"""Where item vectors begin: who heard what, factorised, before anything is learned of order.

Method
------
The truncated singular value decomposition of the listeners × items matrix of BM25 weights, each column divided by the
root of its length: half-way to not counting popularity at all. The vector of an item is its right singular vectors
times the root of the singular values, the symmetric factorisation of Levy and Goldberg. It is shared out between what
the item's tags and artist foretell of it (ridge regression, then the shrunk mean of an artist's remainders) and what
is its own, so that an item nobody has heard begins among its kind. What comes before any play is the mean of the items
that histories begin with.

References
----------
Levy and Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, linalg

from ml.models.item_knn import weighted
from ml.models.plays import Floats
from ml.models.sequential.content import Content
from ml.models.sequential.sequences import Sequences

Doubles = NDArray[np.floating]
#: Items that a tag, and an artist, must have to be believed by half.
TAG_DOUBT, ARTIST_DOUBT = 5.0, 2.0


@dataclass(frozen=True)
class Beginning:
    """Item vectors, shared out, and the vector of nothing heard yet.

    Parameters
    ----------
    ids : float32 [shape=(n_items, width)]
    tags : float32 [shape=(n_tags, width)]
    artists : float32 [shape=(n_artists + 1, width)]
        The last row is of an unknown artist, and 0.
    start : float32 [shape=(width,)]
        Of length 1, or 0 where nobody heard anything.
    """

    ids: Floats
    tags: Floats
    artists: Floats
    start: Floats

    @classmethod
    def of(cls, sequences: Sequences, content: Content, width: int, *, rng: np.random.Generator) -> Beginning:
        """Factorise who heard what, and share the vectors out."""
        counts = sequences.counts(len(content.artists))
        whole = vectors(counts, width, rng=rng)
        heard = counts.getnnz(axis=0) > 0
        features = content.tags[heard]
        squares = features.T @ features + TAG_DOUBT * np.eye(features.shape[1], dtype=np.float32)
        tags = np.linalg.solve(squares, features.T @ whole[heard])
        remainder = whole - content.tags @ tags
        artists = np.zeros((content.n_artists + 1, width), dtype=np.float32)
        known = heard & (content.artists < content.n_artists)
        np.add.at(artists, content.artists[known], remainder[known])
        sizes = np.bincount(content.artists[known], minlength=len(artists))
        artists /= (sizes + ARTIST_DOUBT)[:, None].astype(np.float32)
        own = (remainder - artists[content.artists]) * heard[:, None]
        start = whole[sequences.items[sequences.indptr[:-1][sequences.lengths > 0]]].sum(axis=0, dtype=np.float64)
        start /= max(float(np.linalg.norm(start)), 1e-9)
        return cls(own, tags.astype(np.float32), artists, start.astype(np.float32))


def vectors(counts: csr_matrix, width: int, *, rng: np.random.Generator) -> Floats:
    """Factorise counts of listeners × items.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix [shape=(n_users, n_items)]
    width : int
    rng : numpy.random.Generator
        Where the iterations begin.

    Returns
    -------
    float32 [shape=(n_items, width)]
        Of a mean square length of 1 among what was heard. What the matrix has no dimension for is 0.
    """
    found = np.zeros((counts.shape[1], width), dtype=np.float32)
    if not counts.nnz:
        return found
    matrix = weighted(counts, "bm25", damping=0.0)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0), dtype=np.float64)).ravel()
    right, values = _factors(csr_matrix(matrix @ diags(np.maximum(lengths, 1e-9) ** -0.5)), width, rng)
    found[:, : len(values)] = right.T * np.sqrt(values)
    heard = lengths > 0
    size = np.sqrt((found[heard] ** 2).sum(axis=1).mean())
    return np.asarray(found / max(size, 1e-9), dtype=np.float32)


def _factors(matrix: csr_matrix, width: int, rng: np.random.Generator) -> tuple[Doubles, Doubles]:
    """Give the right singular vectors, [shape=(<= width, n_items)], and the values, the largest first."""
    smaller = min(matrix.shape)
    if smaller <= 2 * width:
        _, values, right = np.linalg.svd(matrix.toarray().astype(np.float64), full_matrices=False)
        return right[:width], values[:width]
    _, values, right = linalg.svds(matrix.astype(np.float64), k=width, v0=rng.standard_normal(smaller))
    order = np.argsort(-values)
    return right[order], values[order]

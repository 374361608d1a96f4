"""Histories as sequences: what a listener heard, in the order of hearing.

Conventions
-----------
- Skips (weight 0) are left out: they say nothing about what comes next.
- Dated plays stand in the order of their times, replays included. Plays without a date come before all of them, each
  item once, those of the largest total last: what is cut off a long history is what was played least.
- A gap of time is told by a bucket, not by a number: 0 where a date is unknown, else ``1 + floor(log2(1 + minutes))``,
  at most :data:`GAPS` - 1, which is three years and more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.plays import UNDATED, Indices, Plays, Times
from ml.models.sequential.context_tokens import ContextTokens, tokens_of

#: Buckets of time between two plays.
GAPS = 23
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class Sequences:
    """What listeners heard, one after the other.

    Parameters
    ----------
    indptr : int64 [shape=(n_users + 1,)]
        Listener ``u`` owns the places ``indptr[u]:indptr[u + 1]``.
    items : int32 [shape=(n,)]
    times : int64 [shape=(n,)]
        UTC milliseconds; :data:`~ml.models.plays.UNDATED` where unknown.
    context : int16 [shape=(n, 4)], optional
        Tokens of each play (:mod:`ml.models.sequential.context_tokens`); None where nobody looks.
    """

    indptr: NDArray[np.int64]
    items: Indices
    times: Times
    context: ContextTokens | None = None

    @classmethod
    def of(cls, plays: Plays, *, rng: np.random.Generator | None = None, context: bool = False) -> Sequences:
        """Put plays in order.

        Parameters
        ----------
        plays : Plays
        rng : numpy.random.Generator, optional
            Shuffles the items without a date, which have no order to be learned; without it they are
            ordered by their totals.
        context : bool
            Whether to look at what is told of the context of each play.

        Examples
        --------
        >>> plays = Plays(np.array([0, 4]), np.array([2, 1, 0, 2], np.int32), np.array([1, 1, 5, 2], np.float32),
        ...               np.array([9, 8, UNDATED, UNDATED]), n_items=3)
        >>> Sequences.of(plays).items
        array([2, 0, 1, 2], dtype=int32)
        """
        liked = plays if (plays.weights > 0).all() else plays.keep(plays.weights > 0)
        undated = liked.times == UNDATED
        if undated.any():
            liked = _merged(liked, undated, rng)
        order = np.lexsort((liked.times, liked.users))
        told = tokens_of(liked)[order] if context else None
        return cls(liked.indptr, liked.items[order], liked.times[order], told)

    @property
    def n_users(self) -> int:
        """Number of listeners."""
        return len(self.indptr) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Plays of each listener, int64 [shape=(n_users,)]."""
        return np.diff(self.indptr)

    def counts(self, n_items: int) -> csr_matrix:
        """Count the plays of each listener and item, float32 [shape=(n_users, n_items)]."""
        ones = np.ones(len(self.items), dtype=np.float32)
        counts = csr_matrix((ones, self.items.copy(), self.indptr), shape=(self.n_users, n_items))
        counts.sum_duplicates()
        return counts

    def repeats(self, n_items: int) -> NDArray[np.bool_]:
        """Tell which plays are of an item that the listener has heard before, bool [shape=(n,)]."""
        users = np.repeat(np.arange(self.n_users, dtype=np.int64), self.lengths)
        again = np.ones(len(self.items), dtype=np.bool_)
        again[np.unique(users * n_items + self.items, return_index=True)[1]] = False
        return again

    def shuffled(self, rng: np.random.Generator) -> Sequences:
        """Give the plays without a date, which have no order, another one; those with a date stay."""
        undated = self.times == UNDATED
        if not undated.any():
            return self
        users = np.repeat(np.arange(self.n_users), self.lengths)
        order = np.lexsort((np.where(undated, rng.random(len(undated)), 0), self.times, users))
        return self.take(order, self.indptr)

    def without_last(self, counts: NDArray[np.int64]) -> Sequences:
        """Leave out the last so many plays of each listener."""
        ends = np.repeat(self.indptr[1:] - counts, self.lengths)
        kept = np.arange(len(self.items)) < ends
        indptr = np.concatenate([[0], np.cumsum(self.lengths - counts)]).astype(np.int64)
        return self.take(np.flatnonzero(kept), indptr)

    def take(self, places: NDArray[np.int64], indptr: NDArray[np.int64]) -> Sequences:
        """Give some of the plays, in the order of their places."""
        context = None if self.context is None else self.context[places]
        return Sequences(indptr, self.items[places], self.times[places], context)


def _merged(plays: Plays, undated: NDArray[np.bool_], rng: np.random.Generator | None) -> Plays:
    """Keep one play of each item without a date, the undated ones ordered before a stable sort by time."""
    users = plays.users.astype(np.int64)
    pairs, first, place = np.unique(
        users[undated] * plays.n_items + plays.items[undated], return_index=True, return_inverse=True
    )
    totals = np.bincount(place, plays.weights[undated], len(pairs))
    kept = np.concatenate([np.flatnonzero(undated)[first], np.flatnonzero(~undated)])
    rank = np.concatenate([totals if rng is None else rng.random(len(pairs)), np.zeros(len(kept) - len(pairs))])
    # Dated plays keep the order they came in; the later sort by time is stable.
    order = np.lexsort((plays.items[kept] * undated[kept], rank, users[kept]))
    kept = kept[order]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users[kept], minlength=plays.n_users))]).astype(np.int64)
    return replace(
        plays,
        indptr=indptr,
        items=plays.items[kept],
        weights=plays.weights[kept],
        times=plays.times[kept],
        implied=None,
        situations=None if plays.situations is None else plays.situations.take(kept),
    )


@dataclass(frozen=True)
class Batch:
    """Stretches of sequences, padded on the right.

    Parameters
    ----------
    items : int64 [shape=(n, length)]
        Padding is 0, and nothing looks at it.
    times : int64 [shape=(n, length)]
    lengths : int64 [shape=(n,)]
    places : int64 [shape=(n, length)]
        Where each play stands in the sequences.
    context : int16 [shape=(n, length, 4)], optional
    """

    items: NDArray[np.int64]
    times: Times
    lengths: NDArray[np.int64]
    places: NDArray[np.int64]
    context: ContextTokens | None = None

    @classmethod
    def of(cls, sequences: Sequences, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Batch:
        """Cut stretches out."""
        lengths = stops - starts
        columns = np.arange(int(lengths.max(initial=0)))
        inside = columns < lengths[:, None]
        places = np.where(inside, starts[:, None] + columns, 0)
        if not len(sequences.items):
            return cls(places, places, lengths, places)
        items = np.where(inside, sequences.items[places], 0).astype(np.int64)
        context = None if sequences.context is None else sequences.context[places]
        return cls(items, np.where(inside, sequences.times[places], UNDATED), lengths, places, context)

    def take(self, rows: NDArray[np.int64] | slice, width: int | None = None) -> Batch:
        """Keep some stretches, and the first so many plays of each."""
        context = None if self.context is None else self.context[rows, :width]
        return Batch(
            self.items[rows, :width], self.times[rows, :width], self.lengths[rows], self.places[rows, :width], context
        )


def latest(sequences: Sequences, length: int) -> Batch:
    """Cut out the last plays of every listener, at most ``length``."""
    return Batch.of(sequences, np.maximum(sequences.indptr[:-1], sequences.indptr[1:] - length), sequences.indptr[1:])


def gaps(times: Times) -> NDArray[np.int64]:
    """Bucket the time between every two plays and the start, int64 [shape=(n, length + 1, length + 1)].

    Entry ``[n, i, j]`` is of the time from place j to place i, j not after i; place 0 is the start, which has no date.

    >>> gaps(np.array([[0, 60_000, 3_600_000]]))[0, 3]
    array([0, 6, 6, 1])
    """
    padded = np.concatenate([np.full((len(times), 1), UNDATED), times], axis=1)
    known = padded != UNDATED
    minutes = np.where(known, padded, 0) / _MINUTE_MS
    apart = np.maximum(minutes[:, :, None] - minutes[:, None, :], 0).astype(np.float32)
    buckets = np.minimum(1 + np.log2(1 + apart), GAPS - 1).astype(np.int64)
    return np.where(known[:, :, None] & known[:, None, :], buckets, 0)


def pauses(between: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take from :func:`gaps` the time since the play before, int64 [shape=(n, length + 1)]; 0 at the start.

    >>> pauses(gaps(np.array([[0, 60_000, 3_600_000]])))
    array([[0, 0, 2, 6]])
    """
    before = np.zeros(between.shape[:2], dtype=np.int64)
    before[:, 1:] = np.diagonal(between, offset=-1, axis1=1, axis2=2)
    return before


def offsets(length: int, most: int) -> NDArray[np.int64]:
    """Count the places between every two, int64 [shape=(length, length)]; ``most`` + 1 where j comes after i.

    >>> offsets(3, 8)
    array([[0, 9, 9],
           [1, 0, 9],
           [2, 1, 0]])
    """
    places = np.arange(length)
    apart = places[:, None] - places[None, :]
    return np.where(apart < 0, most + 1, np.minimum(apart, most)).astype(np.int64)

"""What listeners heard: the one currency of models, for fitting and for asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.asking import Asking
from ml.models.situations import Situations

Indices = NDArray[np.int32]
Floats = NDArray[np.float32]
Times = NDArray[np.int64]
T = TypeVar("T")

#: The time of a play whose date is unknown, such as a total without dates.
UNDATED = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Plays:
    """Plays by listener, in rows like a sparse matrix: immutable.

    Parameters
    ----------
    indptr : int64 [shape=(n_users + 1,)]
        Plays of listener ``u`` are the rows ``indptr[u]:indptr[u + 1]``.
    items : int32 [shape=(n_plays,)]
        Item index of each play; an item may occur many times.
    weights : float32 >= 0 [shape=(n_plays,)]
        How much a play counts: 1 for a listen, n for a total of n plays, 0 for a skip
        (heard, but no sign of liking).
    times : int64 [shape=(n_plays,)]
        When, in UTC milliseconds; :data:`UNDATED` where unknown.
    n_items : int
        Size of the vocabulary.
    now : int
        The moment of asking, in UTC milliseconds; recency is measured against it.
    countries : sequence of (str or None), optional
        ISO 3166 code of each listener's country.
    ages : sequence of (int or None), optional
        Of each listener, in years.
    implied : bool, optional [shape=(n_plays,)]
        Plays that nobody made: what was said of an artist, laid on the artist's items. They tell of a taste, and their
        items may be new all the same.
    situations : Situations, optional
        In which situation each play was heard, aligned with ``items``.
    asking : sequence of (Asking or None), optional
        The situation that each listener asks for; as history, a listener has none.

    Examples
    --------
    >>> plays = Plays.of([[0, 0, 2], [1]], n_items=3)
    >>> plays.counts.toarray()
    array([[2., 0., 1.],
           [0., 1., 0.]], dtype=float32)
    """

    indptr: NDArray[np.int64]
    items: Indices
    weights: Floats
    times: Times
    n_items: int
    now: int = 0
    countries: Sequence[str | None] | None = None
    situations: Situations | None = None
    asking: Sequence[Asking | None] | None = None
    ages: Sequence[int | None] | None = None
    implied: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, histories: Sequence[Sequence[int]], *, n_items: int, now: int = 0) -> Plays:
        """Build from lists of item indices, undated and of weight 1."""
        lengths = [len(history) for history in histories]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        items = np.array([item for history in histories for item in history], dtype=np.int32)
        weights = np.ones(len(items), dtype=np.float32)
        return cls(indptr, items, weights, np.full(len(items), UNDATED), n_items, now)

    @property
    def n_users(self) -> int:
        """Number of listeners."""
        return len(self.indptr) - 1

    @cached_property
    def users(self) -> Indices:
        """Listener index of each play, int32 [shape=(n_plays,)]."""
        return np.repeat(np.arange(self.n_users, dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def counts(self) -> csr_matrix:
        """Sum of weights, float32 [shape=(n_users, n_items)]; items of zero weight are absent."""
        shape = (self.n_users, self.n_items)
        # Copies: summing duplicates works in place.
        matrix = csr_matrix((self.weights.copy(), self.items.copy(), self.indptr.copy()), shape=shape)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix

    @cached_property
    def actual(self) -> Plays:
        """The plays that were made, without what is implied."""
        return self if self.implied is None else self.keep(~self.implied)

    def heard(self, user: int) -> Indices:
        """List the items a listener heard at all, skips included, sorted."""
        return np.unique(self.items[self.indptr[user] : self.indptr[user + 1]])

    def only(self, user: int) -> Plays:
        """Keep one listener, as a view."""
        own = slice(self.indptr[user], self.indptr[user + 1])
        indptr = self.indptr[user : user + 2] - self.indptr[user]
        return self._take(own, indptr, [user])

    def select(self, users: Sequence[int] | NDArray[np.integer]) -> Plays:
        """Keep some listeners, in the order given; a listener may be repeated."""
        users = np.asarray(users, dtype=np.int64)
        lengths = self.indptr[users + 1] - self.indptr[users]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.repeat(self.indptr[users] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return self._take(rows, indptr, users.tolist())

    def keep(self, mask: NDArray[np.bool_]) -> Plays:
        """Keep the plays where a mask is true; all listeners stay."""
        indptr = np.concatenate([[0], np.cumsum(mask)])[self.indptr].astype(np.int64)
        return self._take(np.flatnonzero(mask), indptr)

    def _take(
        self, rows: NDArray[np.integer] | slice, indptr: NDArray[np.int64], users: Sequence[int] | None = None
    ) -> Plays:
        """Keep some plays, and of what is told of the listeners what is told of some; None means all."""
        countries, asking, ages = self.countries, self.asking, self.ages
        if users is not None:
            countries, asking, ages = _some(countries, users), _some(asking, users), _some(ages, users)
        # Said field by field: `replace` takes several times as long, and every answer does this a few times.
        return Plays(
            indptr,
            self.items[rows],
            self.weights[rows],
            self.times[rows],
            self.n_items,
            self.now,
            countries,
            None if self.situations is None else self.situations.take(rows),
            asking,
            ages,
            None if self.implied is None else self.implied[rows],
        )


def _some(values: Sequence[T] | None, users: Iterable[int]) -> list[T] | None:
    return None if values is None else [values[user] for user in users]

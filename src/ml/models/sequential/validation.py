"""What is put aside of the histories, to stop by and to weigh replay by.

Conventions
-----------
Of a drawn third of the listeners, at most :data:`JUDGES`, the last tenth of the plays is put aside, from 1 to 20. What
is measured is NDCG@10 over all items, of one of two tasks, never of both: *discovery* where there is anything that they
had not heard before, else the next listen. The weight of replay is chosen by the next listen alone; it changes nothing
among items that were never heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.ranking import ndcg
from ml.models.dataset import without
from ml.models.plays import UNDATED, Floats, Plays
from ml.models.replay import Replay
from ml.models.sequential.sequences import Sequences
from ml.models.topk import top_k

JUDGES, FEWEST = 1024, 20
SHARE, MOST, K = 0.1, 20, 10
#: Weights of replay that are tried, in units of a logit.
WEIGHTS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 48.0)

#: Smaller than what any play is worth.
_NOTHING = 1e-12

Vectors = Callable[[Sequences], Floats]


@dataclass(frozen=True)
class Validation:
    """A part put aside.

    Parameters
    ----------
    history : Sequences
        What the judges heard before it.
    played : scipy.sparse.csr_matrix [shape=(n_judges, n_items)]
        1 where they play an item in it.
    discovered : scipy.sparse.csr_matrix [shape=(n_judges, n_items)]
        1 where they play an item for the first time.
    asked_at : int64 [shape=(n_judges,)]
        When they are asked, UTC milliseconds.
    """

    history: Sequences
    played: csr_matrix
    discovered: csr_matrix
    asked_at: NDArray[np.int64]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough listeners to judge by."""
        return int(np.count_nonzero(np.diff(self.played.indptr))) >= FEWEST

    def judge(self, vectors: Floats, biases: Floats, encode: Vectors) -> NDArray[np.float64]:
        """Measure NDCG@10 of each judge: of discovery, or of the next listen where nothing is discovered."""
        discovery = bool(self.discovered.nnz)
        wanted = self.discovered if discovery else self.played
        scores = self._logits(vectors, biases, encode)
        if discovery:
            scores[self._users, self.history.items] = -np.inf
        return ndcg(top_k(scores, K)[0], wanted, k=K)

    def weigh_replay(self, vectors: Floats, biases: Floats, encode: Vectors, replay: Replay) -> float:
        """Choose the weight of replay by NDCG@10 of the next listen; the smallest of equal ones."""
        logits = self._logits(vectors, biases, encode)
        own = of_the_best(replay.score(self._plays(vectors.shape[0])))
        reached = [self._next(logits + np.float32(weight) * own) for weight in WEIGHTS]
        return WEIGHTS[int(np.argmax(reached))]

    def _next(self, scores: Floats) -> float:
        return float(np.nanmean(ndcg(top_k(scores, K)[0], self.played, k=K)))

    def _logits(self, vectors: Floats, biases: Floats, encode: Vectors) -> Floats:
        scores: Floats = encode(self.history) @ vectors.T + biases
        return scores

    @property
    def _users(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(self.history.n_users), self.history.lengths)

    def _plays(self, n_items: int) -> Plays:
        """Give the histories as plays, moved in time so that all are asked at one moment."""
        times = self.history.times
        now = int(self.asked_at.max(initial=0))
        moved = np.where(times == UNDATED, UNDATED, times + (now - self.asked_at)[self._users])
        weights = np.ones(len(times), dtype=np.float32)
        return Plays(self.history.indptr, self.history.items, weights, moved, n_items, now)


def of_the_best(replayed: Floats) -> Floats:
    """Hold what replay says of all items against the most that it says of any, listener by listener.

    How large its scores are tells how long ago a listener last played anything, which is no matter of taste: a weight
    chosen for those who play now would be too small for those who come back after a month.

    >>> of_the_best(np.array([[0.5, 0.25], [0.0, 0.0]]))
    array([[1. , 0.5],
           [0. , 0. ]])
    """
    most = replayed.max(axis=1, keepdims=True, initial=0)
    shares: Floats = replayed / np.maximum(most, _NOTHING, dtype=replayed.dtype)
    return shares


def put_aside(sequences: Sequences, n_items: int, *, rng: np.random.Generator) -> tuple[Sequences, Validation]:
    """Put the last plays of some listeners aside; give the rest and what was put aside."""
    lengths = sequences.lengths
    able = np.flatnonzero(lengths >= 2)
    most = min(JUDGES, -(-len(able) // 3))
    judges = np.sort(rng.choice(able, most, replace=False)) if len(able) else able
    counts = np.zeros(len(lengths), dtype=np.int64)
    counts[judges] = np.clip((SHARE * lengths[judges]).astype(np.int64), 1, MOST)
    rest = sequences.without_last(counts)
    aside = _rows(sequences, sequences.indptr[1:][judges] - counts[judges], sequences.indptr[1:][judges])
    history = _rows(rest, rest.indptr[:-1][judges], rest.indptr[1:][judges])
    first = aside.times[aside.indptr[:-1]] if len(judges) else np.empty(0, dtype=np.int64)
    asked_at = np.where(first == UNDATED, 0, first)
    return rest, _validation(history, _pairs(aside, n_items), n_items, asked_at)


def given(sequences: Sequences, held_out: csr_matrix, n_items: int, now: int) -> Validation:
    """Take the part that a caller has put aside: nothing is missing from the histories."""
    judges = np.flatnonzero(np.diff(held_out.indptr))
    step = max(1, len(judges) // JUDGES)
    judges = judges[::step][:JUDGES]
    history = _rows(sequences, sequences.indptr[:-1][judges], sequences.indptr[1:][judges])
    played = csr_matrix(held_out[judges]).sign()
    return _validation(history, played, n_items, np.full(len(judges), now, dtype=np.int64))


def _validation(history: Sequences, played: csr_matrix, n_items: int, asked_at: NDArray[np.int64]) -> Validation:
    return Validation(history, played, without(played, _pairs(history, n_items)), asked_at)


def _pairs(sequences: Sequences, n_items: int) -> csr_matrix:
    return sequences.counts(n_items).sign()


def _rows(sequences: Sequences, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Sequences:
    """Cut a stretch of each of some listeners out."""
    lengths = stops - starts
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = np.repeat(starts - indptr[:-1], lengths) + np.arange(indptr[-1])
    return sequences.take(places, indptr)

"""What one epoch teaches: stretches of histories, what follows each play in them, and what might have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats
from ml.models.sequential.context_tokens import ContextTokens
from ml.models.sequential.sequences import Batch, Sequences

#: Exponent of how often an item was played, in the chance to be drawn as a contender; between even and as played.
CHANCE = 0.5


@dataclass(frozen=True)
class Lesson:
    """One step: histories, what comes next at each place, and items to tell it from.

    Parameters
    ----------
    batch : Batch
        What is looked at: all but the last play of each stretch.
    rows, columns : int64 [shape=(n,)]
        The places that something follows; column 0 is the start, before any play.
    targets : int64 [shape=(n,)]
        What follows.
    weights : float32 [shape=(n,)]
    contenders : int64 [shape=(m,)]
        Items to tell them from, each once.
    context : int16 [shape=(n, 4)], optional
        Of each of the targets.
    """

    batch: Batch
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: Floats
    contenders: NDArray[np.int64]
    context: ContextTokens | None = None


@dataclass(frozen=True)
class Course:
    """How an epoch is cut into lessons.

    Parameters
    ----------
    length : int
        Plays that are looked at, at most.
    batch_size : int
        Stretches of a step.
    horizon : int
        What follows a play is drawn among the next so many.
    repeats : float
        Weight of what was heard before, as something to foresee.
    contenders : int
        Items drawn for a step; 0 is all that were ever heard.
    """

    length: int
    batch_size: int
    horizon: int
    repeats: float
    contenders: int

    def lessons(
        self, sequences: Sequences, again: NDArray[np.bool_], chances: NDArray[np.float64], rng: np.random.Generator
    ) -> Iterator[Lesson]:
        """Give the steps of an epoch, in an order of their own.

        Parameters
        ----------
        sequences : Sequences
        again : bool [shape=(n_plays,)]
            Which plays are of something heard before.
        chances : float64 [shape=(n_items,)]
            Of each item to be drawn as a contender.
        rng : numpy.random.Generator
        """
        starts, stops, ends = self._stretches(sequences, rng)
        order = rng.permutation(len(starts))
        cumulated = np.cumsum(chances)
        for first in range(0, len(order), self.batch_size):
            chosen = order[first : first + self.batch_size]
            yield self._lesson(sequences, again, cumulated, (starts[chosen], stops[chosen], ends[chosen]), rng)

    def steps(self, sequences: Sequences) -> int:
        """Count the steps of an epoch, nearly: where the stretches begin is drawn anew each time."""
        return max(1, -(-int((-(-sequences.lengths // (self.length + 1))).sum()) // self.batch_size))

    def _stretches(
        self, sequences: Sequences, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Cut each history into stretches, the first of a length drawn anew; give starts, stops and histories' ends."""
        size = self.length + 1
        lengths = sequences.lengths
        head = np.where(lengths > size, rng.integers(1, size + 1, len(lengths)), lengths)
        counts = np.where(lengths > 0, 1 + -(-(lengths - head) // size), 0)
        users = np.repeat(np.arange(len(lengths)), counts)
        number = np.arange(len(users)) - np.repeat(np.cumsum(counts) - counts, counts)
        begins, ends = sequences.indptr[:-1][users], sequences.indptr[1:][users]
        starts = np.where(number > 0, begins + head[users] + (number - 1) * size, begins)
        stops = np.minimum(begins + head[users] + number * size, ends)
        return starts, stops, ends

    def _lesson(
        self,
        sequences: Sequences,
        again: NDArray[np.bool_],
        cumulated: NDArray[np.float64],
        stretches: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        rng: np.random.Generator,
    ) -> Lesson:
        starts, stops, ends = stretches
        whole = Batch.of(sequences, starts, stops)
        seen = replace(whole.take(slice(None), -1), lengths=whole.lengths - 1)
        rows, columns = np.nonzero(np.arange(whole.items.shape[1]) < whole.lengths[:, None])
        places = whole.places[rows, columns]
        if self.horizon > 1:
            ahead = rng.integers(0, self.horizon, len(places))
            places = np.minimum(places + ahead, ends[rows] - 1)
        weights = np.where(again[places], self.repeats, 1.0).astype(np.float32)
        kept = weights > 0
        drawn = np.flatnonzero(np.diff(cumulated, prepend=0.0) > 0)
        if self.contenders:
            drawn = np.unique(np.searchsorted(cumulated, rng.random(self.contenders) * cumulated[-1], side="right"))
        targets = sequences.items[places].astype(np.int64)
        context = None if sequences.context is None else sequences.context[places[kept]]
        return Lesson(seen, rows[kept], columns[kept], targets[kept], weights[kept], drawn, context)


def chances(sequences: Sequences, n_items: int) -> NDArray[np.float64]:
    """Give each item's chance to be drawn as a contender, float64 [shape=(n_items,)], sum 1.

    What nobody has heard is none: it would learn that nobody will.
    """
    played = np.bincount(sequences.items, minlength=n_items) ** CHANCE
    return np.asarray(played / max(played.sum(), 1e-300), dtype=np.float64)

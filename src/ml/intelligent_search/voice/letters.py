"""How words sound that no dictionary has.

A joint n-gram of letters and the phones that each makes, none to two (Bisani and Ney 2008, "Joint-sequence models for
grapheme-to-phoneme conversion"), with absolute discounting. It was learned from CMU's dictionary
(``python -m benchmarks.training.letter_sounds``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

LETTERS = "'abcdefghijklmnopqrstuvwxyz"
ORDER = 6
_BEAM = 24
_DISCOUNT = 0.8
_FILE = Path(__file__).with_name("letters.npz")

Phones = tuple[str, ...]
Numbers = NDArray[np.uint64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """Sequences of one length: their keys in order, how often each was seen, and the same of what comes before it."""

    keys: Numbers
    counts: Counts
    contexts: Numbers
    totals: Counts
    kinds: Counts

    @classmethod
    def of(cls, keys: Numbers, counts: Counts, base: int) -> Self:
        contexts, place = np.unique(keys // np.uint64(base), return_inverse=True)
        totals = np.bincount(place, weights=counts).astype(np.int64)
        return cls(keys, counts, contexts, totals, np.bincount(place).astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Pronounces words.

    Parameters
    ----------
    chunks : tuple of Phones
        What each chunk sounds like; chunk 0 is the beginning, the last one the end.
    of_letter : sequence of int64 arrays
        The chunks that each of :data:`LETTERS` may make.
    orders : tuple of _Order
        From single chunks up.
    """

    chunks: tuple[Phones, ...]
    of_letter: tuple[Counts, ...]
    orders: tuple[_Order, ...]

    @classmethod
    def open(cls, file: Path) -> Self:
        """Read a model."""
        with np.load(file, allow_pickle=False) as arrays:
            letters = arrays["letters"]
            said = [tuple(str(text).split()) for text in arrays["phones"]]
            base = len(said) + 2
            orders = tuple(
                _Order.of(np.cumsum(arrays[f"keys{order}"]), arrays[f"counts{order}"].astype(np.int64), base)
                for order in range(1, ORDER + 1)
            )
        own = tuple(np.flatnonzero(letters == letter) + 1 for letter in range(len(LETTERS)))
        return cls(((), *said, ()), own, orders)

    def pronounce(self, words: Iterable[str], count: int) -> dict[str, list[tuple[Phones, float]]]:
        """Say how words may sound, the most probable first, each with the logarithm of its probability.

        Words hold nothing but :data:`LETTERS`; there is at least one pronunciation of each.
        """
        groups: dict[int, list[str]] = {}
        for word in dict.fromkeys(words):
            groups.setdefault(len(word), []).append(word)
        found: dict[str, list[tuple[Phones, float]]] = {}
        for group in groups.values():
            found.update(zip(group, self._group(group, count), strict=True))
        return found

    def _group(self, words: Sequence[str], count: int) -> list[list[tuple[Phones, float]]]:
        """Pronounce words of one length, all in one beam search."""
        base = np.uint64(len(self.chunks))
        longest = base ** np.uint64(ORDER - 1)
        n = len(words)
        history = np.zeros((n, 1), np.uint64)
        scores = np.zeros((n, 1))
        paths = np.zeros((n, 1, 0), np.int64)
        widest = max(len(one) for one in self.of_letter)
        for place in range(len(words[0])):
            options = np.full((n, widest), -1)
            for row, word in enumerate(words):
                own = self.of_letter[LETTERS.index(word[place])]
                options[row, : len(own)] = own
            history, scores, paths = self._step(history, scores, paths, options, longest)
        end = np.full((n, 1), len(self.chunks) - 1)
        _, scores, paths = self._step(history, scores, paths, end, longest)
        return [self._distinct(row, value, count) for row, value in zip(paths, scores, strict=True)]

    def _step(
        self, history: Numbers, scores: NDArray[np.float64], paths: Counts, options: Counts, longest: np.uint64
    ) -> tuple[Numbers, NDArray[np.float64], Counts]:
        n = len(history)
        base = np.uint64(len(self.chunks))
        asked = history[:, :, None] * base + np.maximum(options, 0)[:, None, :].astype(np.uint64)
        values = scores[:, :, None] + np.log(self._probability(asked.ravel())).reshape(asked.shape)
        values = np.where((options >= 0)[:, None, :], values, -np.inf).reshape(n, -1)
        kept = np.argsort(-values, axis=1)[:, : min(_BEAM, values.shape[1])]
        rows = np.arange(n)[:, None]
        before, option = np.divmod(kept, options.shape[1])
        longer = np.concatenate([paths[rows, before], options[rows, option][:, :, None]], axis=2)
        return asked.reshape(n, -1)[rows, kept] % longest, values[rows, kept], longer

    def _probability(self, asked: Numbers) -> NDArray[np.float64]:
        """Give the probability of the last chunk of each sequence after the others."""
        base = np.uint64(len(self.chunks))
        found = np.full(len(asked), 1.0 / len(self.chunks))
        for length, order in enumerate(self.orders, 1):
            keys = asked % base ** np.uint64(length)
            place = _place(order.contexts, keys // base)
            known = place >= 0
            seen = _place(order.keys, keys)
            count = np.where(seen >= 0, order.counts[seen], 0)
            total, kinds = order.totals[place], order.kinds[place]
            mixed = (np.maximum(count - _DISCOUNT, 0) + _DISCOUNT * kinds * found) / total
            found = np.where(known, mixed, found)
        return found

    def _distinct(self, paths: Counts, scores: NDArray[np.float64], count: int) -> list[tuple[Phones, float]]:
        best: dict[Phones, float] = {}
        for path, score in zip(paths, scores, strict=True):
            phones = [phone for chunk in path for phone in self.chunks[chunk]]
            said = tuple(one for one, _ in groupby(phones))  # "kk" is no longer than "k"
            if np.isfinite(score) and said and said not in best:
                best[said] = float(score)
        return list(best.items())[:count]


def _place(keys: Numbers, asked: Numbers) -> Counts:
    """Give where each key is, -1 where it is not."""
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[place] == asked, place, -1)


def packed(
    chunks: Sequence[tuple[int, Phones]], orders: Sequence[tuple[Numbers, Counts]]
) -> Mapping[str, NDArray[Any]]:
    """Give the arrays of a model's file: of keys the differences, which are smaller."""
    arrays: dict[str, NDArray[Any]] = {
        "letters": np.array([letter for letter, _ in chunks], np.uint8),
        "phones": np.array([" ".join(phones) for _, phones in chunks]),
    }
    for order, (keys, counts) in enumerate(orders, 1):
        arrays[f"keys{order}"] = np.diff(keys, prepend=np.uint64(0))
        arrays[f"counts{order}"] = np.minimum(counts, 65_535).astype(np.uint16)
    return arrays


@cache
def letters() -> Letters:
    """Open the model that comes with the package."""
    return Letters.open(_FILE)

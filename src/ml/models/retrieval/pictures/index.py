"""The index of pictures: segments in memory or in a folder, and which of its pictures share details with another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.features.images.descriptors import SCALE, SIZE, LocalFeatures
from ml.foundation.array_files import read_arrays
from ml.models.retrieval.pictures.codebook import SAMPLE, Codebook
from ml.models.retrieval.pictures.entry import SMALL, PictureEntry, kept_picture
from ml.models.retrieval.pictures.segment import MOST_PICTURES, PictureSegment

Floats = NDArray[np.float32]
_SUFFIX, _CODEBOOK = ".mlpx", "codebook.npz"
#: Words that a detail of the query is looked up under, and entries of a word that are looked at.
_WORDS, _MOST_HITS = 8, 4_000
_TURNS, _ZOOMS = 16, 8
#: Bits of 64 in which the signatures of what is alike may differ.
_APART = 22
#: Details of one picture that are so alike are one that repeats; by the root of how often, each counts for less.
_REPEATED, _BURSTY = 0.85, 0.5
_LISTED = ("words", "counts", "angles", "sizes", "signatures")
#: The codebook is found anew when there is that much more to find it from, until that many details.
_GROWTH, _ENOUGH = 4, 100_000
#: Pixels of a side in which all pictures are compared.
TINY = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """The details of all pictures, word by word: where each word begins, pictures, angles, sizes and signatures."""

    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    angles: NDArray[np.uint8]
    sizes: Floats
    signatures: NDArray[np.uint64]
    counts: NDArray[np.int32]


class PictureIndex:
    """Knows pictures by their details.

    Parameters
    ----------
    segments : sequence of PictureSegment
    codebook : Codebook, optional

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> drawn = {name: rng.integers(0, 255, (9, 9, 3), dtype=np.uint8).repeat(36, 0).repeat(36, 1) for name in "abc"}
    >>> index = PictureIndex().with_pictures(PictureEntry.of(name, one) for name, one in drawn.items())
    >>> index.names[index.candidates(PictureEntry.of("?", drawn["b"][20:280, 30:300]).features, 1)[0]]
    'b'
    """

    def __init__(self, segments: Sequence[PictureSegment] = (), codebook: Codebook | None = None) -> None:
        self.segments = tuple(segments)
        self.codebook = codebook
        self._firsts = np.cumsum([0, *(len(one.names) for one in self.segments)])

    def __len__(self) -> int:
        return int(self._firsts[-1])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(name for segment in self.segments for name in segment.names)

    @property
    def n_details(self) -> int:
        """How many details it knows."""
        return sum(len(segment.arrays["words"]) for segment in self.segments)

    @classmethod
    def open(cls, folder: Path) -> PictureIndex:
        """Map the index in a folder into memory.

        Raises
        ------
        ValueError
            If a file of it is none, is cut short, or is of another version.
        OSError
            If one cannot be read.
        """
        try:
            arrays = read_arrays(folder / _CODEBOOK)
            codebook = Codebook(arrays["centres"], int(arrays["learned_from"]))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{folder}: the codebook is damaged") from error
        if codebook.centres.ndim != 3 or codebook.centres.shape[::2] != (2, SIZE // 2):
            raise ValueError(f"{folder}: the codebook is damaged")
        return cls([PictureSegment.read(file) for file in sorted(folder.glob(f"*{_SUFFIX}"))], codebook)

    def write(self, folder: Path) -> None:
        """Write it to an empty folder; segments that lie in files already are not copied."""
        for number, segment in enumerate(self.segments):
            segment.write(folder / f"{number:06}{_SUFFIX}")
        book = self.codebook or Codebook.of(np.empty((0, SIZE), dtype=np.uint8), 0, np.random.default_rng(0))
        with (folder / _CODEBOOK).open("wb") as out:
            np.savez(out, centres=book.centres, learned_from=np.int64(book.learned_from), allow_pickle=False)

    def with_pictures(self, entries: Iterable[PictureEntry], *, without: Iterable[str] = ()) -> PictureIndex:
        """Give an index with more pictures, and without some; those of a name that is there already are replaced."""
        waiting, gone = list(entries), set(without)
        gone |= {one.name for one in waiting}
        return self._learned(list(self._changed(gone, iter(waiting))))

    def _changed(self, gone: set[str], waiting: Iterator[PictureEntry]) -> Iterator[PictureSegment]:
        """Give segments without some pictures and with others: the last one is filled up, the rest lie behind it."""
        kept = []
        for segment in self.segments:
            left = segment if gone.isdisjoint(segment.names) else self._of(segment.entries(gone))
            kept += [left] if left.names else []
        room = MOST_PICTURES - len(kept[-1].names) if kept else 0
        if more := list(islice(waiting, room)):
            kept[-1] = self._of([*kept[-1].entries(), *more])
        yield from kept
        while more := list(islice(waiting, MOST_PICTURES)):
            yield self._of(more)

    def _of(self, entries: list[PictureEntry]) -> PictureSegment:
        if self.codebook is None:
            self.codebook = _learned_from([one.features.descriptors for one in entries])
        return PictureSegment.of(entries, self.codebook)

    def _learned(self, segments: list[PictureSegment]) -> PictureIndex:
        """Find the codebook anew where there is much more to find it from."""
        book, total = self.codebook, sum(len(one.arrays["words"]) for one in segments)
        if book is not None and (book.learned_from >= _ENOUGH or total <= _GROWTH * max(book.learned_from, 1)):
            return PictureIndex(segments, book)
        book = _learned_from([one.arrays["descriptors"] for one in segments])
        return PictureIndex([one.reworded(book) for one in segments], book)

    @cached_property
    def _lists(self) -> _Lists:
        whole = {name: np.concatenate([one.arrays[name] for one in self.segments]) for name in _LISTED}
        owners = np.repeat(np.arange(len(self), dtype=np.int32), whole["counts"])
        order = np.argsort(whole["words"], kind="stable")
        n_words = 0 if self.codebook is None else self.codebook.n_words
        starts = np.searchsorted(whole["words"][order], np.arange(n_words + 1))
        sizes = np.log2(whole["sizes"][order]).astype(np.float32)
        return _Lists(starts, owners[order], whole["angles"][order], sizes, whole["signatures"][order], whole["counts"])

    def candidates(self, query: LocalFeatures, most: int) -> list[int]:
        """List the pictures that share the most details with another, turned and scaled alike; rows, the best first."""
        if self.codebook is None or not len(self) or not len(query):
            return []
        lists, bursts = self._lists, _bursts(query)
        words = self.codebook.several(query.descriptors, _WORDS)
        low = lists.starts[words].ravel()
        count = np.minimum(lists.starts[words + 1].ravel() - low, _MOST_HITS)
        at = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
        asked = np.repeat(self.codebook.signatures(query.descriptors, words).ravel(), count)
        apart = np.bitwise_count(asked ^ lists.signatures[at])
        near = np.flatnonzero(apart <= _APART)
        which = np.repeat(np.repeat(np.arange(len(query)), words.shape[1]), count)[near]
        at = at[near]
        worth = (1.0 - apart[near] / (_APART + 4.0)) ** 2 / bursts[which]
        turn = (query.angles[which] * (256 / (2 * np.pi)) - lists.angles[at]).astype(np.int32) % 256 * _TURNS // 256
        zoom = np.clip(np.log2(query.sizes[which]) - lists.sizes[at] + _ZOOMS / 2, 0, _ZOOMS - 1).astype(np.int32)
        owners = lists.owners[at]
        bins = (owners * _TURNS + turn) * _ZOOMS + zoom
        votes = np.bincount(bins, worth, len(self) * _TURNS * _ZOOMS).reshape(-1, _TURNS, _ZOOMS)
        wide = votes + np.roll(votes, 1, axis=1)
        wide[:, :, 1:] += wide[:, :, :-1].copy()
        score = wide.max(axis=(1, 2)) / np.sqrt(lists.counts + 30.0)
        best = np.argsort(-score, kind="stable")[:most]
        return [int(row) for row in best if score[row] > 0]

    def features(self, row: int) -> LocalFeatures:
        """Give the details of a picture."""
        segment, inner = self._place(row)
        return segment.features(inner)

    def small(self, row: int) -> Floats:
        """Give a picture, float32 [shape=(64, 64, 3)]."""
        segment, inner = self._place(row)
        return np.asarray(segment.arrays["small"][inner], dtype=np.float32)

    def picture(self, row: int) -> Floats | None:
        """Give a picture, float32 [shape=(224, 224, 3)]; None where the index is damaged there."""
        segment, inner = self._place(row)
        return kept_picture(segment.picture(inner))

    @cached_property
    def tiny(self) -> Floats:
        """All pictures, float32 [shape=(n, 16 · 16 · 3)]."""
        step = SMALL // TINY
        parts = [np.empty((0, TINY * TINY * 3), dtype=np.float32)]
        for segment in self.segments:
            small = segment.arrays["small"].reshape(-1, TINY, step, TINY, step, 3)
            parts.append(small.mean(axis=(2, 4), dtype=np.float32).reshape(len(segment.names), -1))
        return np.concatenate(parts)

    @cached_property
    def squares(self) -> Floats:
        """The squares of :attr:`tiny`."""
        return np.square(self.tiny)

    def _place(self, row: int) -> tuple[PictureSegment, int]:
        number = int(np.searchsorted(self._firsts, row, side="right")) - 1
        return self.segments[number], row - int(self._firsts[number])


def _bursts(query: LocalFeatures) -> Floats:
    """Say how often each detail is seen in the same picture: what repeats says little, float32 [shape=(n,)]."""
    described = query.descriptors.astype(np.float32) / np.float32(SCALE)
    return np.asarray(((described @ described.T) > _REPEATED).sum(axis=1) ** _BURSTY, dtype=np.float32)


def _learned_from(parts: list[NDArray[np.uint8]]) -> Codebook:
    rng = np.random.default_rng(0)
    every = np.concatenate([np.empty((0, SIZE), dtype=np.uint8), *parts])
    sample = every[np.sort(rng.choice(len(every), min(SAMPLE, len(every)), replace=False))]
    return Codebook.of(sample, len(every), rng)

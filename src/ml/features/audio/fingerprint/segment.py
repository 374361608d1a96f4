"""A part of an index: the landmarks of some thousand tracks in one sorted array.

The file: the magic, how long the heading is (four bytes), the heading in JSON, spaces up to a multiple of eight, and
the entries, eight bytes each, little endian and ascending: 24 bits of hash, 20 of track, 20 of frame. Only the pages
that a search touches are read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.fingerprint.landmarks import landmarks
from ml.features.audio.fingerprint.peaks import PEAKS_VERSION, Peaks

Entries = NDArray[np.uint64]
MAGIC = b"MLFPIDX1"
TRACK_BITS = FRAME_BITS = 20
HASH_SHIFT = np.uint64(TRACK_BITS + FRAME_BITS)
#: Frames of a track that can be told apart, 6.7 hours; what comes later is not in the index.
MOST_FRAMES = 1 << FRAME_BITS
#: Of one hash, so many entries of a segment are looked at.
_MOST_HITS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Tracks and their landmarks.

    Parameters
    ----------
    tracks : tuple of str
        Names.
    lengths : int64 [shape=(n_tracks,)]
        In frames.
    entries : uint64 [shape=(n,)]
        Ascending.
    file : Path or None
        Where it was read from.
    """

    tracks: tuple[str, ...]
    lengths: NDArray[np.int64]
    entries: Entries
    file: Path | None = None

    @classmethod
    def of(cls, tracks: Sequence[tuple[str, Peaks]]) -> Segment:
        """Make one from tracks by name."""
        parts = [_entries(number, peaks) for number, (_, peaks) in enumerate(tracks)]
        entries = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)
        entries.sort()
        lengths = np.array([peaks.n_frames for _, peaks in tracks], dtype=np.int64)
        return cls(tuple(name for name, _ in tracks), lengths, entries)

    def with_those_of(self, other: Segment) -> Segment:
        """Put the tracks of another one behind those of this one."""
        behind = other.entries + np.uint64(len(self.tracks) << FRAME_BITS)
        entries = np.concatenate((self.entries, behind))
        entries.sort(kind="stable")  # two sorted runs: a merge
        return Segment(self.tracks + other.tracks, np.concatenate((self.lengths, other.lengths)), entries)

    def without(self, gone: set[str]) -> Segment:
        """Leave tracks out."""
        keep = np.array([name not in gone for name in self.tracks], dtype=bool)
        number = np.cumsum(keep) - 1
        old = ((self.entries >> np.uint64(FRAME_BITS)) & np.uint64((1 << TRACK_BITS) - 1)).astype(np.int64)
        kept = keep[old]
        shift = (old - number[old])[kept].astype(np.uint64) << np.uint64(FRAME_BITS)
        names = tuple(name for name, one in zip(self.tracks, keep, strict=True) if one)
        return Segment(names, self.lengths[keep], self.entries[kept] - shift)

    def counts(self, hashes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count how often hashes [shape=(n,)], ascending, occur."""
        low, high = self._bounds(hashes)
        return high - low

    def _bounds(self, hashes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        low = np.searchsorted(self.entries, hashes.astype(np.uint64) << HASH_SHIFT)
        high = np.searchsorted(self.entries, (hashes + 1).astype(np.uint64) << HASH_SHIFT)
        return low, high

    def find(self, hashes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Find where hashes occur.

        Parameters
        ----------
        hashes : int64 [shape=(n,)]
            Ascending.

        Returns
        -------
        which, track, frame : int64 [shape=(n_hits,)]
            Index among the hashes, number of the track, and frame in it.
        """
        low, high = self._bounds(hashes)
        count = np.minimum(high - low, _MOST_HITS)
        which = np.repeat(np.arange(len(hashes)), count)
        at = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
        hits = self.entries[at].astype(np.int64)
        return which, (hits >> FRAME_BITS) & ((1 << TRACK_BITS) - 1), hits & (MOST_FRAMES - 1)

    def write(self, file: Path) -> None:
        """Write it to a file; what was read from one becomes another name of that, where the disk can do it."""
        if self.file is not None:
            with suppress(OSError):
                file.hardlink_to(self.file)
                return
        heading = {"peaks": PEAKS_VERSION, "tracks": self.tracks, "lengths": self.lengths.tolist()}
        text = json.dumps(heading | {"entries": len(self.entries)}).encode()
        text += b" " * (-(len(MAGIC) + 4 + len(text)) % 8)
        with file.open("wb") as out:
            out.write(MAGIC + len(text).to_bytes(4, "little") + text)
            out.write(np.ascontiguousarray(self.entries, dtype="<u8").data)

    @classmethod
    def read(cls, file: Path) -> Segment:
        """Map a file into memory.

        Raises
        ------
        ValueError
            If it is no such file, is cut short, or is of other peaks than are made now.
        OSError
            If it cannot be read.
        """
        with file.open("rb") as source:
            start = source.read(len(MAGIC) + 4)
            if start[: len(MAGIC)] != MAGIC:
                raise ValueError(f"{file}: no index of fingerprints")
            size = int.from_bytes(start[len(MAGIC) :], "little")
            text = source.read(size)
            try:
                heading = json.loads(text)
                tracks, lengths = tuple(heading["tracks"]), np.array(heading["lengths"], dtype=np.int64)
                wanted, version = int(heading["entries"]), heading["peaks"]
            except (ValueError, TypeError, KeyError) as error:
                raise ValueError(f"{file}: the heading of the index is damaged") from error
            if version != PEAKS_VERSION or len(tracks) != len(lengths):
                raise ValueError(f"{file}: an index of another version")
            begin = len(start) + size
            if file.stat().st_size != begin + 8 * wanted:
                raise ValueError(f"{file}: the index is cut short")
            if not wanted:
                return cls(tracks, lengths, np.empty(0, dtype=np.uint64), file)
            mapped = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        return cls(tracks, lengths, np.frombuffer(mapped, dtype="<u8", offset=begin, count=wanted), file)


def _entries(number: int, peaks: Peaks) -> Entries:
    hashes, frames = landmarks(peaks)
    early = frames < MOST_FRAMES
    # Where a hash occurs twice in a frame, it is one landmark.
    packed = (hashes[early] << (TRACK_BITS + FRAME_BITS)) | (number << FRAME_BITS) | frames[early]
    return np.unique(packed).astype(np.uint64)

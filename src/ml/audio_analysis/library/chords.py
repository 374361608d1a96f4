"""The chords of sounds, kept as one index beside the store: what is not in it is read from analyses.

Conventions
-----------
- The index holds sequences of chords (:func:`ml.audio_analysis.versions.chord_sequence`) by the hash of the sound, each
  with the time of the analysis that it is from: an analysis that was made anew is read anew.
- It lies in the workspace's ``indexes``, is brought up to date where it is asked, and can be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import select

from ml.audio_analysis.versions import chord_sequence, shares
from ml.data.schema import audio_analyses
from ml.data.workspace import Workspace
from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.foundation.progress import progress

FORMAT = 1
_FILE = "audio_chords.npz"
_ARRAYS = ("stamps", "bounds", "chords", "shares")
#: Documents that are in memory at a time.
_PAGE = 200


@dataclass(frozen=True, slots=True, eq=False)
class ChordIndex:
    """Sequences of chords by sound.

    Parameters
    ----------
    ids : tuple of str
    stamps : int64 [shape=(len(ids),)]
        When each was analysed, in ms.
    bounds : int64 [shape=(len(ids) + 1,)]
        Where each begins and the next one does.
    chords : int8 [shape=(bounds[-1],)]
    shares : float64 [shape=(len(ids), 2, 12)]
    """

    ids: tuple[str, ...] = ()
    stamps: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    bounds: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    chords: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, dtype=np.int8))
    shares: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2, 12)))

    def sequence(self, place: int) -> NDArray[np.int64]:
        """Give the chords of a sound by its place."""
        return self.chords[self.bounds[place] : self.bounds[place + 1]].astype(np.int64)

    def with_those(self, new: Sequence[tuple[str, int, NDArray[np.int64]]]) -> ChordIndex:
        """Add sounds, with the time of their analysis; those of a name that is there are replaced."""
        names = {name for name, _, _ in new}
        keep = [place for place, name in enumerate(self.ids) if name not in names]
        parts = [self.sequence(place) for place in keep] if len(keep) < len(self.ids) else [self.chords]
        lengths = [*np.diff(self.bounds)[keep].tolist(), *(len(sequence) for _, _, sequence in new)]
        return ChordIndex(
            (*(self.ids[place] for place in keep), *(name for name, _, _ in new)),
            np.concatenate((self.stamps[keep], np.array([at for _, at, _ in new], dtype=np.int64))),
            np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64))),
            np.concatenate([*(part.astype(np.int8) for part in parts), *(one.astype(np.int8) for _, _, one in new)]),
            np.concatenate((self.shares[keep], np.array([shares(one) for _, _, one in new]).reshape(-1, 2, 12))),
        )

    def save(self, path: Path) -> None:
        """Write it as one file, whole or not at all."""
        about = {"format": np.array([FORMAT]), "ids": packed("\n".join(self.ids))}
        write_arrays(path, about | {name: getattr(self, name) for name in _ARRAYS})

    @classmethod
    def load(cls, path: Path) -> ChordIndex:
        """Read it; an empty one where there is none that can be read: it can be made again."""
        try:
            arrays = read_arrays(path)
            text, number = unpacked(arrays["ids"]), int(arrays["format"][0])
            ids = tuple(text.split("\n")) if text else ()
            read = {name: arrays[name] for name in _ARRAYS}
        except (KeyError, ValueError, IndexError):
            return cls()
        index = cls(ids, **read)
        n = len(ids)
        shapes = [part.shape for part in (index.stamps, index.bounds, index.shares)]
        whole = shapes == [(n,), (n + 1,), (n, 2, 12)] and index.bounds[-1] == len(index.chords)
        return index if number == FORMAT and whole else cls()


def known_chords(workspace: Workspace, *, watched: bool = False) -> ChordIndex:
    """Give the chords of all sounds that were analysed; the index is brought up to date and written first."""
    if not workspace.is_there:
        return ChordIndex()
    path = workspace.indexes / _FILE
    index = ChordIndex.load(path)
    known = dict(zip(index.ids, index.stamps.tolist(), strict=True))
    table = audio_analyses.c
    with workspace.store.read() as connection:
        there = dict(connection.execute(select(table.content_hash, table.analysed_at)).all())
    missing = [name for name, analysed_at in there.items() if known.get(name) != analysed_at]
    if not missing:
        return index
    new = []
    pages = [missing[start : start + _PAGE] for start in range(0, len(missing), _PAGE)]
    for page in progress(label="reading chords").over(pages) if watched else pages:
        wanted = select(table.content_hash, table.analysed_at, table.document).where(table.content_hash.in_(page))
        with workspace.store.read() as connection:
            for name, analysed_at, document in connection.execute(wanted):
                new.append((name, analysed_at, chord_sequence(orjson.loads(document))))
    index = index.with_those(new)
    index.save(path)
    return index

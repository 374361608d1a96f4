"""Vectors of phrases, each encoded once and kept beside the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.intelligent_search.semantic.encoders import TextEncoder
from ml.models.retrieval.vectors.codes import Floats

_FILE = "phrases.npz"
#: Phrases that are encoded between two looks at how far it is, and such steps between two writings.
_STEP, _STEPS = 512, 64


class PhraseVectors:
    """Vectors of phrases in a file; one that is damaged, or of another encoder, is as good as none.

    Parameters
    ----------
    folder : Path
    encoder : TextEncoder
    """

    def __init__(self, folder: Path, encoder: TextEncoder) -> None:
        self._path, self._encoder = folder / _FILE, encoder
        self._place: dict[str, int] = {}
        self._vectors: NDArray[np.float16] | None = None
        self._load()

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._place

    @property
    def n_bytes(self) -> int:
        """How much lies on the disk."""
        return self._path.stat().st_size if self._path.is_file() else 0

    def learn(self, phrases: Sequence[str], on_progress: Callable[[int, int], None] | None) -> tuple[int, float]:
        """Encode those that are new, and write them down; give how many there were and the seconds that it took.

        What was encoded before an interruption is kept, some ten thousand phrases at a time.

        Raises
        ------
        ml.foundation.errors.DiskFull
        """
        new = [one for one in phrases if one not in self._place]
        begin = perf_counter()
        for number, first in enumerate(range(0, len(new), _STEP), start=1):
            some = new[first : first + _STEP]
            self._hold(some, self._encoder.encode(some))
            if on_progress is not None:
                on_progress(first + len(some), len(new))
            if number % _STEPS == 0 or first + _STEP >= len(new):
                self._save()
        return len(new), perf_counter() - begin

    def of(self, phrases: Sequence[str]) -> Floats:
        """Give the vectors of phrases, float32 [shape=(len(phrases), size)]; those not learnt are encoded."""
        missing = [one for one in phrases if one not in self._place]
        if missing or self._vectors is None:
            self._hold(missing, self._encoder.encode(missing))
        assert self._vectors is not None
        found: Floats = self._vectors[[self._place[one] for one in phrases]].astype(np.float32)
        return found

    def _hold(self, phrases: Sequence[str], vectors: Floats) -> None:
        for one in phrases:
            self._place[one] = len(self._place)
        given = vectors.astype(np.float16)
        self._vectors = given if self._vectors is None else np.concatenate((self._vectors, given))

    def _save(self) -> None:
        assert self._vectors is not None
        version, phrases = packed(self._encoder.version), packed("\0".join(self._place))
        write_arrays(self._path, {"version": version, "phrases": phrases, "vectors": self._vectors})

    def _load(self) -> None:
        try:
            arrays = read_arrays(self._path)
            version, vectors = unpacked(arrays["version"]), arrays["vectors"]
            phrases = unpacked(arrays["phrases"]).split("\0")
        except (KeyError, ValueError):
            return
        if version == self._encoder.version and len(phrases) == len(vectors) and vectors.ndim == 2:
            self._place = {one: place for place, one in enumerate(phrases)}
            self._vectors = vectors

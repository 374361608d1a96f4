"""One spectrogram for each framing, however many features are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ml.features.audio.framing import Floats, Framing
from ml.features.audio.spectrum import Batch, SpectralStream


class Collector(Protocol):
    """Takes the frames of a spectrogram in their order, and keeps what it needs of them."""

    @property
    def framing(self) -> Framing:
        """What it wants the sound to be cut by."""
        ...

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        ...


class Spectrograms:
    """Feeds collectors from a mono sound that arrives in pieces; those with the same framing share a spectrogram.

    Parameters
    ----------
    collectors : sequence of Collector
        All framings have the rate of the sound.

    Examples
    --------
    >>> import numpy as np
    >>> from ml.features.audio import CurveCollector
    >>> one, other = CurveCollector(Framing()), CurveCollector(Framing(hop=1024))
    >>> spectrograms = Spectrograms([one, other])
    >>> spectrograms.push(np.zeros(22050, dtype=np.float32))
    >>> spectrograms.finish()
    >>> len(one.curves().rms), len(other.curves().rms)
    (44, 22)
    """

    def __init__(self, collectors: Sequence[Collector]) -> None:
        self._shared: dict[Framing, tuple[SpectralStream, list[Collector]]] = {}
        for collector in collectors:
            new: tuple[SpectralStream, list[Collector]] = (SpectralStream(collector.framing), [])
            self._shared.setdefault(collector.framing, new)[1].append(collector)

    def push(self, samples: Floats) -> None:
        """Take the next samples [shape=(n,)]."""
        for stream, collectors in self._shared.values():
            _feed(stream.push(samples), collectors)

    def finish(self) -> None:
        """Take the end of the sound: the last frames reach beyond it."""
        for stream, collectors in self._shared.values():
            _feed(stream.finish(), collectors)


def tail(kept: Sequence[Floats], n: int) -> int:
    """Find from which of some arrays on there are ``n`` rows, so that the rest need not be looked at.

    >>> import numpy as np
    >>> kept = [np.zeros((3, 1)), np.zeros((2, 1)), np.zeros((2, 1))]
    >>> tail(kept, 2), tail(kept, 3), tail(kept, 100)
    (2, 1, 0)
    """
    first, found = len(kept), 0
    while first > 0 and found < n:
        first -= 1
        found += len(kept[first])
    return first


def _feed(batches: Iterator[Batch], collectors: Iterable[Collector]) -> None:
    for batch in batches:
        for collector in collectors:
            collector.add(batch)

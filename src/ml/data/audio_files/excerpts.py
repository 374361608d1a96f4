"""A stretch of a sound, mono, at the rate that somebody wants."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np

from ml.data.audio_files.reader import AudioReader, Source
from ml.data.audio_files.resampling import Resampler
from ml.data.audio_files.signal import Floats, mixed_down
from ml.foundation.errors import BadInput

#: Of a block, in seconds.
_BLOCK_S = 2.0


def excerpt(source: Source, rate: int, *, start_s: float = 0.0, most_s: float) -> Floats:
    """Read some seconds of a sound from a moment on; what comes before is dropped on the way.

    Parameters
    ----------
    source : path, bytes, binary file, (array, rate), Signal or pydub segment
    rate : int
    start_s : float >= 0
    most_s : float > 0
        How much is read at most.

    Returns
    -------
    float32 [shape=(n_samples,)]
        Nothing where the sound ends before the moment.

    Raises
    ------
    BadInput, MissingExtra
        As :class:`~ml.data.audio_files.AudioReader` does, or if the moment lies before the beginning.
    """
    if not 0 <= start_s < inf:
        raise BadInput(f"to begin at {start_s} s", "give seconds from the beginning, 0 or more")
    parts: list[Floats] = []
    skipped, wanted = round(start_s * rate), round(most_s * rate)
    with AudioReader(source) as reader:
        for piece in _resampled(reader, rate):
            before = min(skipped, len(piece))
            skipped -= before
            parts.append(piece[before:][:wanted].copy())  # a view would keep it all
            wanted -= len(parts[-1])
            if not wanted:
                break
    return np.concatenate(parts)


def _resampled(reader: AudioReader, rate: int) -> Iterator[Floats]:
    resampler = Resampler(reader.rate, rate)
    for block in reader.blocks(_BLOCK_S):
        yield resampler.push(mixed_down(block))
    yield resampler.finish()

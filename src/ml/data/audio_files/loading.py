"""A whole sound in memory, or its blocks one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ml.data.audio_files.reader import BLOCK_S, AudioReader, Source
from ml.data.audio_files.signal import Floats, Signal


def load(source: Source, *, rate: int | None = None) -> Signal:
    """Read a whole sound.

    Parameters
    ----------
    source, rate
        See :class:`~ml.data.audio_files.reader.AudioReader`.

    Returns
    -------
    Signal
        With what was found wrong with it.

    Raises
    ------
    BadInput
        If it cannot be read as a sound, or has no samples.
    MissingExtra
        If what could decode it is not installed.

    Examples
    --------
    >>> load((np.array([0.0, 0.5]), 44100)).n_samples
    2
    """
    if isinstance(source, Signal):
        return source
    with AudioReader(source, rate=rate) as reader:
        blocks = list(reader.blocks())
        samples = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        return Signal(samples, reader.rate, reader.name, reader.form, reader.problems)


def blocks(source: Source, *, block_s: float = BLOCK_S, rate: int | None = None) -> Iterator[Floats]:
    """Read a sound block by block: a file of any length takes the memory of one block.

    Parameters
    ----------
    source, rate
        See :class:`~ml.data.audio_files.reader.AudioReader`, which also tells the rate and the problems.
    block_s : float > 0
        Of a block, in seconds; the last one may be shorter.

    Yields
    ------
    float32 [shape=(n, n_channels)]

    Raises
    ------
    BadInput, MissingExtra
        See :func:`load`.
    """
    with AudioReader(source, rate=rate) as reader:
        yield from reader.blocks(block_s)

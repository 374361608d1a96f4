"""Sounds that are in memory already: arrays, and segments of pydub."""

from __future__ import annotations

from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from ml.data.audio_files.inspection import Inspector
from ml.data.audio_files.opening import FASTEST, SLOWEST, absurd_rate
from ml.data.audio_files.signal import Floats, Signal
from ml.foundation.errors import BadInput

#: More channels than any recording has: the axes were mixed up.
MOST_CHANNELS = 64


def of_array(samples: ArrayLike, rate: int, *, source: str = "array") -> Signal:
    """Take samples as a sound.

    Parameters
    ----------
    samples : array_like [shape=(n_samples,), (n_samples, n_channels) or (n_channels, n_samples)]
        The shorter axis is the channels. Integers count by their type's full scale (unsigned bytes around 128, as in
        WAV); floats as they are, full scale being 1.
    rate : int
        In Hz.

    Raises
    ------
    BadInput
        If there are no samples, or they are no numbers, or not of sound.

    Examples
    --------
    >>> of_array(np.array([0, 16384, -32768], dtype=np.int16), 44100).samples.ravel().tolist()
    [0.0, 0.5, -1.0]
    """
    check_rate(rate, source)
    floats = scaled(_columns(np.asarray(samples), source), source)
    if not floats.size:
        raise BadInput(f"{source}: no samples in it", "a sound has at least one")
    inspector = Inspector(int(rate), floats.shape[1], source)
    inspector.push(floats)
    return Signal(floats, int(rate), source, problems=inspector.problems())


def check_rate(rate: object, source: str) -> None:
    """Check a number of samples a second.

    Raises
    ------
    BadInput
        If it is no whole number, or that of no sound.
    """
    if not _is_whole(rate):
        raise BadInput(f"{source}: rate={rate!r}", "give samples a second as a whole number: 44100")
    if not SLOWEST <= rate <= FASTEST:
        raise absurd_rate(source, rate)


def check_channels(n_channels: int, source: str) -> None:
    """Check a number of channels.

    Raises
    ------
    BadInput
        If it is that of no sound.
    """
    if not 1 <= n_channels <= MOST_CHANNELS:
        raise BadInput(f"{source}: {n_channels} channels", f"give a number between 1 and {MOST_CHANNELS}")


def scaled(array: np.ndarray[Any, Any], source: str) -> Floats:
    """Give samples as floats whose full scale is 1, a copy: what becomes of the array later does not matter.

    Raises
    ------
    BadInput
        If its type is none of samples.
    """
    kind = array.dtype
    if kind.kind == "f":
        return np.array(array, dtype=np.float32, order="C")
    if kind == np.uint8:
        return (np.ascontiguousarray(array).astype(np.float32) - 128) / np.float32(128)
    if kind.kind == "i":
        full = np.float32(2.0 ** (8 * kind.itemsize - 1))
        return np.ascontiguousarray(array).astype(np.float32) / full
    raise BadInput(f"{source}: an array of {kind}", "samples are floats in [-1, 1] or signed integers")


def of_segment(segment: Any) -> Signal:
    """Take a pydub ``AudioSegment``, known by what it has, as a sound.

    Raises
    ------
    BadInput
        If it is empty or its sample width is none of PCM.
    """
    types = {1: np.int8, 2: np.int16, 4: np.int32}  # pydub makes 8 bits signed and 32 bits of 24
    if segment.sample_width not in types:
        raise BadInput(f"pydub segment of {segment.sample_width} bytes a sample", "segment.set_sample_width(2)")
    samples = np.frombuffer(segment.raw_data, dtype=types[segment.sample_width])
    return of_array(samples.reshape(-1, segment.channels), segment.frame_rate, source="pydub segment")


def is_segment(thing: object) -> bool:
    """Tell whether something has what a pydub segment has."""
    return all(hasattr(thing, name) for name in ("raw_data", "frame_rate", "sample_width", "channels"))


def _is_whole(rate: object) -> TypeGuard[float]:
    return isinstance(rate, int | float | np.integer | np.floating) and float(rate).is_integer()


def _columns(array: np.ndarray[Any, Any], source: str) -> np.ndarray[Any, Any]:
    if array.ndim == 1:
        return array[:, np.newaxis]
    if array.ndim != 2:
        raise BadInput(f"{source}: an array of {array.ndim} dimensions", "samples, or samples × channels")
    turned = array.T if array.shape[0] < array.shape[1] else array
    if turned.shape[1] > MOST_CHANNELS:
        raise BadInput(
            f"{source}: {turned.shape[1]:,} channels (shape {array.shape})",
            "give one sound at a time: samples, or samples × channels",
        )
    return turned

"""What is said, checked at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from ml.data.audio_files import excerpt, printable
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.intelligent_search.voice.cepstra import RATE, STEP_S, Floats, band_power

#: A name takes a second or two; who speaks longer asks for something else.
MOST_S, LEAST_S = 15.0, 0.3
#: How far, in dB, the loudest frames of a voice stand out of the softest ones: speech pauses, noise does not.
LEAST_RANGE_DB = 8.0
#: Nothing above -80 dBFS is silence, as an analysis has it.
_SILENT = 1e-4
#: Around speech so much is kept.
_AROUND_S = 0.3
#: Frames within so many dB of the loudest may be speech.
_SPEECH_DB = 30.0
_HINT = "say a name, close to the microphone, and stop"


@dataclass(frozen=True, slots=True, eq=False)
class VoiceRequest:
    """One thing that was said.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]
        Mono at :data:`~ml.intelligent_search.voice.cepstra.RATE`, without most of the silence around it.
    name : str
        What messages call it.
    """

    samples: Floats
    name: str

    @classmethod
    def of(cls, source: Any) -> Self:
        """Read it.

        Parameters
        ----------
        source : path, bytes, binary file, (array, rate), Signal, pydub segment, or of SpeechRecognition
            Of SpeechRecognition, an ``AudioData``, or an ``AudioFile`` that nobody reads.

        Raises
        ------
        BadInput
            If it is no sound, longer than 15 seconds, silent, or nothing in it stands out as a voice does.
        MissingExtra
            If what could decode it is not installed.
        """
        name, readable = _readable(source)
        samples = excerpt(readable, RATE, most_s=MOST_S + 1)
        seconds = len(samples) / RATE
        if seconds > MOST_S:
            raise BadInput(f"{name}: longer than {MOST_S:.0f} seconds", _HINT)
        if seconds < LEAST_S or not float(np.abs(samples).max()) > _SILENT:
            raise BadInput(f"{name}: silent, or under {LEAST_S} seconds of sound", _HINT)
        return cls(_spoken_part(samples, name), name)


def _spoken_part(samples: Floats, name: str) -> Floats:
    levels = 10 * np.log10(band_power(samples).sum(axis=1) + 1.0)
    levels = np.convolve(levels, np.ones(5) / 5, mode="valid")
    loud = float(np.quantile(levels, 0.95))
    if loud - float(np.quantile(levels, 0.05)) < LEAST_RANGE_DB:
        raise BadInput(
            f"{name}: nothing in it stands out as a voice does", _HINT, code="no_voice_in_it", values={"name": name}
        )
    threshold = max(loud - _SPEECH_DB, float(np.quantile(levels, 0.05)) + LEAST_RANGE_DB / 2)
    spoken = np.flatnonzero(levels > threshold) * STEP_S
    first = round(max(spoken[0] - _AROUND_S, 0) * RATE)
    return samples[first : round((spoken[-1] + 5 * STEP_S + _AROUND_S) * RATE)]


def _readable(source: Any) -> tuple[str, Any]:
    """Give what messages call a source, and something that the reader of sounds takes."""
    if isinstance(source, str | Path):
        file = expanded(source)
        return printable(file), file
    if hasattr(source, "frame_data"):
        return "what was said", _of_recognition(source.frame_data, source.sample_width, source.sample_rate)
    if hasattr(source, "SAMPLE_RATE") and hasattr(source, "__enter__"):
        with source as opened:
            # The rate of a file is known once it is open.
            data = _read_up_to(opened.stream.read, opened.CHUNK, opened.SAMPLE_RATE * opened.SAMPLE_WIDTH)
            return "what was said", _of_recognition(data, opened.SAMPLE_WIDTH, opened.SAMPLE_RATE)
    return "what was said", source


def _read_up_to(read: Callable[[int], bytes], size: int, per_second: int) -> bytes:
    parts: list[bytes] = []
    wanted = round((MOST_S + 1) * per_second)
    while wanted > 0 and (part := read(size)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _of_recognition(data: bytes, width: int, rate: int) -> tuple[Floats, int]:
    """Give the samples of SpeechRecognition's bytes: little-endian integers of 1 to 4 bytes, those of one unsigned."""
    raw = np.frombuffer(data[: len(data) // width * width], np.uint8).reshape(-1, width)
    if width == 1:
        return (raw[:, 0].astype(np.float32) - np.float32(128)) / np.float32(128), rate
    wide = np.zeros((len(raw), 4), np.uint8)
    wide[:, 4 - width :] = raw
    return np.asarray(wide.view("<i4")[:, 0] / (1 << 31), np.float32), rate

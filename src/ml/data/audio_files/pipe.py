"""A sound that arrives through a pipe: WAV whose length nobody knows yet, or bare samples.

Conventions
-----------
- Programs write WAV to a pipe with a length of 0 or of all ones, since they cannot come back to fill it in: what the
  header says of the length is not looked at, the sound ends with the pipe.
- Pieces are given as they arrive: nothing waits for more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ml.data.audio_files.arrays import check_channels, check_rate, scaled
from ml.data.audio_files.signal import Floats
from ml.foundation.errors import BadInput

#: Formats of bare samples, as ffmpeg calls them, and their types.
FORMATS = {"u8": "u1", "s16le": "<i2", "s24le": "s24", "s32le": "<i4", "f32le": "<f4", "f64le": "<f8"}
_INTEGERS = {8: "u8", 16: "s16le", 24: "s24le", 32: "s32le"}
_FLOATS = {32: "f32le", 64: "f64le"}
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
#: Bytes that are asked for at a time: what there is, is taken.
_ASKED = 1 << 16
#: The longest chunk of a header that is no sound.
_LONGEST = 1 << 20


class PipedSound:
    """Reads samples from a stream of bytes that cannot go back.

    Parameters
    ----------
    stream : binary file
    rate : int, optional
        In Hz. With it the bytes are samples from the first on; without it, WAV.
    n_channels : int
        Of bare samples.
    sample_format : str
        Of bare samples: one of :data:`FORMATS`.
    name : str
        To be named in messages.

    Attributes
    ----------
    rate, n_channels : int
    form : str
        ``"wav"`` or ``"pcm"``.

    Raises
    ------
    BadInput
        If the bytes are no WAV, or a WAV of no plain samples; or what is said of bare samples is not possible.
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        rate: int | None = None,
        n_channels: int = 1,
        sample_format: str = "s16le",
        name: str = "stdin",
    ) -> None:
        self.name, self._stream, self._n_read = name, stream, 0
        if rate is None:
            self.form = "wav"
            self.rate, self.n_channels, sample_format = self._header()
        else:
            self.form, self.rate, self.n_channels = "pcm", rate, n_channels
        check_rate(self.rate, name)
        check_channels(self.n_channels, name)
        if sample_format not in FORMATS:
            raise BadInput(f"{name}: unknown format {sample_format!r}", f"known: {', '.join(FORMATS)}")
        self._type = FORMATS[sample_format]
        self._frame = self.n_channels * (3 if self._type == "s24" else np.dtype(self._type).itemsize)

    def pieces(self) -> Iterator[Floats]:
        """Give samples as they arrive, float32 [shape=(n, n_channels)], until the pipe ends; part of one is dropped."""
        left = b""
        while data := self._some():
            left += data
            whole = len(left) - len(left) % self._frame
            if whole:
                yield scaled(_values(left[:whole], self._type).reshape(-1, self.n_channels), self.name)
                left = left[whole:]

    def _some(self) -> bytes:
        read = getattr(self._stream, "read1", None)
        return self._stream.read(self._frame) if read is None else bytes(read(_ASKED))

    def _header(self) -> tuple[int, int, str]:
        """Read up to the first sample; give rate, channels and format."""
        head = self._exactly(12)
        if head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
            raise BadInput(
                f"{self.name}: what comes is no WAV",
                "ffmpeg -i FILE -f wav - | ml audio stream -, or say what the samples are: "
                "--rate 44100 --channels 2 --format s16le",
            )
        told: tuple[int, int, str] | None = None
        while True:
            name, size = struct.unpack("<4sI", self._exactly(8))
            if name == b"data":
                break
            if size > _LONGEST:
                raise BadInput(f"{self.name}: a broken WAV header", "is it a WAV from its beginning?")
            chunk = self._exactly(size + size % 2)
            if name == b"fmt ":
                told = self._format(chunk)
        if told is None:
            raise BadInput(f"{self.name}: a WAV that does not say what its samples are", "is it complete?")
        return told

    def _format(self, chunk: bytes) -> tuple[int, int, str]:
        if len(chunk) < 16:
            raise BadInput(f"{self.name}: a broken WAV header", "is it a WAV from its beginning?")
        kind, n_channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
        if kind == _EXTENSIBLE and len(chunk) >= 26:
            kind = struct.unpack("<H", chunk[24:26])[0]
        named = {_PCM: _INTEGERS, _FLOAT: _FLOATS}.get(kind, {}).get(bits)
        if named is None:
            raise BadInput(
                f"{self.name}: a WAV of format {kind} with {bits} bits is not read from a pipe",
                "write plain samples: ffmpeg … -c:a pcm_s16le -f wav -",
            )
        return rate, n_channels, named

    def _exactly(self, n: int) -> bytes:
        found = b""
        while len(found) < n:
            data = self._stream.read(n - len(found))
            if not data:
                where = "ends within its header" if self._n_read else "is empty"
                raise BadInput(f"{self.name} {where}", "did the program before it fail?")
            self._n_read += len(data)
            found += data
        return found


def _values(data: bytes, kind: str) -> NDArray[np.generic]:
    """Give the numbers that bytes stand for; of 24 bits, in the upper three bytes of 32."""
    if kind != "s24":
        return np.frombuffer(data, dtype=kind)
    wide = np.zeros((len(data) // 3, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
    return wide.view("<i4")[:, 0]

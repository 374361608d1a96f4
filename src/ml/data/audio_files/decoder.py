"""What every decoder of sound gives, whatever library is behind it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ml.data.audio_files.forms import DEMUXERS
from ml.data.audio_files.signal import Floats

#: Forms whose header says how long the sound is; of others FFmpeg's libraries guess it from the bit rate.
LASTING = frozenset({"mp4", "matroska", "wma", "flac", "ape", "wavpack", "tta", "musepack"})


class Refused(Exception):
    """A decoder cannot read this; another one may."""


def held_to_form(form: str | None) -> dict[str, str]:
    """Give the options by which FFmpeg's libraries read a file as what it is by its bytes, and no other file.

    They look for themselves what a file is, behind tags too: a list of addresses behind the tag of an MP3 is a
    playlist to them, which would be followed.

    >>> held_to_form("mp3")
    {'protocol_whitelist': 'file', 'format_whitelist': 'mp3,aac'}

    Raises
    ------
    Refused
        If the form is none of those that they read here.
    """
    if form not in DEMUXERS:
        raise Refused("its form is none that is read so")
    return {"protocol_whitelist": "file", "format_whitelist": DEMUXERS[form]}


class Decoder(Protocol):
    """A sound that is being decoded.

    Parameters
    ----------
    rate : int
        In Hz.
    n_channels : int
    n_promised : int or None
        Samples of each channel that the file says it has, where it says so.
    damage : str or None
        What the decoder complained of or stopped at; known once all pieces were read, as the next.
    left_out : int
        Bytes in the middle that are no part of the sound.
    """

    rate: int
    n_channels: int
    n_promised: int | None
    damage: str | None
    left_out: int

    def pieces(self, size: int) -> Iterator[Floats]:
        """Give the samples, float32 [shape=(n, n_channels)], in pieces of about that many, as suits the decoder."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(frozen=True, slots=True)
class Material:
    """What is to be decoded: a file by its path, or bytes.

    Parameters
    ----------
    name : str
        To be named in messages.
    path : Path or None
    stream : BinaryIO or None
        Seekable, its beginning at 0; None where there is a path.
    form : str or None
        By the bytes.
    """

    name: str
    path: Path | None = None
    stream: BinaryIO | None = None
    form: str | None = None

    def opened(self) -> BinaryIO:
        """Give the bytes as a stream at its beginning; one of the caller's is never closed by closing this."""
        if self.path is not None:
            return self.path.open("rb")
        assert self.stream is not None
        self.stream.seek(0)
        return cast("BinaryIO", _Unclosed(self.stream))


class _Unclosed(io.BufferedIOBase):
    """Somebody else's stream, which is left open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        return self._stream.read(-1 if size is None else size)

    def seek(self, position: int, whence: int = 0, /) -> int:
        return self._stream.seek(position, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

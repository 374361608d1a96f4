"""Whether the frames of an MP3 follow one another: where they do not, something in between is broken.

Decoders look for the next frame, leave out what is between, and go on; libmpg123, which libsndfile has inside, gives up
after 1,024 bytes. :class:`FramesAlone` is the file without what is between, which it reads to the end.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import BinaryIO

from ml.data.importers.audio_payload import mpeg_frame_bytes, without_tags

#: So many frames in a row are no accident.
_IN_A_ROW = 3
_STEP = 1 << 16
#: What programs put between frames when they join files.
_TAGS = (b"ID3", b"TAG", b"APETAGEX")


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of an MP3.

    Parameters
    ----------
    stretches : tuple of (int, int)
        Where frames follow one another: from which byte to before which.
    count : int
    left_out : int
        Bytes between frames that belong to none. What precedes the first frame, or follows the last, is not counted:
        tags may be there.
    """

    stretches: tuple[tuple[int, int], ...]
    count: int
    left_out: int


def frames_of(stream: BinaryIO) -> Frames:
    """Find the frames of an MP3, whatever is between them."""
    position, end = without_tags(stream)
    stretches: list[tuple[int, int]] = []
    begin, count, left_out = position, 0, 0
    block, first = b"", 0  # what was read last, and where it begins
    while position < end:
        if not first <= position <= first + len(block) - 4:
            stream.seek(position)
            block, first = stream.read(_STEP), position
        size = _frame_bytes(block[position - first : position - first + 4].ljust(4, b"\0"))
        if size:
            position, count = position + size, count + 1
            continue
        if begin < position:
            stretches.append((begin, position))
        found = _next_frames(stream, position, end)
        if found is None:
            return Frames(tuple(stretches), count, left_out)
        stream.seek(position)
        if stretches and not stream.read(8).startswith(_TAGS):
            left_out += found - position
        begin = position = found
    if begin < position:
        stretches.append((begin, min(position, end)))
    return Frames(tuple(stretches), count, left_out)


class FramesAlone(io.BufferedIOBase):
    """An MP3 without what is between its frames, as a stream that can be read and sought in.

    Parameters
    ----------
    stream : BinaryIO
        The whole file; left open.
    frames : Frames
    """

    def __init__(self, stream: BinaryIO, frames: Frames) -> None:
        self._stream, self._stretches = stream, frames.stretches
        lengths = [end - begin for begin, end in frames.stretches]
        self._begins = [0, *accumulate(lengths)]
        self._at = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, over the gaps."""
        until = self._begins[-1] if size is None or size < 0 else min(self._begins[-1], self._at + size)
        parts = []
        while self._at < until:
            place = bisect_right(self._begins, self._at) - 1
            begin, end = self._stretches[place]
            begin += self._at - self._begins[place]
            self._stream.seek(begin)
            part = self._stream.read(min(until - self._at, end - begin))
            if not part:  # it became shorter meanwhile
                break
            parts.append(part)
            self._at += len(part)
        return b"".join(parts)

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Go elsewhere, counted without the gaps."""
        self._at = max(0, position + (0, self._at, self._begins[-1])[whence])
        return self._at

    def tell(self) -> int:
        """Say where it is, counted without the gaps."""
        return self._at

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be sought in."""
        return True


#: A file has few different headers.
_frame_bytes = lru_cache(maxsize=1024)(mpeg_frame_bytes)


def _header_at(stream: BinaryIO, position: int) -> bytes:
    stream.seek(position)
    return stream.read(4).ljust(4, b"\0")


def _next_frames(stream: BinaryIO, position: int, end: int) -> int | None:
    """Find where several frames in a row begin."""
    while position < end:
        stream.seek(position)
        block = stream.read(_STEP)
        at = block.find(b"\xff")
        while at >= 0:
            if _are_frames(stream, position + at, end):
                return position + at
            at = block.find(b"\xff", at + 1)
        position += len(block)
    return None


def _are_frames(stream: BinaryIO, position: int, end: int) -> bool:
    for so_far in range(_IN_A_ROW):
        if position >= end:
            return position == end or so_far > 1
        size = mpeg_frame_bytes(_header_at(stream, position))
        if not size:
            return False
        position += size
    return True

"""Whether the frames of an MP3 follow one another: where they do not, something in between is broken.

Decoders look for the next frame, leave out what is between, and go on.
"""

from __future__ import annotations

from functools import lru_cache
from typing import BinaryIO

from ml.data.importers.audio_payload import mpeg_frame_bytes, without_tags

#: So many frames in a row are no accident.
_IN_A_ROW = 3
_STEP = 1 << 16
#: What programs put between frames when they join files.
_TAGS = (b"ID3", b"TAG", b"APETAGEX")


def bytes_between_frames(stream: BinaryIO, form: str | None) -> int:
    """Count the bytes of an MP3 that lie between frames and belong to none; 0 for other forms.

    What precedes the first frame, or follows the last, is not counted: tags may be there.
    """
    if form != "mp3":
        return 0
    position, end = without_tags(stream)
    lost, begun = 0, False
    block, first = b"", 0  # what was read last, and where it begins
    while position < end:
        if not first <= position <= first + len(block) - 4:
            stream.seek(position)
            block, first = stream.read(_STEP), position
        size = _frame_bytes(block[position - first : position - first + 4].ljust(4, b"\0"))
        if size:
            position, begun = position + size, True
            continue
        found = _next_frames(stream, position, end)
        if found is None:
            return lost
        stream.seek(position)
        if begun and not stream.read(8).startswith(_TAGS):
            lost += found - position
        position = found
    return lost


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

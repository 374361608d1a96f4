"""Whether a file ends before its sound does: a download or a copy that was broken off.

Decoders that need no index read such files to where they end and say nothing.

References
----------
RIFF/WAVE and EBU Tech 3306 (RF64), AIFF 1.3: a chunk says how long it is. RFC 3533 (Ogg): the last page of a stream
carries a flag. The Xing/Info header of MP3 says how many frames follow, and each frame's
header how long it is (ISO/IEC 11172-3). RFC 9639 (FLAC): each frame has its number. ISO/IEC 14496-12: a box says how
long it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Literal

from ml.data.importers.audio_payload import mpeg_frame_bytes, without_tags

_OGG_LAST = 4
#: Where the last page of an Ogg file begins at the latest: a page has at most 65,307 bytes.
_OGG_TAIL = 1 << 17
#: Of an MP3 this much is looked at, which holds a dozen of its longest frames, and this many in a row are no accident.
_MPEG_TAIL, _MPEG_FRAMES = 1 << 14, 4
#: In which order a form has the bytes of a number, and which of its chunks holds the samples.
_CHUNKS: dict[str | None, tuple[Literal["little", "big"], bytes]] = {
    "wav": ("little", b"data"),
    "aiff": ("big", b"SSND"),
}
#: A length that a program wrote which did not know it.
_OPEN_ENDED = (0, 0xFFFFFFFF)
#: The longest frame of FLAC there is in practice: 4,608 samples of eight channels, not compressed.
_FLAC_TAIL = 1 << 18


def is_cut_short(stream: BinaryIO, form: str | None) -> bool:
    """Tell whether a file is shorter than it says itself; False where its form does not say.

    Parameters
    ----------
    stream : BinaryIO
        Seekable.
    form : str or None
        As :func:`ml.data.audio_files.forms.form_of` tells it. An MP3 with a Xing header is judged by what was decoded
        as well.
    """
    end = stream.seek(0, 2)
    if form in _CHUNKS:
        told = _told_bytes(stream, end, form)
        return told is None or told[0] > told[1]
    if form == "ogg":
        return _ogg_is_cut(stream, end)
    if form == "mp3":
        return _mpeg_is_cut(stream)
    if form == "flac":
        return _flac_is_cut(stream, end)
    return form == "mp4" and _mp4_is_cut(stream, end)


def share_that_is_there(stream: BinaryIO, form: str | None) -> float | None:
    """Tell which share of its samples a WAV or AIFF still has, in (0, 1]; None where it does not say."""
    if form not in _CHUNKS:
        return None
    told = _told_bytes(stream, stream.seek(0, 2), form)
    return None if told is None or not 0 < told[1] <= told[0] else told[1] / told[0]


def promises_length(stream: BinaryIO, form: str | None) -> bool:
    """Tell whether a file says how many samples it holds, rather than letting the decoder guess.

    An MP3 without a Xing or Info header has its length guessed from the first frame's bit rate.
    """
    if form != "mp3":
        return form in {"flac", "ogg"}
    stream.seek(0)
    head = stream.read(10)
    if head.startswith(b"ID3") and len(head) == 10:
        stream.seek(10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]))
    else:
        stream.seek(0)
    first = stream.read(4096)
    return b"Xing" in first or b"Info" in first


def _told_bytes(stream: BinaryIO, end: int, form: str | None) -> tuple[int, int] | None:
    """Give how many bytes of samples a file says it has, and how many are there; None where they do not begin.

    Where a program wrote the length that did not know it, both are what is there.
    """
    order, sound = _CHUNKS[form]
    position = 12
    while position + 8 <= end:
        stream.seek(position)
        header = stream.read(8)
        size = int.from_bytes(header[4:], order)
        if header[:4] == sound:
            there = end - position - 8
            return (there, there) if size in _OPEN_ENDED else (size, min(size, there))
        position += 8 + size + size % 2
    return None


def _ogg_is_cut(stream: BinaryIO, end: int) -> bool:
    stream.seek(max(0, end - _OGG_TAIL))
    tail = stream.read()
    at = tail.rfind(b"OggS")
    while at >= 0 and (len(tail) < at + 27 or tail[at + 4] != 0):  # the letters may stand in the sound
        at = tail.rfind(b"OggS", 0, at)
    if at < 0:
        return True
    segments = tail[at + 27 : at + 27 + tail[at + 26]]
    whole = at + 27 + tail[at + 26] + sum(segments) <= len(tail)
    return not (whole and tail[at + 5] & _OGG_LAST)


def _mpeg_is_cut(stream: BinaryIO) -> bool:
    """Tell whether the last frame is shorter than its header says: nearly every cut falls into a frame."""
    start, end = without_tags(stream)
    stream.seek(max(start, end - _MPEG_TAIL))
    tail = stream.read(end - stream.tell())
    at = tail.find(b"\xff")
    while at >= 0:
        position, n_frames = at, 0
        while size := mpeg_frame_bytes(tail[position : position + 4].ljust(4, b"\0")):
            position, n_frames = position + size, n_frames + 1
        if n_frames > _MPEG_FRAMES:
            left = tail[position:]
            return position > len(tail) or (len(left) < 4 and left.startswith(b"\xff"))
        at = tail.find(b"\xff", at + 1)
    return False


def _flac_is_cut(stream: BinaryIO, end: int) -> bool:
    """Tell whether the last frame is missing: the one behind which as many samples are as the file says it has."""
    stream.seek(0)
    head = stream.read(_FLAC_TAIL)
    at = head.find(b"fLaC")
    if at < 0 or len(head) < at + 26:
        return False
    facts = head[at + 8 :]
    block, total = int.from_bytes(facts[:2], "big"), int.from_bytes(facts[13:18], "big") & (1 << 36) - 1
    stream.seek(max(0, end - _FLAC_TAIL))
    tail = stream.read()
    places = (at for mark in (b"\xff\xf8", b"\xff\xf9") for at in _places_of(mark, tail))
    return total > 0 and all(_flac_frame_end(tail[at : at + 16], block) != total for at in places)


def _places_of(mark: bytes, data: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _flac_frame_end(header: bytes, block: int) -> int:
    """Give how many samples there are up to the end of a frame; 0 where the bytes are no frame's header."""
    header = header.ljust(16, b"\0")
    code, rate = header[2] >> 4, header[2] & 15
    ones = 8 - (header[4] ^ 0xFF).bit_length()  # the number is coded as UTF-8 codes letters
    n_coded = max(1, ones)
    n_size = {6: 1, 7: 2}.get(code, 0)
    length = 4 + n_coded + n_size + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if code == 0 or ones in {1, 8} or header[length] != _crc_8(header[:length]):
        return 0
    number = header[4] & (0xFF >> (ones + 1))
    for byte in header[5 : 4 + n_coded]:
        number = number << 6 | byte & 0x3F
    own = int.from_bytes(header[4 + n_coded : 4 + n_coded + n_size], "big") + 1
    size = own if n_size else 192 if code == 1 else 576 << (code - 2) if code < 6 else 256 << (code - 8)
    return (number if header[1] & 1 else number * block) + size


def _crc_8(data: bytes) -> int:
    rest = 0
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = (rest << 1 ^ 0x07 if rest & 0x80 else rest << 1) & 0xFF
    return rest


def _mp4_is_cut(stream: BinaryIO, end: int) -> bool:
    position = 0
    while position + 8 <= end:
        stream.seek(position)
        header = stream.read(16)
        size = int.from_bytes(header[:4], "big")
        if size == 1 and len(header) == 16:
            size = int.from_bytes(header[8:], "big")
        if size == 0:  # reaches to the end of the file, wherever that is
            return False
        if size < 8:
            return False  # damaged, but that is the decoder's to say
        position += size
    return position > end

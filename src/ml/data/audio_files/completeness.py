"""Whether a file ends before its sound does: a download or a copy that was broken off.

Decoders that need no index read such files to where they end and say nothing.

References
----------
RIFF/WAVE and EBU Tech 3306 (RF64), AIFF 1.3: a chunk says how long it is. RFC 3533 (Ogg): the last page of a stream
carries a flag. The Xing/Info header of MP3 says how many frames follow, and each frame's
header how long it is (ISO/IEC 11172-3). ISO/IEC 14496-12: a box says how long it is.
"""

from __future__ import annotations

from typing import BinaryIO, Literal

from ml.data.importers.audio_payload import mpeg_frame_bytes, without_tags

_OGG_LAST = 4
#: Where the last page of an Ogg file begins at the latest: a page has at most 65,307 bytes.
_OGG_TAIL = 1 << 17
#: Of an MP3 this much is looked at, which holds a dozen of its longest frames, and this many in a row are no accident.
_MPEG_TAIL, _MPEG_FRAMES = 1 << 14, 4
#: A length that a program wrote which did not know it.
_OPEN_ENDED = (0, 0xFFFFFFFF)


def is_cut_short(stream: BinaryIO, form: str | None) -> bool:
    """Tell whether a file is shorter than it says itself; False where its form does not say.

    Parameters
    ----------
    stream : BinaryIO
        Seekable.
    form : str or None
        As :func:`ml.data.audio_files.forms.form_of` tells it. FLAC, and MP3 with a
        Xing header, are judged by what was decoded.
    """
    end = stream.seek(0, 2)
    if form == "wav":
        return _chunk_is_cut(stream, end, order="little", sound=b"data")
    if form == "aiff":
        return _chunk_is_cut(stream, end, order="big", sound=b"SSND")
    if form == "ogg":
        return _ogg_is_cut(stream, end)
    if form == "mp3":
        return not promises_length(stream, form) and _mpeg_is_cut(stream)
    return form == "mp4" and _mp4_is_cut(stream, end)


def promises_length(stream: BinaryIO, form: str | None) -> bool:
    """Tell whether a file says how many samples it holds, rather than letting the decoder guess.

    An MP3 without a Xing or Info header has its length guessed from the first frame's bit rate.
    """
    if form != "mp3":
        return form == "flac"
    stream.seek(0)
    head = stream.read(10)
    if head.startswith(b"ID3") and len(head) == 10:
        stream.seek(10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]))
    else:
        stream.seek(0)
    first = stream.read(4096)
    return b"Xing" in first or b"Info" in first


def _chunk_is_cut(stream: BinaryIO, end: int, *, order: Literal["little", "big"], sound: bytes) -> bool:
    position = 12
    while position + 8 <= end:
        stream.seek(position)
        header = stream.read(8)
        size = int.from_bytes(header[4:], order)
        if header[:4] == sound:
            return size not in _OPEN_ENDED and position + 8 + size > end
        position += 8 + size + size % 2
    return True


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

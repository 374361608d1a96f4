"""The sound of an audio file without its tags: the bytes that give a track its identity.

A file keeps its hash when it is moved, renamed or retagged, and when artwork or lyrics
are put into it or taken out. It changes when the sound is encoded anew.

Conventions
-----------
What is hashed, by the file's first bytes and whatever its suffix:

========== =====================================================================
MP3, AAC   what is left between ID3v2/APEv2 in front and ID3v1/APEv2/Lyrics3/
           ID3v2 footers at the end
FLAC       the frames after the last metadata block
Ogg        the bodies of the pages from the first audio packet on, without page
           headers (numbers and checksums change when tags grow)
MP4, M4A   the content of the ``mdat`` boxes
WAV, AIFF  the sample format and the samples (``data``, ``SSND``)
WMA        the packets of the data object
other      the whole file
========== =====================================================================

A structure that is damaged ends the search for tags there: what cannot be told apart is
hashed as it is. Every step moves forward in the file, and memory is one block.

References
----------
id3.org (ID3v1, v2.4, Lyrics3 v2), APE tags v2, RFC 9639 (FLAC), RFC 3533 (Ogg), RFC 7845
(Opus), Vorbis I, ISO/IEC 14496-12 (MP4), EBU Tech 3306 (RF64), AIFF 1.3, ASF 01.20.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Literal

_BLOCK = 1 << 20
#: Frames of MP3 and AAC have to appear within this much of the beginning.
_FRAME_SEARCH = 1 << 16
#: Coding, channels, rate and depth in the format chunk of WAV; AIFF's is 18 bytes of the same.
_FORMAT_BYTES = 16
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")

#: Where a stretch of sound begins, and its length in bytes.
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Payload:
    """The sound of a file.

    Parameters
    ----------
    content_hash : str
        BLAKE2b of the sound, 32 hex characters.
    size_bytes : int
        Bytes of sound; 0 where the file holds none.
    form : str or None
        ``"flac"``, ``"ogg"``, ``"wav"``, ``"aiff"``, ``"mp4"``, ``"wma"``, ``"mp3"`` (or its
        elder layers), ``"aac"``; None where the bytes are none of these.
    """

    content_hash: str
    size_bytes: int
    form: str | None


def hash_payload(path: Path) -> Payload:
    """Hash the sound of a file.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    digest, size_bytes = blake2b(digest_size=16), 0
    with path.open("rb") as stream:
        start, end = without_tags(stream)
        form = _form_of(stream, start, end)
        for position, length in _list_stretches(stream, start, end, form):
            for block in _blocks(stream, position, length):
                digest.update(block)
                size_bytes += len(block)
    return Payload(digest.hexdigest(), size_bytes, form)


def form_of(stream: BinaryIO) -> str | None:
    """Tell the form of a file from its bytes: a value of :attr:`Payload.form`."""
    return _form_of(stream, *without_tags(stream))


def _blocks(stream: BinaryIO, position: int, length: int) -> Iterator[bytes]:
    stream.seek(position)
    while length > 0 and (block := stream.read(min(length, _BLOCK))):
        yield block
        length -= len(block)


def _form_of(stream: BinaryIO, start: int, end: int) -> str | None:
    head = _read_at(stream, start, min(_FRAME_SEARCH, max(0, end - start)))
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    for mark, form in ((b"fLaC", "flac"), (b"OggS", "ogg"), (_ASF_HEADER, "wma"), (b"ADIF", "aac")):
        if head.startswith(mark):
            return form
    return _form_of_frames(head)


def _list_stretches(stream: BinaryIO, start: int, end: int, form: str | None) -> Iterator[Stretch]:
    if form == "wav":
        return _chunks(stream, start, end, order="little", format_chunk=b"fmt ", sound_chunk=b"data")
    if form == "aiff":
        return _chunks(stream, start, end, order="big", format_chunk=b"COMM", sound_chunk=b"SSND")
    walk = {"flac": _flac, "ogg": _ogg, "mp4": _mp4, "wma": _asf}.get(form or "", _whole)
    return walk(stream, start, end)


def _whole(_stream: BinaryIO, start: int, end: int) -> Iterator[Stretch]:
    yield start, end - start


def _read_at(stream: BinaryIO, position: int, size: int) -> bytes:
    stream.seek(position)
    return stream.read(size)


# --- Tags around the sound -------------------------------------------------------------


def without_tags(stream: BinaryIO) -> Stretch:
    """Give where the sound begins and ends in a file with tags around it."""
    end = stream.seek(0, 2)
    start = _skip_leading_tags(stream, end)
    return start, max(start, _cut_trailing_tags(stream, end))


def _skip_leading_tags(stream: BinaryIO, end: int) -> int:
    start = 0
    while (length := _leading_tag_length(_read_at(stream, start, 32))) and start + length <= end:
        start += length
    return _skip_zeros(stream, start, end) if start else 0


def _leading_tag_length(head: bytes) -> int:
    if head.startswith(b"ID3") and len(head) >= 10 and max(head[6:10]) < 0x80:
        footer = 10 if head[5] & 0x10 else 0
        return 10 + _synchsafe(head[6:10]) + footer
    if head.startswith(b"APETAGEX") and len(head) == 32:
        return 32 + int.from_bytes(head[12:16], "little")
    return 0


def _synchsafe(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def _skip_zeros(stream: BinaryIO, start: int, end: int) -> int:
    # Taggers leave padding behind a shrunken tag; no frame begins with a zero byte.
    stream.seek(start)
    while start < end and (block := stream.read(_BLOCK)):
        if rest := block.lstrip(b"\x00"):
            return start + len(block) - len(rest)
        start += len(block)
    return min(start, end)


def _cut_trailing_tags(stream: BinaryIO, end: int) -> int:
    while length := _trailing_tag_length(stream, end):
        end -= length
    return end


def _trailing_tag_length(stream: BinaryIO, end: int) -> int:
    """Give the length of the tag that ends here; 0 where there is none, or it would not fit."""
    if end >= 128 and _read_at(stream, end - 128, 3) == b"TAG":
        extended = end >= 355 and _read_at(stream, end - 355, 4) == b"TAG+"
        return 355 if extended else 128
    tail = _read_at(stream, max(0, end - 32), min(32, end))
    length = 0
    if tail.startswith(b"APETAGEX") and len(tail) == 32:
        header = 32 if tail[23] & 0x80 else 0
        length = int.from_bytes(tail[12:16], "little") + header
        length = length if length >= 32 else 0
    elif len(tail) >= 10 and tail[-10:].startswith(b"3DI") and max(tail[-4:]) < 0x80:
        length = 20 + _synchsafe(tail[-4:])
    elif tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
        length = int(tail[-15:-9]) + 15
    elif tail.endswith(b"LYRICSEND"):
        area = _read_at(stream, max(0, end - 5200), min(5200, end))
        at = area.rfind(b"LYRICSBEGIN")
        length = len(area) - at if at >= 0 else 0
    return length if length <= end else 0


# --- Containers ------------------------------------------------------------------------


def _flac(stream: BinaryIO, start: int, end: int) -> Iterator[Stretch]:
    position = start + 4
    while len(header := _read_at(stream, position, 4)) == 4:
        following = position + 4 + int.from_bytes(header[1:], "big")
        if header[0] == 0xFF or following > end:  # a frame, or a block longer than the file
            break
        position = following
        if header[0] & 0x80:
            break
    yield position, end - position


def _chunks(
    stream: BinaryIO,
    start: int,
    end: int,
    *,
    order: Literal["little", "big"],
    format_chunk: bytes,
    sound_chunk: bytes,
) -> Iterator[Stretch]:
    position, form, found, size_64 = start + 12, None, False, 0
    while len(header := _read_at(stream, position, 8)) == 8 and position + 8 <= end:
        name, size = header[:4], int.from_bytes(header[4:], order)
        position += 8
        if name == b"ds64":
            size_64 = int.from_bytes(_read_at(stream, position + 8, 8), "little")
        elif name == format_chunk and form is None:
            form = (position, min(size, _FORMAT_BYTES, end - position))
        elif name == sound_chunk:
            if size == 0xFFFFFFFF:  # RF64, or a recording that never learned its length
                size = size_64 or end - position
            length, found = min(size, end - position), True
            if length and form:
                # The same samples at another rate are another sound.
                yield form
                form = (position, 0)
            yield position, length
        position += size + size % 2
    if not found:
        yield start, end - start


def _mp4(stream: BinaryIO, start: int, end: int) -> Iterator[Stretch]:
    position, found = start, False
    while len(header := _read_at(stream, position, 16)) >= 8 and position < end:
        size, begin = int.from_bytes(header[:4], "big"), 8
        if size == 1:
            size, begin = int.from_bytes(header[8:16], "big"), 16
        elif size == 0:  # reaches to the end of the file
            size = end - position
        if size < begin:
            break
        if header[4:8] == b"mdat":
            found = True
            yield position + begin, max(0, min(size, end - position) - begin)
        position += size
    if not found:
        yield start, end - start


def _asf(stream: BinaryIO, start: int, end: int) -> Iterator[Stretch]:
    position = start
    while len(header := _read_at(stream, position, 24)) == 24 and position < end:
        size = int.from_bytes(header[16:], "little")
        if size < 24:
            break
        if header[:16] == _ASF_DATA:
            # 26 bytes of file id and counts stand before the packets.
            yield position + 50, max(0, min(size, end - position) - 50)
            return
        position += size
    yield start, end - start


def _ogg(stream: BinaryIO, start: int, end: int) -> Iterator[Stretch]:
    headers_left: dict[bytes, int] = {}
    position = start
    while position < end:
        page = _read_at(stream, position, 27 + 255)
        sizes = page[27 : 27 + page[26]] if len(page) >= 27 else b""
        if not page.startswith(b"OggS") or len(page) < 27 or len(sizes) < page[26]:
            yield position, end - position  # damaged from here on
            return
        serial, body = page[14:18], position + 27 + len(sizes)
        if page[5] & 2:  # the first page of a logical stream
            headers_left[serial] = _ogg_header_packets(_read_at(stream, body, 80))
        left, skipped = _skip_header_packets(sizes, headers_left.get(serial, 0))
        headers_left[serial] = left
        length = sum(sizes)
        if skipped < length:
            yield body + skipped, min(length - skipped, max(0, end - body - skipped))
        position = body + length


def _skip_header_packets(sizes: bytes, left: int) -> tuple[int, int]:
    """Give how many header packets are left after a page, and how many of its bytes they take."""
    skipped = 0
    for size in sizes:
        if not left:
            break
        skipped += size
        left -= size < 255  # a shorter segment ends its packet
    return left, skipped


def _ogg_header_packets(packet: bytes) -> int:
    if packet.startswith(b"\x01vorbis"):
        return 3
    if packet.startswith(b"OpusHead"):
        return 2
    if packet.startswith(b"\x7fFLAC"):
        return 1 + int.from_bytes(packet[7:9], "big")
    if packet.startswith(b"Speex   "):
        return 2 + int.from_bytes(packet[68:72], "little")
    # Pictures, skeletons and the like: their first packet is no sound.
    return 1


# --- Frames of MP3 and AAC -------------------------------------------------------------

# kbit/s by (MPEG version 1?, layer); ISO/IEC 11172-3 table 3-B, 13818-3.
_BITRATES = {
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _form_of_frames(head: bytes) -> str | None:
    """Find two frames in a row: one alone appears in any noise."""
    at = head.find(b"\xff")
    while 0 <= at < len(head) - 7:
        for form, measure in (("mp3", mpeg_frame_bytes), ("aac", _adts_frame_bytes)):
            size = measure(head[at : at + 7])
            following = head[at + size : at + size + 7]
            # A file that is cut off in its first frames still counts.
            if size and (not following or measure(following.ljust(7, b"\x00"))):
                return form
        at = head.find(b"\xff", at + 1)
    return None


def mpeg_frame_bytes(header: bytes) -> int:
    r"""Give the length of the MPEG audio frame with this header of four bytes; 0 if it is none.

    >>> mpeg_frame_bytes(b"\xff\xfb\x90\x00"), mpeg_frame_bytes(b"RIFF")
    (417, 0)
    """
    if header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate_at, rate_at, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 4 or not 0 < bitrate_at < 15 or rate_at == 3:
        return 0
    bitrate, rate = 1000 * _BITRATES[version == 3, layer][bitrate_at], _RATES[version][rate_at]
    if layer == 1:
        return (12 * bitrate // rate + padding) * 4
    samples_per_bit = 72 if layer == 3 and version != 3 else 144
    return samples_per_bit * bitrate // rate + padding


def _adts_frame_bytes(header: bytes) -> int:
    if header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 15 > 12:
        return 0
    size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return size if size >= 7 else 0

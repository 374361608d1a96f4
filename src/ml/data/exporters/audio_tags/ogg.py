"""Ogg Vorbis and Opus: the packets of the header paged anew, all other pages as they are.

Pages are as many as before where that can be done; else those behind are numbered anew, with new checksums.

References
----------
RFC 3533 (Ogg), RFC 7845 section 3 (Opus), Vorbis I section A.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from ml.data.exporters.audio_tags.comments import Comments, told
from ml.data.exporters.audio_tags.form import Fields, Tags, Unwritable, copied

_HEADER, _SEGMENTS, _FULL = 27, 255, 255
_CONTINUED, _FIRST = 1, 2
_VORBIS, _OPUS = b"\x03vorbis", b"OpusTags"
#: How first packets begin, and how many of the header follow.
_HEADERS = {b"OpusHead": 1, b"\x01vorbis": 2}
_DAMAGED = "its pages are damaged"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its header with the table of segments, and its body."""

    head: bytes
    body: bytes

    @property
    def serial(self) -> bytes:
        return self.head[14:18]

    @property
    def sizes(self) -> bytes:
        return self.head[_HEADER:]


@dataclass(frozen=True, slots=True)
class _Heading:
    """What lies before the sound: the first page, how many pages follow it, their packets, and where they end."""

    first: _Page
    n_pages: int
    packets: tuple[bytes, ...]
    end: int

    @property
    def mark(self) -> bytes:
        """How a packet of comments begins."""
        return _OPUS if self.first.body.startswith(b"OpusHead") else _VORBIS

    @property
    def comments(self) -> Comments:
        return Comments.parse(self.packets[0][len(self.mark) :])


class Ogg:
    """See :class:`ml.data.exporters.audio_tags.form.Form`."""

    def __init__(self, *, opus: bool) -> None:
        self._opus = opus

    def read(self, stream: BinaryIO) -> Tags:
        """Read the tag."""
        heading = _heading(stream)
        tags = heading.comments.tags(opus=self._opus)
        return Tags(tags.fields, (*tags.others, heading.first.body, *heading.packets[1:]))

    def rewrite(self, stream: BinaryIO, out: BinaryIO, wanted: Fields) -> None:
        """Copy a file with some fields replaced."""
        heading = _heading(stream)
        new = heading.comments.with_fields(self.told(stream, wanted), opus=self._opus).to_bytes()
        pages = _paged([heading.mark + new, *heading.packets[1:]], heading.first.serial, heading.n_pages)
        out.write(heading.first.head + heading.first.body)
        out.writelines(page.head + page.body for page in pages)
        more = len(pages) - heading.n_pages
        if more == 0:
            copied(stream, out, heading.end)
            return
        stream.seek(heading.end)
        while (page := _read(stream)) is not None:
            same = page.serial == heading.first.serial
            out.write(b"".join(_renumbered(page, more)) if same else page.head + page.body)

    def told(self, _stream: BinaryIO, wanted: Fields) -> Fields:
        """Give the texts as they are written."""
        return told(wanted, opus=self._opus)


def _heading(stream: BinaryIO) -> _Heading:
    stream.seek(0)
    first = _read(stream)
    if first is None or not first.head[5] & _FIRST:
        raise Unwritable(_DAMAGED)
    n_wanted = next((n for mark, n in _HEADERS.items() if first.body.startswith(mark)), 0)
    if not n_wanted:
        raise Unwritable("it holds neither Vorbis nor Opus alone, and others are not written")
    packets: list[bytes] = [b""]
    n_pages = 0
    while len(packets) <= n_wanted:
        page = _read(stream)
        if page is None:
            raise Unwritable(_DAMAGED)
        if page.serial != first.serial:
            raise Unwritable("it holds several streams, which are not written")
        n_pages += 1
        _gather(page, packets)
    if len(packets) > n_wanted + 1 or packets[-1]:
        raise Unwritable("its sound begins on a page of its header, which is not written")
    heading = _Heading(first, n_pages, tuple(packets[:-1]), stream.tell())
    if not packets[0].startswith(heading.mark):
        raise Unwritable(_DAMAGED)
    return heading


def _gather(page: _Page, packets: list[bytes]) -> None:
    """Add what a page holds to packets; the last of them goes on."""
    at = 0
    for size in page.sizes:
        packets[-1] += page.body[at : at + size]
        at += size
        if size < _FULL:
            packets.append(b"")


def _read(stream: BinaryIO) -> _Page | None:
    """Read a page; None at the end."""
    head = stream.read(_HEADER)
    if not head:
        return None
    sizes = stream.read(head[26]) if len(head) == _HEADER else b""
    body = stream.read(sum(sizes))
    if not head.startswith(b"OggS") or len(head) < _HEADER or len(sizes) < head[26] or len(body) < sum(sizes):
        raise Unwritable(_DAMAGED)
    return _Page(head + sizes, body)


def _paged(packets: list[bytes], serial: bytes, n_before: int) -> list[_Page]:
    """Lay packets on pages, as many as there were where that can be."""
    sizes = [size for packet in packets for size in _laced(len(packet))]
    n_pages = max(1, -(-len(sizes) // _SEGMENTS), min(n_before, len(sizes)))
    cuts = [len(sizes) * place // n_pages for place in range(n_pages + 1)]
    content, at, pages = b"".join(packets), 0, []
    for number in range(n_pages):
        begin, end = cuts[number], cuts[number + 1]
        part = bytes(sizes[begin:end])
        flags = _CONTINUED if begin and sizes[begin - 1] == _FULL else 0
        # The moment that a page tells is that of the packets that end on it: none yet.
        moment = (0 if min(part) < _FULL else (1 << 64) - 1).to_bytes(8, "little")
        head = b"OggS\0" + bytes((flags,)) + moment + serial + (number + 1).to_bytes(4, "little") + bytes(4)
        body = content[at : at + sum(part)]
        at += len(body)
        pages.append(_checked(head + bytes((len(part),)) + part, body))
    return pages


def _laced(size: int) -> Iterator[int]:
    """Cut a packet into segments; a shorter one ends it.

    >>> list(_laced(256)), list(_laced(255))
    ([255, 1], [255, 0])
    """
    yield from [_FULL] * (size // _FULL)
    yield size % _FULL


def _renumbered(page: _Page, more: int) -> tuple[bytes, bytes]:
    number = int.from_bytes(page.head[18:22], "little") + more
    new = _checked(page.head[:18] + (number & 0xFFFFFFFF).to_bytes(4, "little") + page.head[22:], page.body)
    return new.head, new.body


def _checked(head: bytes, body: bytes) -> _Page:
    """Fill in the checksum."""
    blank = head[:22] + bytes(4) + head[26:]
    return _Page(blank[:22] + _checksum(blank + body).to_bytes(4, "little") + blank[26:], body)


@lru_cache(maxsize=1)
def _table() -> tuple[int, ...]:
    rows = []
    for value in range(256):
        rest = value << 24
        for _ in range(8):
            rest = (rest << 1) ^ (0x04C11DB7 if rest & 0x80000000 else 0)
        rows.append(rest & 0xFFFFFFFF)
    return tuple(rows)


def _checksum(content: bytes) -> int:
    """Give the checksum of Ogg: a CRC of 32 bits by 0x04c11db7 from 0, not reflected.

    >>> hex(_checksum(b"123456789"))
    '0x89a1897f'
    """
    table, rest = _table(), 0
    for byte in content:
        rest = (rest << 8 & 0xFFFFFFFF) ^ table[(rest >> 24) ^ byte]
    return rest

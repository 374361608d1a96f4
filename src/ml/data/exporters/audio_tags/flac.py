"""FLAC: the block of comments replaced, the others as they are (RFC 9639 section 8)."""

from __future__ import annotations

from typing import BinaryIO

from ml.data.exporters.audio_tags.comments import Comments, told
from ml.data.exporters.audio_tags.form import Fields, Tags, Unwritable, copied
from ml.data.importers.audio_payload import without_tags

_COMMENTS, _LAST, _INVALID = 4, 0x80, 127
_MOST = (1 << 24) - 1
_VENDOR = b"ml"


class Flac:
    """See :class:`ml.data.exporters.audio_tags.form.Form`."""

    def read(self, stream: BinaryIO) -> Tags:
        """Read the tag."""
        _, blocks, _ = _taken_apart(stream)
        comments = _comments(blocks)
        tags = comments.tags() if comments else Tags({}, (_VENDOR, b""))
        others = (bytes((kind,)) + content for kind, content in blocks if kind != _COMMENTS)
        return Tags(tags.fields, (*tags.others, *others))

    def rewrite(self, stream: BinaryIO, out: BinaryIO, wanted: Fields) -> None:
        """Copy a file with some fields replaced."""
        start, blocks, end = _taken_apart(stream)
        comments = _comments(blocks)
        new = (comments or Comments(_VENDOR, (), b"")).with_fields(self.told(stream, wanted)).to_bytes()
        if len(new) > _MOST:
            raise Unwritable("its comments are longer than a FLAC file can hold")
        if comments is None:
            blocks.insert(1, (_COMMENTS, new))  # behind the description of the stream, which is always first
        blocks = [(kind, new if kind == _COMMENTS else content) for kind, content in blocks]
        copied(stream, out, 0, start)
        out.write(b"fLaC")
        for place, (kind, content) in enumerate(blocks):
            last = _LAST if place == len(blocks) - 1 else 0
            out.write(bytes((kind | last,)) + len(content).to_bytes(3) + content)
        copied(stream, out, end)

    def told(self, _stream: BinaryIO, wanted: Fields) -> Fields:
        """Give the texts as they are written."""
        return told(wanted)


def _comments(blocks: list[tuple[int, bytes]]) -> Comments | None:
    found = [content for kind, content in blocks if kind == _COMMENTS]
    if len(found) > 1:
        raise Unwritable("it has several blocks of comments")
    return Comments.parse(found[0]) if found else None


def _taken_apart(stream: BinaryIO) -> tuple[int, list[tuple[int, bytes]], int]:
    """Give where it begins, its blocks of metadata by kind, and where the sound begins."""
    start, _ = without_tags(stream)
    stream.seek(start + 4)
    blocks: list[tuple[int, bytes]] = []
    while True:
        header = stream.read(4)
        size = int.from_bytes(header[1:])
        content = stream.read(size)
        if len(header) < 4 or len(content) < size or header[0] & ~_LAST == _INVALID:
            raise Unwritable("its blocks of metadata are damaged")
        blocks.append((header[0] & ~_LAST, content))
        if header[0] & _LAST:
            return start, blocks, stream.tell()

"""MP4 and M4A: items of iTunes in ``moov/udta/meta/ilst``.

Where the table of contents lies before the sound and grows, the places that it names grow with it (``stco``, ``co64``).
Not written are files in fragments.

References
----------
ISO/IEC 14496-12; the items as iTunes, and by them Picard, write them
(https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO

from ml.data.exporters.audio_tags.form import Fields, Tags, Unwritable, copied, whole_number

_DAMAGED = "its boxes are damaged"
_TEXT, _NUMBER = 1, 21
_APPLE = b"com.apple.iTunes"
_OWN_ITEMS = {b"tmpo": "tempo", b"\xa9gen": "genre"}
_FREE_ITEMS = {
    "INITIALKEY": "key",
    "REPLAYGAIN_TRACK_GAIN": "gain",
    "REPLAYGAIN_TRACK_PEAK": "peak",
    "MOOD": "mood",
}
_NAMES = {"key": b"initialkey", "gain": b"replaygain_track_gain", "peak": b"replaygain_track_peak", "mood": b"MOOD"}
#: A table of contents is read whole.
_MOST = 1 << 28
# The handler that says that the items are of iTunes.
_HANDLER = bytes(8) + b"mdirappl" + bytes(9)

#: Where the tables of chunks lie, and how many bytes a place in them has.
_TABLES, _WIDTHS = (b"trak", b"mdia", b"minf", b"stbl"), {b"stco": 4, b"co64": 8}
#: So many bytes of a chunk tell whether it is the same.
_BEGINNING = 32
#: From a table of chunks and the bytes of a place to another table.
Change = Callable[[bytes, int], bytes]
#: A box: its type and its content.
Box = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Place:
    """A box of the file: its type, where it begins, where its content does, and where it ends."""

    kind: bytes
    begin: int
    content: int
    end: int


class Mp4:
    """See :class:`ml.data.exporters.audio_tags.form.Form`."""

    def read(self, stream: BinaryIO) -> Tags:
        """Read the tag."""
        moov = _moov(stream)
        fields: dict[str, tuple[str, ...]] = {}
        others = [*_beside(moov), *_chunks(stream, moov)]
        for item in _items(moov):
            field, texts = _meant(item)
            if field is None:
                others.append(item[0] + item[1])
            else:
                fields[field] = fields.get(field, ()) + texts
        return Tags(fields, tuple(others))

    def rewrite(self, stream: BinaryIO, out: BinaryIO, wanted: Fields) -> None:
        """Copy a file with some fields replaced."""
        places = list(_top(stream))
        moov = next(one for one in places if one.kind == b"moov")
        content = _moov(stream)
        items = [item for item in _items(content) if _meant(item)[0] not in wanted]
        items += [_item(field, texts) for field, texts in self.told(stream, wanted).items()]
        new = _with_items(content, items)
        grown = len(new) - len(content) + 8 - (moov.content - moov.begin)
        if any(one.kind == b"mdat" and one.begin > moov.begin for one in places):
            new = _each_table(new, lambda table, width: _table_moved(table, width, moov.end, grown))
        copied(stream, out, 0, moov.begin)
        out.write(_box(b"moov", new))
        copied(stream, out, moov.end)

    def told(self, _stream: BinaryIO, wanted: Fields) -> Fields:
        """Give the texts as they are written."""
        texts = {field: tuple(values) for field, values in wanted.items()}
        if "tempo" in texts:
            texts["tempo"] = tuple(map(whole_number, texts["tempo"]))
        if "gain" in texts:
            texts["gain"] = tuple(f"{value} dB" for value in texts["gain"])
        if "genre" in texts:
            texts["genre"] = ("; ".join(texts["genre"]),)
        return texts


# --- boxes


def _top(stream: BinaryIO) -> Iterator[_Place]:
    end = stream.seek(0, 2)
    at = 0
    while at < end:
        stream.seek(at)
        head = stream.read(16)
        size, begin = int.from_bytes(head[:4]), 8
        if size == 1:
            size, begin = int.from_bytes(head[8:16]), 16
        elif size == 0:
            size = end - at
        if len(head) < 8 or size < begin or at + size > end:
            raise Unwritable(_DAMAGED)
        if head[4:8] in {b"moof", b"mfra", b"sidx"}:
            raise Unwritable("it is an MP4 in fragments, which are not written")
        yield _Place(head[4:8], at, at + begin, at + size)
        at += size


def _moov(stream: BinaryIO) -> bytes:
    found = [one for one in _top(stream) if one.kind == b"moov"]
    if len(found) != 1 or found[0].end - found[0].content > _MOST:
        raise Unwritable("it has no table of contents (moov), or several")
    stream.seek(found[0].content)
    return stream.read(found[0].end - found[0].content)


def _boxes(content: bytes) -> Iterator[Box]:
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        if size == 0 and not content[at:].strip(b"\0"):  # the zeros that may end a udta
            return
        if size < 8 or at + size > len(content):
            raise Unwritable(_DAMAGED)
        yield content[at + 4 : at + 8], content[at + 8 : at + size]
        at += size


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def _child(content: bytes, kind: bytes) -> bytes | None:
    found = [inner for name, inner in _boxes(content) if name == kind]
    if len(found) > 1:
        raise Unwritable(f"it has several boxes {kind.decode('latin-1')}")
    return found[0] if found else None


def _put(content: bytes, kind: bytes, inner: bytes) -> bytes:
    """Replace a box in another, or put it behind the last."""
    boxes = list(_boxes(content))
    if not any(name == kind for name, _ in boxes):
        boxes.append((kind, inner))
    return b"".join(_box(name, inner if name == kind else one) for name, one in boxes)


# --- items


def _items(moov: bytes) -> list[Box]:
    udta = _child(moov, b"udta")
    meta = _child(udta, b"meta") if udta is not None else None
    ilst = _child(_inside(meta), b"ilst") if meta is not None else None
    return list(_boxes(ilst)) if ilst is not None else []


def _inside(meta: bytes) -> bytes:
    """Give the boxes of a ``meta``, which has four bytes of version and flags in front."""
    if meta[4:8] == b"hdlr":
        raise Unwritable("its tag is QuickTime's, which is not written")
    return meta[4:]


def _with_items(moov: bytes, items: list[Box]) -> bytes:
    ilst = b"".join(_box(kind, content) for kind, content in items)
    udta = _child(moov, b"udta") or b""
    meta = _child(udta, b"meta")
    inside = _inside(meta) if meta is not None else _box(b"hdlr", _HANDLER)
    return _put(moov, b"udta", _put(udta, b"meta", bytes(4) + _put(inside, b"ilst", ilst)))


def _meant(item: Box) -> tuple[str | None, tuple[str, ...]]:
    kind, content = item
    boxes = list(_boxes(content))
    data = [inner[8:] for name, inner in boxes if name == b"data"]
    if kind == b"tmpo":
        return "tempo", tuple(str(int.from_bytes(one)) for one in data)
    field = _OWN_ITEMS.get(kind)
    if kind == b"----":
        names = {name: inner[4:].decode("utf-8", "replace") for name, inner in boxes if name in {b"mean", b"name"}}
        field = _FREE_ITEMS.get(names.get(b"name", "").upper()) if names.get(b"mean") == _APPLE.decode() else None
    return field, tuple(one.decode("utf-8", "replace") for one in data) if field else ()


def _item(field: str, texts: tuple[str, ...]) -> Box:
    if field == "tempo":
        return b"tmpo", _data(_NUMBER, int(texts[0]).to_bytes(2))
    data = b"".join(_data(_TEXT, text.encode()) for text in texts)
    if field == "genre":
        return b"\xa9gen", data
    return b"----", _box(b"mean", bytes(4) + _APPLE) + _box(b"name", bytes(4) + _NAMES[field]) + data


def _data(kind: int, content: bytes) -> bytes:
    return _box(b"data", kind.to_bytes(4) + bytes(4) + content)


def _beside(moov: bytes) -> Iterator[bytes]:
    """Give what stands beside the items and the tracks, which is to stay as it is."""
    udta = _child(moov, b"udta") or b""
    meta = _child(udta, b"meta")
    for content, inner in ((moov, {b"udta", b"trak"}), (udta, {b"meta"}), (_inside(meta or b""), {b"ilst", b"hdlr"})):
        yield from (kind + one for kind, one in _boxes(content) if kind not in inner)


# --- places


def _each_table(content: bytes, change: Change, path: tuple[bytes, ...] = _TABLES) -> bytes:
    """Change the tables of chunks (``stco``, ``co64``) of every track."""
    parts = []
    for kind, inner in _boxes(content):
        if path and kind == path[0]:
            parts.append(_box(kind, _each_table(inner, change, path[1:])))
        elif not path and kind in _WIDTHS:
            parts.append(_box(kind, change(inner, _WIDTHS[kind])))
        else:
            parts.append(_box(kind, inner))
    return b"".join(parts)


def _places_in(table: bytes, width: int) -> list[int]:
    if len(table) != 8 + int.from_bytes(table[4:8]) * width:
        raise Unwritable(_DAMAGED)
    return [int.from_bytes(table[at : at + width]) for at in range(8, len(table), width)]


def _table_moved(table: bytes, width: int, beyond: int, by: int) -> bytes:
    moved = [place + by if place >= beyond else place for place in _places_in(table, width)]
    if any(place >= 1 << 8 * width for place in moved):
        raise Unwritable("it is too long for its table of contents")
    return table[:8] + b"".join(place.to_bytes(width) for place in moved)


def _chunks(stream: BinaryIO, moov: bytes) -> list[bytes]:
    """Give the tracks without the places of their chunks, and how the chunks that are there begin."""
    digest = blake2b()

    def blank(table: bytes, width: int) -> bytes:
        for place in _places_in(table, width):
            stream.seek(place)
            digest.update(stream.read(_BEGINNING))
        return table[:8]

    tracks = [one for kind, one in _boxes(_each_table(moov, blank)) if kind == b"trak"]
    return [*tracks, digest.digest()]

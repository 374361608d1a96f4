"""ID3v2.3 and 2.4 in front of MP3 and AAC.

Frames are kept as they are, with their headers. Not written are tags of version 2.2, with an extended header, and with
a footer.

References
----------
id3.org: ID3v2.3.0 (1999), ID3v2.4.0 structure and frames (2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from ml.data.exporters.audio_tags.form import Fields, Tags, Unwritable, copied, whole_number

_PADDING = 1024
_HEADER = 10
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
# A frame's text as it is: none of compression, encryption, grouping, unsynchronisation, data length.
_PLAIN_FLAGS = {3: 0x00E0, 4: 0x004F}
_FRAMES = {"TBPM": "tempo", "TKEY": "key", "TCON": "genre", "TMOO": "mood"}
_DESCRIBED = {"REPLAYGAIN_TRACK_GAIN": "gain", "REPLAYGAIN_TRACK_PEAK": "peak", "MOOD": "mood"}
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag taken apart: its version, its frames with headers, and where it ends; version 0 where there is none."""

    version: int
    flags: int
    frames: tuple[bytes, ...]
    end: int


class Id3:
    """See :class:`ml.data.exporters.audio_tags.form.Form`."""

    def read(self, stream: BinaryIO) -> Tags:
        """Read the tag."""
        tag = _taken_apart(stream)
        found: dict[str, tuple[str, ...]] = {}
        others = []
        for frame in tag.frames:
            field, texts = _meant(frame, tag.version)
            if field is None:
                others.append(frame)
            else:
                found[field] = found.get(field, ()) + texts
        return Tags(found, tuple(others))

    def rewrite(self, stream: BinaryIO, out: BinaryIO, wanted: Fields) -> None:
        """Copy a file with some fields replaced."""
        tag = _taken_apart(stream)
        version = tag.version or 3
        kept = [frame for frame in tag.frames if _meant(frame, version)[0] not in wanted]
        new = [_frame(field, texts, version) for field, texts in self.told(stream, wanted).items()]
        body = b"".join((*kept, *new)) + b"\0" * _PADDING
        out.write(b"ID3" + bytes((version, 0, tag.flags)) + _synchsafe(len(body)) + body)
        copied(stream, out, tag.end)

    def told(self, stream: BinaryIO, wanted: Fields) -> Fields:
        """Give the texts as they are written: several are several strings in 2.4, and 2.3 knows one."""
        several = _taken_apart(stream).version == 4
        texts = {field: tuple(values) if several else ("; ".join(values),) for field, values in wanted.items()}
        if "tempo" in texts:
            texts["tempo"] = tuple(map(whole_number, texts["tempo"]))
        if "gain" in texts:
            texts["gain"] = tuple(f"{value} dB" for value in texts["gain"])
        return texts


def _taken_apart(stream: BinaryIO) -> _Tag:
    stream.seek(0)
    head = stream.read(_HEADER)
    if not head.startswith(b"ID3"):
        return _Tag(0, 0, (), 0)
    version, flags = head[3], head[5]
    if version not in _PLAIN_FLAGS:
        raise Unwritable(f"its tag is ID3v2.{version}, which is not written")
    if flags & (_EXTENDED | _FOOTER):
        raise Unwritable("its ID3 tag has an extended header or a footer, which are not written")
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    body = stream.read(size)
    if len(body) < size or max(head[6:]) > 0x7F:
        raise Unwritable("its ID3 tag is damaged")
    if version == 3 and flags & _UNSYNCHRONISED:  # in 2.4, each frame for itself
        body, flags = body.replace(b"\xff\x00", b"\xff"), flags & ~_UNSYNCHRONISED
    for width in (7, 8) if version == 4 else (8,):  # some writers of 2.4 had sizes of 2.3
        frames = _frames(body, width)
        if frames is not None:
            return _Tag(version, flags, frames, _HEADER + size)
    raise Unwritable("its ID3 tag is damaged")


def _frames(body: bytes, width: int) -> tuple[bytes, ...] | None:
    """Cut a tag into frames; None where that does not come out even."""
    found, at = [], 0
    while at + _HEADER <= len(body) and body[at]:
        name, size = body[at : at + 4], 0
        for byte in body[at + 4 : at + 8]:
            if width == 7 and byte > 0x7F:
                return None
            size = size << width | byte
        end = at + _HEADER + size
        if not (name.isalnum() and name.upper() == name) or end > len(body) or not size:
            return None
        found.append(body[at:end])
        at = end
    return None if body[at:].strip(b"\0") else tuple(found)


def _meant(frame: bytes, version: int) -> tuple[str | None, tuple[str, ...]]:
    """Tell which field a frame is, and its texts; None where it is none of ours."""
    name = frame[:4].decode("latin-1")
    if name not in _FRAMES and name != "TXXX":
        return None, ()
    if int.from_bytes(frame[8:10]) & _PLAIN_FLAGS[version]:
        return None, ()  # compressed, encrypted or grouped: left alone
    texts = _texts(frame[_HEADER:])
    if name == "TXXX":
        field = _DESCRIBED.get(texts[0].upper()) if texts else None
        return field, texts[1:] if field else ()
    return _FRAMES[name], texts


def _texts(content: bytes) -> tuple[str, ...]:
    if not content or content[0] >= len(_ENCODINGS):
        return ()
    text = content[1:].decode(_ENCODINGS[content[0]], "replace")
    # Each of several strings in UTF-16 may have a mark of its own.
    return tuple(part.removeprefix("\ufeff") for part in text.rstrip("\0").split("\0"))


def _frame(field: str, texts: tuple[str, ...], version: int) -> bytes:
    name = next((name for name, meant in _FRAMES.items() if meant == field), "TXXX")
    name = "TXXX" if (name, version) == ("TMOO", 3) else name  # 2.3 has no frame for moods
    described = [key for key, meant in _DESCRIBED.items() if meant == field and name == "TXXX"]
    text = "\0".join((*described, *texts))
    encoding = 0 if text.isascii() else 1
    content = bytes((encoding,)) + text.encode(_ENCODINGS[encoding])
    size = _synchsafe(len(content)) if version == 4 else len(content).to_bytes(4)
    return name.encode() + size + b"\0\0" + content


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))

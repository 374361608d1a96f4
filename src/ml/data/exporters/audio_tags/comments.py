"""Vorbis comments: a vendor, and lines of ``NAME=text``.

References
----------
Vorbis I, section 5; RFC 7845 section 5.2 (Opus); RFC 9639 section 8.6 (FLAC).
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.data.exporters.audio_tags.form import Fields, Tags, Unwritable

_NAMES = {
    "tempo": "BPM",
    "key": "INITIALKEY",
    "gain": "REPLAYGAIN_TRACK_GAIN",
    "peak": "REPLAYGAIN_TRACK_PEAK",
    "genre": "GENRE",
    "mood": "MOOD",
}
_FIELDS = {name: field for field, name in _NAMES.items()} | {"TEMPO": "tempo", "KEY": "key"}
#: Opus: 256ths of a dB to -23 LUFS, and no peak.
_OPUS_NAMES = {field: name for field, name in _NAMES.items() if field != "peak"} | {"gain": "R128_TRACK_GAIN"}
_OPUS_FIELDS = {name: field for field, name in _OPUS_NAMES.items()} | {"TEMPO": "tempo", "KEY": "key"}
_OPUS_OFFSET_DB, _PER_DB, _LOWEST, _HIGHEST = -5.0, 256, -(1 << 15), (1 << 15) - 1


@dataclass(frozen=True, slots=True)
class Comments:
    """A comment header taken apart.

    Parameters
    ----------
    vendor : bytes
    lines : tuple of bytes
    rest : bytes
        What stands behind: the framing bit of Vorbis, padding and binary data of Opus.
    """

    vendor: bytes
    lines: tuple[bytes, ...]
    rest: bytes

    @classmethod
    def parse(cls, content: bytes) -> Comments:
        """Read a comment header; Unwritable if it is damaged.

        >>> Comments.parse(bytes([1, 0, 0, 0]) + b"v" + bytes([1, 0, 0, 0, 3, 0, 0, 0]) + b"A=b")
        Comments(vendor=b'v', lines=(b'A=b',), rest=b'')
        """
        vendor, at = _text(content, 0)
        count = int.from_bytes(content[at : at + 4], "little")
        at += 4
        if count > len(content):
            raise Unwritable("its Vorbis comments are damaged")
        lines = []
        for _ in range(count):
            line, at = _text(content, at)
            lines.append(line)
        return cls(vendor, tuple(lines), content[at:])

    def to_bytes(self) -> bytes:
        """Write it."""
        parts = (_long(len(line)) + line for line in self.lines)
        return _long(len(self.vendor)) + self.vendor + _long(len(self.lines)) + b"".join(parts) + self.rest

    def tags(self, *, opus: bool = False) -> Tags:
        """Tell fields from others."""
        fields: dict[str, tuple[str, ...]] = {}
        others = [self.vendor, self.rest]
        for line in self.lines:
            field = _field(line, opus=opus)
            if field is None:
                others.append(line)
            else:
                fields[field] = (*fields.get(field, ()), line.partition(b"=")[2].decode("utf-8", "replace"))
        return Tags(fields, tuple(others))

    def with_fields(self, texts: Fields, *, opus: bool = False) -> Comments:
        """Replace some fields by texts as :func:`told` gives them."""
        names = _OPUS_NAMES if opus else _NAMES
        kept = [line for line in self.lines if _field(line, opus=opus) not in texts]
        new = [f"{names[field]}={text}".encode() for field, values in texts.items() for text in values]
        return Comments(self.vendor, (*kept, *new), self.rest)


def told(wanted: Fields, *, opus: bool = False) -> Fields:
    """Give the texts as they are written.

    >>> told({"gain": ("-6.50",), "peak": ("0.9",)}), told({"gain": ("-6.50",), "peak": ("0.9",)}, opus=True)
    ({'gain': ('-6.50 dB',), 'peak': ('0.9',)}, {'gain': ('-2944',)})
    """
    texts = {field: tuple(values) for field, values in wanted.items() if not opus or field in _OPUS_NAMES}
    if "gain" in texts:
        texts["gain"] = tuple(_opus_gain(value) if opus else f"{value} dB" for value in texts["gain"])
    return texts


def _opus_gain(decibels: str) -> str:
    return str(max(_LOWEST, min(_HIGHEST, round(_PER_DB * (float(decibels) + _OPUS_OFFSET_DB)))))


def _field(line: bytes, *, opus: bool) -> str | None:
    name = line.partition(b"=")[0].decode("latin-1").upper()
    return (_OPUS_FIELDS if opus else _FIELDS).get(name)


def _text(content: bytes, at: int) -> tuple[bytes, int]:
    begin = at + 4
    end = begin + int.from_bytes(content[at:begin], "little")
    if begin > len(content) or end > len(content):
        raise Unwritable("its Vorbis comments are damaged")
    return content[begin:end], end


def _long(number: int) -> bytes:
    return number.to_bytes(4, "little")

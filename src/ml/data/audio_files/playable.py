"""Which files browsers play as they are, by their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from ml.data.audio_files.forms import form_of

#: What every browser plays; anything else is written anew as the last.
WAV, MP3, OGG, MP4, FLAC = "audio/wav", "audio/mpeg", "audio/ogg", "audio/mp4", "audio/flac"
_HEAD = 1 << 16
#: Numbers of wave formats that are samples as they are: whole ones, real ones, either.
_PLAIN_WAVE = {1, 3, 0xFFFE}
_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")


def media_type(file: Path) -> str | None:
    """Give the media type of a file that browsers play; None where it has to be written anew for them.

    Raises
    ------
    OSError
    """
    with file.open("rb") as stream:
        form = form_of(stream)
        stream.seek(0)
        head = stream.read(_HEAD)
        if form == "wav":
            return WAV if head.startswith(b"RIFF") and _wave_format(head) in _PLAIN_WAVE else None
        if form == "ogg":
            return OGG if any(codec in head[:256] for codec in _OGG_CODECS) else None
        if form == "mp4":
            return MP4 if _first_codec(stream) == b"mp4a" else None
    return {"mp3": MP3, "flac": FLAC}.get(form or "")


def _wave_format(head: bytes) -> int | None:
    place = head.find(b"fmt ", 12)
    return int.from_bytes(head[place + 8 : place + 10], "little") if place >= 0 else None


def _first_codec(stream: BinaryIO) -> bytes | None:
    """Read which codec the first track of an MP4 has, from its box ``moov``, wherever that lies."""
    stream.seek(0, 2)
    end, at = stream.tell(), 0
    while at + 8 <= end:
        stream.seek(at)
        head = stream.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if head[4:8] == b"moov":
            stream.seek(at)
            box = stream.read(min(size or end, end - at, 1 << 24))
            place = box.find(b"stsd")
            # Its version, how many there are, the size of the first: four bytes each, then the codec.
            return box[place + 16 : place + 20] if place >= 0 else None
        if size < 8:
            return None
        at += size
    return None

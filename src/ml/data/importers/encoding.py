"""The content of a text file as UTF-8, whatever it is written in.

Conventions
-----------
- A byte order mark tells the encoding; without one it is what the user said, else UTF-8.
- What comes out is UTF-8 *as far as the file is*: bytes that are not valid stay invalid, so
  that the reader can refuse exactly the row they stand in.
- A file that knows only carriage returns is read as if they were line feeds.
- Small texts of unknown origin (lyrics, old playlists) are decoded by trial: UTF-8, then
  Windows-1252, then Latin-1.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from ml.data.importers.source import HARMLESS_BYTES, HEAD_BYTES, MAX_RATIO, MAX_UNPACKED_BYTES, Entry
from ml.foundation.errors import BadInput

CHUNK_BYTES = 4 << 20

# The longer marks first: the mark of UTF-16 begins that of UTF-32.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def utf8_chunks(entry: Entry, *, encoding: str | None = None, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Read a file as UTF-8, without byte order mark; ``.gz`` is unpacked.

    Parameters
    ----------
    entry : Entry
    encoding : str, optional
        The file's encoding, as Python names it.
    size : int >= 4
        Bytes of one chunk, as the file has them.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read, if the encoding is unknown, or if a ``.gz`` is
        damaged or unpacks to an absurd size.
    """
    given = _text_codec(encoding) if encoding else None
    found = False
    try:
        with entry.open() as raw:
            chunks = _unpacked(raw, entry, size) if entry.suffix == ".gz" else iter(lambda: raw.read(size), b"")
            for chunk in _as_utf8(chunks, given):
                found = True
                yield chunk
    except OSError as error:
        raise BadInput(f"{entry.name}: cannot be read ({error})", "check that the file can be read") from error
    if not found:
        raise BadInput(
            f"{entry.name}: the file is empty",
            "export or download it again",
            code="empty_file",
            values={"name": entry.name},
        )


def utf8_head(entry: Entry) -> bytes:
    """Give the beginning of a file as UTF-8, for guessing what it is; empty where it cannot be read."""
    head = entry.head
    if entry.suffix == ".gz":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return b""
    return b"".join(_as_utf8(iter([head]), None))


def head_text(entry: Entry) -> str:
    """Give the beginning of a file as text, as :func:`utf8_head` does."""
    return utf8_head(entry).decode(errors="replace")


def decode_text(content: bytes) -> str:
    """Decode a small text: by its byte order mark, else by trial.

    >>> decode_text("Jóga".encode("latin-1")), decode_text("Jóga".encode("utf-16"))
    ('Jóga', 'Jóga')
    """
    bom, codec = _marked(content)
    return content[len(bom) :].decode(codec, "replace") if bom else decode_line(content)


def decode_line(line: bytes) -> str:
    """Decode a line of a file whose lines may be of different origins, by trial.

    >>> decode_line("It’s".encode("cp1252")), decode_line("坂本".encode())
    ('It’s', '坂本')
    """
    for trial in ("utf-8", "cp1252"):
        try:
            return line.decode(trial)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _marked(content: bytes) -> tuple[bytes, str]:
    return next(((bom, codec) for bom, codec in _BOMS if content.startswith(bom)), (b"", "utf-8"))


def _as_utf8(chunks: Iterator[bytes], given: str | None) -> Iterator[bytes]:
    first = next(chunks, b"")
    bom, marked = _marked(first)
    # Who says utf-16 leaves the order of bytes to the mark; without one it is that of most machines.
    codec = marked if not given or (bom and marked.startswith(given)) else _UNMARKED.get(given, given)
    return _line_feeds(_transcoded(chain([first[len(bom) :]], chunks), codec))


def _transcoded(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Give the text as UTF-8, never an empty chunk."""
    if codec == "utf-8":
        yield from filter(None, chunks)
        return
    decoder = codecs.getincrementaldecoder(codec)(errors=_INVALID)
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode(errors=_INVALID)
    if rest := decoder.decode(b"", final=True):
        yield rest.encode(errors=_INVALID)


def _keep_invalid(error: UnicodeError) -> tuple[str | bytes, int]:
    """Carry what cannot be decoded through a text, as half a character that is no valid one, and out again."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return b"\xff", error.end
    raise error


_INVALID = "ml.invalid"
codecs.register_error(_INVALID, _keep_invalid)


def _line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for chunk in chunks:
        head += chunk
        if b"\n" in head or len(head) >= HEAD_BYTES:
            break
    look = head[:HEAD_BYTES]
    only_returns = b"\r" in look.rstrip(b"\r") and b"\n" not in look
    for chunk in chain([head] if head else [], chunks):
        yield chunk.replace(b"\r", b"\n") if only_returns else chunk


def _unpacked(raw: IO[bytes], entry: Entry, size: int) -> Iterator[bytes]:
    total = 0
    limit = min(MAX_UNPACKED_BYTES, max(HARMLESS_BYTES, MAX_RATIO * entry.size_bytes))
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            while chunk := stream.read(size):
                total += len(chunk)
                if total > limit:
                    raise BadInput(
                        f"{entry.name}: unpacks from {entry.size_bytes:,} to more than {limit:,} bytes;"
                        " it is taken for a bomb",
                        "if you trust it, unpack it yourself and import the result",
                    )
                yield chunk
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadInput(f"{entry.name}: the .gz is damaged ({error})", "make or download it again") from error


def _text_codec(name: str) -> str:
    try:
        "a".encode(name)
        codec = codecs.lookup(name).name
        codecs.getincrementaldecoder(codec)(errors="replace").decode(b"a")
    except (LookupError, ValueError) as error:
        raise BadInput(
            f"encoding {name!r} is unknown",
            "examples: cp1252, latin-1, utf-16, shift_jis",
            code="encoding_unknown",
            values={"name": name},
        ) from error
    return "utf-8" if codec in ("utf-8", "utf-8-sig") else codec

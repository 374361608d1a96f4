"""XSPF playlists: XML, read as a stream.

Conventions
-----------
``duration`` is milliseconds; ``line`` counts the ``<track>`` elements from 1. Elements
are known by their local names, so files without the namespace are read too. The list's ``annotation`` is its
description; of the rest, elements that hold text alone are kept (:data:`TRACK_TEXTS`, :data:`PLAYLIST_TEXTS`),
``link``, ``meta``, ``attribution`` and ``extension`` are not read. A file that
declares entities is refused: no playlist needs them, and they are how XML attacks its readers.

References
----------
https://www.xspf.org/spec
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from ml.data.importers.identifiers import playlist_outside_id
from ml.data.importers.jspf import make_entry
from ml.data.importers.playlist_entry import PlaylistHeader, PlaylistPart
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

MAX_TEXT = 1 << 16
_BLOCK = 1 << 16
_TRACK = ("playlist", "trackList", "track")
#: Elements of a list and of a track that are kept as they are.
PLAYLIST_TEXTS = ("creator", "info", "image", "date", "license")
TRACK_TEXTS = ("annotation", "info", "image", "trackNum")
_OWN = ("title", "creator", "album", "duration", "identifier", "location")
_FIELDS = frozenset({*_OWN, *PLAYLIST_TEXTS, *TRACK_TEXTS})


def read_xspf(entry: Entry) -> Iterator[PlaylistPart]:
    """Read an XSPF file in one pass.

    Raises
    ------
    BadInput
        If it is not well-formed XML, declares entities, or is not a playlist. The entries
        before the fault were already given.
    """
    reader = _Reader(entry.name, entry.path.parent if entry.path else None)
    with entry.open() as stream:
        while block := stream.read(_BLOCK):
            fault = reader.feed(block)
            yield from reader.take()
            if fault:
                raise fault
    fault = reader.feed(b"", final=True)
    yield from reader.take()
    if fault:
        raise fault


class _Reader:
    """Turns the events of the parser into parts of a playlist."""

    def __init__(self, file: str, folder: Path | None) -> None:
        self._file, self._folder = file, folder
        self._open: list[str] = []
        self._text: list[str] = []
        self._text_length = 0
        self._fields: dict[str, list[str]] = {}
        self._tracks = 0
        self._done: deque[PlaylistPart] = deque()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse_entity

    def feed(self, block: bytes, *, final: bool = False) -> BadInput | None:
        """Parse a block; give the fault that ends the reading, if there is one."""
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            return BadInput(f"{self._file}:{error.lineno}: not well-formed XML ({reason})", "export the playlist again")
        except (ValueError, LookupError) as error:  # an encoding that Python cannot give to the parser
            return BadInput(f"{self._file}: its encoding cannot be read ({error})", "save the playlist as UTF-8")
        except BadInput as error:
            return error
        return None

    def take(self) -> Iterator[PlaylistPart]:
        """Give the parts that are complete."""
        while self._done:
            yield self._done.popleft()

    def _refuse_entity(self, name: str, *_rest: object) -> None:
        raise BadInput(
            f"{self._file}:{self._parser.CurrentLineNumber}: declares the XML entity {name!r}; playlists have none",
            "do not trust this file",
        )

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._open.append(name.rpartition(" ")[2])
        self._text.clear()
        self._text_length = 0
        if self._open == ["playlist"] or len(self._open) > 1:
            return
        raise BadInput(f"{self._file}: the XML is <{self._open[0]}>, not <playlist>", "is it another kind of file?")

    def _characters(self, text: str) -> None:
        if self._open[-1] not in _FIELDS:
            return
        self._text.append(text)
        self._text_length += len(text)
        if self._text_length > MAX_TEXT:
            line = self._parser.CurrentLineNumber
            raise BadInput(f"{self._file}:{line}: a text of more than {MAX_TEXT:,} characters; no playlist has that")

    def _end(self, _name: str) -> None:
        path, text = tuple(self._open), "".join(self._text).strip()
        self._open.pop()
        if path[:-1] == ("playlist",) and text and (header := _header(path[-1], text)):
            self._done.append(header)
        elif path[:-1] == _TRACK and path[-1] in _FIELDS and text:
            self._fields.setdefault(path[-1], []).append(text)
        elif path == _TRACK:
            self._end_track()
        self._text.clear()

    def _end_track(self) -> None:
        self._tracks += 1
        fields, self._fields = self._fields, {}
        first = {name: values[0] for name, values in fields.items()}
        others = [name for name in TRACK_TEXTS if name in first]
        self._done.append(
            make_entry(
                title=first.get("title"),
                artist=first.get("creator"),
                album=first.get("album"),
                duration=first.get("duration"),
                identifiers=fields.get("identifier", []),
                locations=fields.get("location", []),
                folder=self._folder,
                file=self._file,
                number=self._tracks,
                extra={name: _number(first[name]) if name == "trackNum" else first[name] for name in others},
            )
        )


def _header(name: str, text: str) -> PlaylistHeader | None:
    """Read an element of the list itself."""
    if name == "title":
        return PlaylistHeader(name=text)
    if name == "annotation":
        return PlaylistHeader(description=text)
    if name == "identifier":
        own_id = playlist_outside_id(text)
        return PlaylistHeader(playlist_id=own_id) if own_id else PlaylistHeader(extra={"identifier": text})
    return PlaylistHeader(extra={name: text}) if name in PLAYLIST_TEXTS else None


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text

"""Which albums have which picture: one JSON file beside the index of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from ml.foundation.atomic import replace_text
from ml.intelligent_search.covers.results import Album

VERSION = 1
_FILE = "catalogue.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """An album in the catalogue.

    Parameters
    ----------
    album : Album
    picture : str
        Hash of the picture.
    stamp : str
        Of the file it is from, see :meth:`~ml.intelligent_search.covers.scanning.CoverSource.stamp`; empty for a
        picture that was given.
    place : str
        The folder or table that was scanned; empty likewise.
    """

    album: Album
    picture: str
    stamp: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Albums by id, and the palette of each picture by its hash."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    palettes: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def pictures(self) -> frozenset[str]:
        """The hashes of all pictures."""
        return frozenset(entry.picture for entry in self.entries.values())

    def albums_of(self) -> dict[str, list[Album]]:
        """List the albums of each picture."""
        found: dict[str, list[Album]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.picture, []).append(entry.album)
        return found

    def write(self, folder: Path) -> None:
        """Write it, whole or not at all."""
        rows = [
            [e.album.id, e.album.name, e.album.artist, e.album.path, e.picture, e.stamp, e.place]
            for e in self.entries.values()
        ]
        palettes = {name: np.round(self.palettes[name].astype(float), 4).tolist() for name in sorted(self.pictures)}
        text = orjson.dumps({"version": VERSION, "albums": rows, "palettes": palettes}).decode()
        replace_text(folder / _FILE, text)

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """Read it; an empty one where there is none, or one that cannot be read."""
        try:
            said = orjson.loads((folder / _FILE).read_bytes())
            if said["version"] != VERSION:
                return cls()
            entries = {}
            for row in said["albums"]:
                one, name, artist, path, picture, stamp, place = row
                if not all(isinstance(text, str) for text in (one, name, picture, stamp, place)):
                    return cls()
                entries[one] = Entry(Album(one, name, artist, path), picture, stamp, place)
            palettes = {
                name: np.array(rows, dtype=np.float32).reshape(-1, 4) for name, rows in said["palettes"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()
        known = {one: entry for one, entry in entries.items() if entry.picture in palettes}
        return cls(known, palettes)

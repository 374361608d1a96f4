"""How a playlist names the files it holds: absolute, or relative to a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ml.data.exporters.cleaning import UNSAFE
from ml.data.importers.locations import is_url, is_windows_path


@dataclass(frozen=True, slots=True)
class Places:
    """What paths are written relative to.

    Parameters
    ----------
    base : Path or None
        An absolute folder, for readers to find the files the playlist's own; None writes absolute paths.
    upward : bool
        Whether files outside the folder are relative to it too (``../other/song.mp3``).

    Examples
    --------
    >>> Places(Path("/music/lists"), upward=True).plain("/music/a/song.mp3")
    '../a/song.mp3'
    >>> Places(Path("/music/lists")).plain("/music/a/song.mp3"), Places().plain("/music/lists/#1.mp3")
    ('/music/a/song.mp3', '/music/lists/#1.mp3')
    """

    base: Path | None = None
    upward: bool = False

    def plain(self, path: str) -> str:
        """Write a location as a line of text."""
        if is_url(path) or is_windows_path(path):
            return UNSAFE.sub("", path)
        place = self._relative(path)
        if place != place.strip() or place != UNSAFE.sub(" ", place) or ("\\" in place and place.startswith("/")):
            return Path(path).absolute().as_uri()
        # "./" keeps a number sign from looking like a comment, a colon like a scheme, a backslash like Windows.
        return f"./{place}" if place.startswith("#") or "\\" in place or is_url(place) else place

    def uri(self, path: str) -> str:
        """Write a location as a reference that XSPF and JSPF take."""
        if is_url(path):
            return UNSAFE.sub("", path)
        if is_windows_path(path):
            return "file:///" + quote(path.replace("\\", "/"), safe="/:")
        place = self._relative(path)
        if place.startswith("/"):
            return Path(place).as_uri()
        return ("./" if {":", "\\"} & set(place) or place != place.strip() else "") + quote(os.fsencode(place))

    def _relative(self, path: str) -> str:
        absolute = Path(path).absolute()
        if self.base is None:
            return str(absolute)
        if self.upward:
            return Path(os.path.relpath(absolute, self.base)).as_posix()
        return absolute.relative_to(self.base).as_posix() if absolute.is_relative_to(self.base) else str(absolute)

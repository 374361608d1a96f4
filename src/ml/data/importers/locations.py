"""Where a sound lies: paths and URLs as playlists write them.

Conventions
-----------
A relative location is resolved against the playlist's folder; where that is unknown (inside
an archive) it stays as written. A drive letter makes no URL.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

# A scheme of two letters or more: "C:\Music" is a Windows path, no URL.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_WINDOWS_ROOT = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def is_url(location: str) -> bool:
    """Tell a URL from a path; a drive letter makes no URL."""
    return _SCHEME.match(location) is not None


def is_windows_path(location: str) -> bool:
    """Tell whether a path begins at a drive letter or a network share."""
    return _WINDOWS_ROOT.match(location) is not None


def resolve_path(location: str, folder: Path | None) -> str:
    """Give the absolute path of a location, or the URL as it is.

    Parameters
    ----------
    location : str
        A path, a ``file:`` URL or another URL.
    folder : Path or None
        Where the playlist lies; None leaves relative paths as they are.

    Examples
    --------
    >>> resolve_path("../a/song.mp3", Path("/music/lists"))
    '/music/a/song.mp3'
    >>> resolve_path("file:///music/caf%C3%A9.mp3", None)
    '/music/café.mp3'
    """
    if location.lower().startswith("file:"):
        location = _file_url_path(location)
    elif is_url(location):
        return location
    if is_windows_path(location):
        return location
    if "\\" in location and "/" not in location:
        location = location.replace("\\", "/")
    if folder is None:
        return location
    return os.path.normpath(folder / location)


def _file_url_path(url: str) -> str:
    # Not urlsplit: a file name may hold "#" and "?" that careless writers leave unescaped.
    rest = url[len("file:") :]
    if rest.startswith("//"):
        _host, slash, tail = rest[2:].partition("/")
        rest = slash + tail
    path = os.fsdecode(unquote_to_bytes(rest))
    # file:///C:/Music is a Windows path behind a slash.
    return path[1:] if path.startswith("/") and _WINDOWS_ROOT.match(path[1:]) else path


def relative_url_path(location: str) -> str:
    """Undo the percent-encoding of a URI reference without a scheme; anything else stays.

    XSPF and JSPF locations are URIs, so ``a%20b.mp3`` beside the playlist is ``a b.mp3``.
    """
    if is_url(location) or is_windows_path(location):
        return location
    return os.fsdecode(unquote_to_bytes(location))


def storable(text: str) -> bool:
    """Tell whether a text can be stored: file names need not be valid UTF-8."""
    return not any("\ud800" <= mark <= "\udfff" for mark in text)

"""Where the cover of an audio file is: inside it, or beside it."""

from __future__ import annotations

from pathlib import Path

from tinytag import TinyTag, TinyTagException

#: Names of pictures beside audio files, the likeliest cover first, and their suffixes.
PICTURE_STEMS = ("cover", "folder", "front", "album", "albumart", "artwork")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")


def embedded_pictures(path: Path) -> list[bytes]:
    """Give the pictures that an audio file holds: the front cover first; none where its tags cannot be read.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            images = TinyTag.get(file_obj=stream, image=True, duration=False).images
    except (TinyTagException, ValueError):
        return []
    front = images.front_cover
    first = [front.data] if front is not None and front.data else []
    other = images.any
    return first or ([other.data] if other is not None and other.data else [])


def picture_beside(folder: Path) -> Path | None:
    """Find the picture of a folder that is its cover, by its name.

    Raises
    ------
    OSError
        If the folder cannot be read.
    """
    found = []
    for path in folder.iterdir():
        stem = path.stem.lower()
        if path.suffix.lower() in PICTURE_SUFFIXES and stem in PICTURE_STEMS and not path.name.startswith("."):
            found.append((PICTURE_STEMS.index(stem), path.name, path))
    return min(found)[2] if found else None

"""The picture on its way to the disk: as PNG, as SVG, or as a page with it and the tracks."""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files
from pathlib import Path

from ml.data.exporters.whole_file import whole_file
from ml.foundation.counting import minutes_of
from ml.pages import writing
from ml.playlist_generator.picture.drawing import draw
from ml.playlist_generator.results import Playlist

SUFFIXES = (".html", ".htm", ".png", ".svg")


def check(path: Path) -> None:
    """Refuse a picture that could not be written, before the list is made.

    Raises
    ------
    BadInput, MissingExtra
    """
    writing.check(path, SUFFIXES)


def write_picture(playlist: Playlist, path: Path, *, title: str) -> None:
    """Write a picture, whole or not at all; what was there under the name is replaced.

    Parameters
    ----------
    playlist : Playlist
        With at least one track.
    path : Path
        A PNG, an SVG or a page, by its suffix.
    title : str
        Of the page.

    Raises
    ------
    BadInput, DiskFull, MissingExtra
    """
    check(path)
    if path.suffix.lower() in (".png", ".svg"):
        with whole_file(path) as unfinished:
            unfinished.write_bytes(draw(playlist, path.suffix.lower()[1:]))
    else:
        writing.write(page(playlist, title), path)


def page(playlist: Playlist, title: str) -> str:
    """Give the page as text."""
    template = files("ml.playlist_generator.picture").joinpath("page.html.j2").read_text(encoding="utf-8")
    image = b64encode(draw(playlist, "png")).decode()
    return (
        writing.environment()
        .from_string(template)
        .render(playlist=playlist, title=title, css=writing.style(), image=image, minutes_of=minutes_of)
    )

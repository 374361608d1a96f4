"""A page on its way to the disk."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ml.data.exporters.whole_file import check_folder, whole_file
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

if TYPE_CHECKING:
    from jinja2 import Environment

_SUFFIXES = (".html", ".htm")


def check(path: Path, suffixes: tuple[str, ...] = _SUFFIXES) -> None:
    """Refuse a page that could not be written, before the work that it would tell of is begun.

    Raises
    ------
    BadInput
        If the name is no page's, or its folder is missing or may not be written.
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    if path.is_dir():
        raise BadInput(f"{path}: is a folder", f"name a file in it: {shlex.quote(str(path / 'report.html'))}")
    # Whatever is there under the name is replaced: it must not be somebody's data.
    if path.suffix.lower() not in suffixes:
        what = "a page" if suffixes == _SUFFIXES else "a page or picture"
        raise BadInput(f"{path}: is not the name of {what}", f"end it in .html: {shlex.quote(f'{path}.html')}")
    check_folder(path)
    with extra("report"):
        import jinja2  # noqa: F401
        import matplotlib as mpl  # noqa: F401


def write(text: str, path: Path) -> None:
    """Write a page whole or not at all; what was there under the name is replaced.

    Raises
    ------
    BadInput, DiskFull
    """
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def style() -> str:
    """Give the styles that all pages share."""
    return files("ml.pages").joinpath("page.css").read_text(encoding="utf-8")


def environment() -> Environment:
    """Make an environment of templates in which text from outside stays text.

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    with extra("report"):
        from jinja2 import Environment, StrictUndefined
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

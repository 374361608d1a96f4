"""An evaluation as one page for a browser: tables, plots and how to read them.

Conventions
-----------
- The page is one file that fetches nothing and runs nothing: styles and plots are inside it.
- The same evaluation on the same day gives the same bytes.
- Light or dark, as the reader's system is; each plot is there twice, for wide and for narrow screens.
- Whether a model beats the baseline is told by words and by the form of a mark, never by colour alone.
- jinja2 and matplotlib come with the extra ``report``; nothing here imports them before a page is asked for.
"""

from __future__ import annotations

import os
import shlex
from datetime import date
from pathlib import Path

from ml.data.exporters.whole_file import whole_file
from ml.evaluation.report.page import render
from ml.evaluation.results import Evaluation
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

__all__ = ["check", "render", "write"]

_SUFFIXES = (".html", ".htm")


def check(path: Path) -> None:
    """Refuse a page that could not be written, before the work that it would tell of is begun.

    Raises
    ------
    BadInput
        If the name is no page's, or its folder is missing or may not be written.
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    folder = path.parent
    if path.is_dir():
        raise BadInput(f"{path}: is a folder", f"name a file in it: {shlex.quote(str(path / 'report.html'))}")
    # Whatever is there under the name is replaced: it must not be somebody's data.
    if path.suffix.lower() not in _SUFFIXES:
        raise BadInput(f"{path}: is not the name of a page", f"end it in .html: {shlex.quote(f'{path}.html')}")
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder", f"make it first: mkdir -p {shlex.quote(str(folder))}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{folder}: cannot be written", "choose another folder, or change its permissions")
    with extra("report"):
        import jinja2  # noqa: F401
        import matplotlib as mpl  # noqa: F401


def write(found: Evaluation, path: Path, *, on: date, version: str) -> None:
    """Write the page whole or not at all; what was there under the name is replaced.

    Parameters
    ----------
    found : Evaluation
    path : Path
    on : datetime.date
        The day that the page bears.
    version : str
        Of this package.

    Raises
    ------
    BadInput, DiskFull, MissingExtra
    """
    text = render(found, on=on, version=version)
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")

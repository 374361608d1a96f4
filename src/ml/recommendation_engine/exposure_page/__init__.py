"""The exposure of groups of artists as one page for a browser, in the style of all pages (:mod:`ml.pages`).

The same report gives the same bytes; nothing is fetched, nothing runs.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ml.pages import writing
from ml.pages.writing import check
from ml.recommendation_engine.exposure import ExposureReport
from ml.recommendation_engine.exposure_page.layout import render

__all__ = ["check", "render", "write"]


def write(found: ExposureReport, path: Path, *, on: date, version: str, command: str = "") -> None:
    """Write the page whole or not at all; what was there under the name is replaced.

    Parameters
    ----------
    found : ExposureReport
    path : Path
    on : datetime.date
        The day that the page bears.
    version : str
        Of this package.
    command : str
        The line that gives the same again.

    Raises
    ------
    BadInput, DiskFull, MissingExtra
    """
    writing.write(render(found, on=on, version=version, command=command), path)

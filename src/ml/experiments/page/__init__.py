"""What came of an experiment as one page for a browser, in the style of all pages (:mod:`ml.pages`).

The same report gives the same bytes; nothing is fetched, nothing runs.
"""

from __future__ import annotations

from pathlib import Path

from ml.experiments.analysis import Report
from ml.experiments.page.layout import render
from ml.pages import writing
from ml.pages.writing import check

__all__ = ["check", "render", "write"]


def write(found: Report, path: Path, *, version: str) -> None:
    """Write the page whole or not at all; what was there under the name is replaced.

    Parameters
    ----------
    found : Report
    path : Path
    version : str
        Of this package.

    Raises
    ------
    BadInput, DiskFull, MissingExtra
    """
    writing.write(render(found, version=version), path)

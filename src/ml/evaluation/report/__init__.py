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

from datetime import date
from pathlib import Path

from ml.evaluation.report.page import render
from ml.evaluation.results import Evaluation
from ml.pages import writing
from ml.pages.writing import check

__all__ = ["check", "render", "write"]


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
    writing.write(render(found, on=on, version=version), path)

"""The page, laid out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from ml.evaluation.report import findings, plots
from ml.evaluation.report.contents import Contents, Panel
from ml.evaluation.results import Evaluation
from ml.foundation.extras import extra
from ml.pages import writing
from ml.pages.marks import NARROW, SIGNS, WIDE

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = files("ml.evaluation.report")


@dataclass(frozen=True)
class Drawn:
    """A plot with what stands around it.

    Parameters
    ----------
    finding : str
        What it shows, in a sentence.
    wide, narrow : str
        ``svg`` elements.
    panels : list of Panel
        The numbers in it, where they stand nowhere else.
    """

    finding: str
    wide: str
    narrow: str
    panels: list[Panel]


def render(found: Evaluation, *, on: date, version: str) -> str:
    """Give the page as text.

    Parameters
    ----------
    found : Evaluation
    on : datetime.date
        The day that the page bears.
    version : str
        Of this package.

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    contents = Contents(found)
    with extra("report"):
        page = _environment().from_string(_read("page.html.j2"))
        return page.render(
            contents=contents,
            css=writing.style(),
            headline=findings.headline(contents),
            key=[(stands, mark) for stands, mark in SIGNS.items() if contents.those(stands)],
            on=f"{on:%Y-%m-%d}",
            scatter=_scatter(contents),
            activity=_panels(contents.by_activity(), findings.of_activity, contents, name="activity", one_scale=True),
            # On one scale nothing could be told apart in the tail.
            popularity=_panels(
                contents.by_popularity(), findings.of_popularity, contents, name="popularity", one_scale=False
            ),
            version=version,
        )


def _environment() -> Environment:
    environment = writing.environment()
    environment.filters |= {"number": findings.number, "signed": findings.signed, "breakable": _breakable}
    environment.globals |= {"verdict": findings.verdict, "marks": SIGNS}
    return environment


def _breakable(name: str) -> Markup:
    """Let a name break after an underscore, where a column is narrow."""
    from markupsafe import Markup, escape

    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))


def _read(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")


def _scatter(contents: Contents) -> Drawn | None:
    across = contents.dots(contents.novelty)
    if not across:
        return None
    accuracy = {dot.model: dot for dot in contents.dots(contents.ndcg)}
    up = [accuracy[dot.model] for dot in across]
    labels = (f"{contents.novelty}, in bits: less known to the right", f"{contents.ndcg}: more accurate above")
    wide, narrow = (plots.scatter(across, up, labels, size=size) for size in (WIDE, NARROW))
    return Drawn(findings.of_novelty(contents), wide, narrow, [])


def _panels(
    panels: list[Panel],
    finding: Callable[[Contents, list[Panel]], str],
    contents: Contents,
    *,
    name: str,
    one_scale: bool,
) -> Drawn | None:
    if not panels:
        return None
    wide, narrow = (
        plots.panels(panels, contents.recall, name=name, size=size, one_scale=one_scale) for size in (WIDE, NARROW)
    )
    return Drawn(finding(contents, panels), wide, narrow, panels)

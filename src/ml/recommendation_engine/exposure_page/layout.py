"""The page, laid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from math import isnan

from ml.evaluation.exposure_cost import Cost
from ml.foundation.counting import number_of
from ml.foundation.extras import extra
from ml.metrics.significance import Interval
from ml.pages import writing
from ml.pages.marks import ABOVE, BASELINE, BELOW, NARROW, SIGNS, UNCLEAR, WIDE
from ml.recommendation_engine.exposure import ExposureReport, GroupExposure
from ml.recommendation_engine.exposure_page import plots


@dataclass(frozen=True)
class Drawn:
    """A plot with what it shows, in a sentence.

    Parameters
    ----------
    finding : str
    wide, narrow : str
        ``svg`` elements.
    """

    finding: str
    wide: str
    narrow: str


def render(found: ExposureReport, *, on: date, version: str, command: str = "") -> str:
    """Give the page as text.

    Parameters
    ----------
    found : ExposureReport
    on : datetime.date
    version : str
        Of this package.
    command : str
        The line that gives the same again.

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    with extra("report"):
        environment = writing.environment()
        environment.filters |= {"percent": percent, "times": times, "change": change, "span": span}
        environment.globals |= {"stands": stands, "signs": SIGNS, "number_of": number_of}
        text = files("ml.recommendation_engine.exposure_page").joinpath("page.html.j2").read_text(encoding="utf-8")
        return environment.from_string(text).render(
            report=found,
            css=writing.style(),
            headline=headline(found),
            title=title(found),
            marks={"catalogue": SIGNS[BASELINE], "played": SIGNS[UNCLEAR], "lists": SIGNS[ABOVE]},
            shares=_drawn(headline(found), plots.shares, found.groups),
            ratios=_drawn(ratios_said(found), plots.ratios, found.groups),
            curve=_drawn(curve_said(found), plots.curve, found.costs, found.k) if found.costs else None,
            asked=[f"{name} {low:g} … {high:g}" for name, (low, high) in found.asked.items()],
            on=f"{on:%Y-%m-%d}",
            version=version,
            command=command,
        )


def _drawn(finding: str, draw: plots.Draw, *values: object) -> Drawn:
    return Drawn(finding, draw(*values, size=WIDE), draw(*values, size=NARROW))


def title(found: ExposureReport) -> str:
    """Name the page."""
    return "Exposure of head, middle and tail" if found.by == "tail" else f"Exposure by {found.by}"


def headline(found: ExposureReport) -> str:
    """Say in a sentence who is shown: the tail, or the most exposed group."""
    first = found.groups[-1 if found.by == "tail" else 0]
    where = f"in lists of {found.k} by {found.algorithm}"
    name = "the tail" if found.by == "tail" else first.name
    return (
        f"{name} has {percent(first.exposure.mean)} of the exposure {where},"
        f" and {percent(first.history.mean)} of what was played"
    )


def ratios_said(found: ExposureReport) -> str:
    """Say which groups are shown more and less than they were played."""
    above, below = ([each.name for each in found.groups if stands(each) == mark] for mark in (ABOVE, BELOW))
    parts = [f"shown more than they were played: {', '.join(above)}"] * bool(above)
    parts += [f"shown less: {', '.join(below)}"] * bool(below)
    return "; ".join(parts) or "no group is for sure shown more or less than it was played"


def curve_said(found: ExposureReport) -> str:
    """Say what the largest share costs."""
    plain = found.costs[0]
    ends = [max((each for each in found.costs if each.method == method), key=_target) for method in _methods(found)]
    said = [
        f"{each.method}, {percent(each.share.mean)} of the exposure leaves NDCG@{found.k} {each.ndcg.mean:.4f}"
        for each in ends
    ]
    return (
        f"as it is, the tail has {percent(plain.share.mean)} and NDCG@{found.k} is {plain.ndcg.mean:.4f}; "
        + "; ".join(said)
    )


def _target(each: Cost) -> float:
    return each.target


def _methods(found: ExposureReport) -> list[str]:
    return list(dict.fromkeys(each.method for each in found.costs))


def stands(each: GroupExposure) -> str:
    """Give the mark of a group: whether it is shown more or less than it was played, as far as can be told."""
    return ABOVE if each.to_history.low > 1 else BELOW if each.to_history.high < 1 else UNCLEAR


def percent(share: float) -> str:
    """Write a share.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3 %', '–')
    """
    return "–" if isnan(share) else f"{100 * share:.1f} %"


def times(ratio: float) -> str:
    """Write a ratio.

    >>> times(1.234), times(float("nan"))
    ('1.23', '–')
    """
    return "–" if isnan(ratio) else f"{ratio:.2f}"


def change(value: float) -> str:
    """Write a change as a share, with its sign.

    >>> change(-0.05), change(float("nan"))
    ('−5.0 %', '–')
    """
    return "–" if isnan(value) else f"{100 * value:+.1f} %".replace("-", "−")


def span(interval: Interval, form: str = "{:.1f} %", factor: float = 100) -> str:
    """Write the ends of an interval.

    >>> span(Interval(0.2, 0.1, 0.3, 0.95, 9))
    '10.0 % … 30.0 %'
    """
    if isnan(interval.low):
        return ""
    return " … ".join(form.format(factor * end) for end in (interval.low, interval.high)).replace("-", "−")

"""The page, laid out."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import orjson

from ml.experiments.analysis import Day, Report
from ml.experiments.decision import DECIDES, Comparison
from ml.experiments.page import plots
from ml.experiments.page.words import chance, leans, moment, number, percent, stands
from ml.foundation.counting import number_of
from ml.foundation.extras import extra
from ml.pages import writing
from ml.pages.marks import ABOVE, BASELINE, BELOW, NARROW, SIGNS, UNCLEAR, WIDE

_KEY = {
    ABOVE: "better",
    BELOW: "worse, or a broken guardrail",
    BASELINE: "no difference that matters",
    UNCLEAR: "unclear; of a guardrail: held so far",
}


@dataclass(frozen=True)
class Drawn:
    """A plot with what it shows, in a sentence.

    Parameters
    ----------
    finding : str
    wide, narrow : str
        ``svg`` elements.
    variant : str
        Whose course it is; empty for the plot of all changes.
    days : tuple of Day
        The numbers in it.
    """

    finding: str
    wide: str
    narrow: str
    variant: str = ""
    days: tuple[Day, ...] = ()


def render(found: Report, *, version: str) -> str:
    """Give the page as text.

    Parameters
    ----------
    found : Report
    version : str
        Of this package.

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    with extra("report"):
        environment = writing.environment()
        environment.filters |= {"percent": percent, "number": number, "chance": chance, "moment": moment}
        environment.globals |= {"stands": stands, "leans": leans, "signs": SIGNS, "said": _KEY}
        template = files("ml.experiments.page").joinpath("page.html.j2").read_text(encoding="utf-8")
        means = {each.variant: each.control_mean or 0.0 for each in found.comparisons if each.role == DECIDES}
        return environment.from_string(template).render(
            report=found,
            definition=found.experiment.definition,
            css=writing.style(),
            parameters={
                variant.name: orjson.dumps(variant.parameters).decode() if variant.parameters else "as it is"
                for variant in found.experiment.definition.variants
            },
            key=[mark for mark in SIGNS if mark in {stands(each) for each in found.comparisons}],
            changes=_changes(found),
            courses=_courses(found, means) if not found.preferences else _leanings(found),
            means=means or {variant.name: 1.0 for variant in found.experiment.definition.variants},
            preferred=_preferred(found),
            leaning=[mark for mark in SIGNS if mark in {leans(each.preference) for each in found.preferences}],
            version=version,
        )


def _changes(found: Report) -> Drawn | None:
    known = [each for each in found.comparisons if each.relative is not None and each.low != float("-inf")]
    if not known:
        return None
    wide, narrow = (plots.changes(known, size=size) for size in (WIDE, NARROW))
    return Drawn(" ".join(f"{_sentence(each)}." for each in known), wide, narrow)


def _courses(found: Report, means: dict[str, float]) -> list[Drawn]:
    drawn: list[Drawn] = []
    for each in found.comparisons:
        days = tuple(day for day in found.course if day.variant == each.variant)
        if each.role != DECIDES or len(days) < 2 or not means[each.variant]:
            continue
        matters = found.experiment.definition.min_effect
        course = plots.Course(each.variant, days, abs(means[each.variant]), matters)
        wide, narrow = (plots.course(course, number=len(drawn), size=size) for size in (WIDE, NARROW))
        said = f"{_sentence(each)}, after {number_of(len(days), 'day')}."
        drawn.append(Drawn(said, wide, narrow, each.variant, days))
    return drawn


def _preferred(found: Report) -> Drawn | None:
    rows = [each for each in found.preferences if each.preference.first + each.preference.second]
    if not rows:
        return None
    names = [variant.name for variant in found.experiment.definition.variants]
    wide, narrow = (plots.preferences(rows, names, size=size) for size in (WIDE, NARROW))
    said = [
        f"by {each.metric}, {names[1]} is preferred by {100 * each.preference.share:.1f} % of those who are for either"
        for each in rows
    ]
    return Drawn(" ".join(f"{each[:1].upper()}{each[1:]}." for each in said), wide, narrow)


def _leanings(found: Report) -> list[Drawn]:
    """Draw the share of the second ranking day by day."""
    if len(found.course) < 2:
        return []
    variant, last = found.course[0].variant, found.course[-1]
    course = plots.Course(variant, found.course, 1.0, 0.0, "share of listeners for it above one half, in points")
    wide, narrow = (plots.course(course, number=0, size=size) for size in (WIDE, NARROW))
    interval = f"{percent(last.low)} … {percent(last.high)}"
    said = f"The share of listeners for {variant} is {percent(last.difference)} above one half ({interval})."
    return [Drawn(said, wide, narrow, variant, found.course)]


def _sentence(each: Comparison) -> str:
    interval = f"{percent(each.relative_low)} … {percent(each.relative_high)}"
    return f"{each.variant} has {percent(each.relative)} {each.metric} ({interval}): {each.stands}"

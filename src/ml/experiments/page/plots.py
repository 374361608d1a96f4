"""The plots of an experiment's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml.experiments.analysis import Day
from ml.experiments.decision import Comparison
from ml.experiments.page.words import leans, stands
from ml.experiments.results import Preferred
from ml.pages.drawing import PAINTS, add_axes, new_figure, plain_style, to_svg
from ml.pages.marks import Size, mark

_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Course:
    """The metric that decides, day by day.

    Parameters
    ----------
    variant : str
    days : tuple of Day
    mean : float > 0
        Of the control: changes are shares of it.
    matters : float
        The smallest change worth knowing, as a share; 0 draws none.
    said : str
        What is drawn.
    """

    variant: str
    days: tuple[Day, ...]
    mean: float
    matters: float
    said: str = "change in percent"


@dataclass(frozen=True)
class Line:
    """A number with its interval.

    Parameters
    ----------
    name : str
    low, middle, high : float
    mark : str
        One of :mod:`ml.pages.marks`.
    """

    name: str
    low: float
    middle: float
    high: float
    mark: str


def changes(rows: Sequence[Comparison], *, size: Size) -> str:
    """Draw the change of each metric with its interval, one below the other.

    Parameters
    ----------
    rows : sequence of Comparison
        Whose relative change is known.
    size : Size

    Returns
    -------
    str
        An ``svg`` element.
    """
    lines = []
    for each in rows:
        low, middle, high = (100 * float(end or 0) for end in (each.relative_low, each.relative, each.relative_high))
        lines.append(Line(f"{each.metric}, {each.variant}", low, middle, high, stands(each)))
    return _lines(lines, size=size, baseline=0, label="change from the control, in percent", name="changes")


def preferences(rows: Sequence[Preferred], names: Sequence[str], *, size: Size) -> str:
    """Draw the share of listeners who prefer the second of two rankings, by each metric.

    Parameters
    ----------
    rows : sequence of Preferred
        By which somebody is for either.
    names : sequence of str
        Of the two rankings.
    size : Size
    """
    lines = []
    for each in rows:
        low, middle, high = (100 * end for end in (each.preference.low, each.preference.share, each.preference.high))
        lines.append(Line(each.metric, low, middle, high, leans(each.preference)))
    label = f"of 100 listeners who are for either, so many are for {names[1]}"
    return _lines(lines, size=size, baseline=50, label=label, name="preferences")


def _lines(rows: Sequence[Line], *, size: Size, baseline: float, label: str, name: str) -> str:
    step, foot = 1.9 * size.font, 3.8 * size.font
    height = len(rows) * step + foot + 0.6 * size.font
    gutter = max(len(each.name) for each in rows) * 0.56 * size.font + 14
    with plain_style(font_px=size.font):
        figure = new_figure(size.width, height)
        axes = add_axes(figure, gutter, foot, size.width - gutter - 14, height - foot - 0.6 * size.font)
        axes.axvline(baseline, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        for line, each in enumerate(rows):
            axes.plot([each.low, each.high], [line, line], color=PAINTS[each.mark], linewidth=1.6, zorder=2)
            mark(axes, each.middle, line, each.mark)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), [each.name for each in rows])
        axes.tick_params(axis="y", length=0, labelcolor=PAINTS["ink"])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.margins(x=0.06)
        axes.locator_params(axis="x", nbins=4 if size.width < 500 else 8)
        axes.set_xlabel(label, labelpad=6)
        return to_svg(figure, f"{name}-{size.name}")


def course(found: Course, *, number: int, size: Size) -> str:
    """Draw how the change and its interval went, day by day.

    Parameters
    ----------
    found : Course
        With two days at least.
    number : int
        Of the drawing on its page.
    size : Size
    """
    began = found.days[0].at
    days = [1 + (day.at - began) / _DAY_MS for day in found.days]
    middle, low, high = (
        [100 * end / found.mean for end in ends]
        for ends in zip(*((day.difference, day.low, day.high) for day in found.days), strict=True)
    )
    height = min(0.75 * size.width, 300)
    left, bottom = 3.6 * size.font, 4.2 * size.font
    with plain_style(font_px=size.font):
        figure = new_figure(size.width, height)
        axes = add_axes(figure, left, bottom, size.width - left - 8, height - bottom - 2.2 * size.font)
        paint = PAINTS["above" if low[-1] > 0 or high[-1] < 0 else "unclear"]
        axes.fill_between(days, low, high, color=paint, alpha=0.16, linewidth=0)
        for ends in (low, high):
            axes.plot(days, ends, color=paint, linewidth=1)
        axes.plot(days, middle, color=paint, linewidth=2.2)
        axes.axhline(0, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)))
        for edge in (-100 * found.matters, 100 * found.matters) if found.matters else ():
            axes.axhline(edge, color=PAINTS["soft"], linewidth=1, linestyle=(0, (1, 3)))
        # The first intervals are as wide as can be: on their scale nothing else could be seen.
        later = [*low[len(low) // 3 :], *high[len(high) // 3 :], -100 * found.matters, 100 * found.matters]
        span = max(later) - min(later)
        axes.set_ylim(min(later) - 0.08 * span, max(later) + 0.08 * span)
        axes.set_xlim(days[0], days[-1])
        axes.grid(linewidth=0.8)
        axes.set_axisbelow(True)
        axes.locator_params(axis="x", nbins=4 if size.width < 500 else 8, integer=True)
        axes.locator_params(axis="y", nbins=5)
        axes.set_xlabel("days since there was enough to say something", labelpad=6)
        said = f"{found.variant}: {found.said}"
        axes.annotate(said, (0, 1), (-3, 6), xycoords="axes fraction", textcoords="offset points", color=PAINTS["soft"])
        return to_svg(figure, f"course-{number}-{size.name}")

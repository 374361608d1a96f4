"""The plots of an experiment's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml.experiments.analysis import Day
from ml.experiments.decision import Comparison
from ml.experiments.page.words import stands
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
        The smallest change worth knowing, as a share.
    """

    variant: str
    days: tuple[Day, ...]
    mean: float
    matters: float


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
    names = [f"{each.metric}, {each.variant}" for each in rows]
    step, foot = 1.9 * size.font, 3.8 * size.font
    height = len(rows) * step + foot + 0.6 * size.font
    gutter = max(len(name) for name in names) * 0.56 * size.font + 14
    with plain_style(font_px=size.font):
        figure = new_figure(size.width, height)
        axes = add_axes(figure, gutter, foot, size.width - gutter - 14, height - foot - 0.6 * size.font)
        axes.axvline(0, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        for line, each in enumerate(rows):
            low, middle, high = (
                100 * float(end or 0) for end in (each.relative_low, each.relative, each.relative_high)
            )
            axes.plot([low, high], [line, line], color=PAINTS[stands(each)], linewidth=1.6, zorder=2)
            mark(axes, middle, line, stands(each))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0, labelcolor=PAINTS["ink"])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.margins(x=0.06)
        axes.locator_params(axis="x", nbins=4 if size.width < 500 else 8)
        axes.set_xlabel("change from the control, in percent", labelpad=6)
        return to_svg(figure, f"changes-{size.name}")


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
        for edge in (-100 * found.matters, 100 * found.matters):
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
        said = f"{found.variant}: change in percent"
        axes.annotate(said, (0, 1), (-3, 6), xycoords="axes fraction", textcoords="offset points", color=PAINTS["soft"])
        return to_svg(figure, f"course-{number}-{size.name}")

"""The plots of the page of exposure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ml.evaluation.exposure_cost import Cost
from ml.pages.drawing import PAINTS, add_axes, new_figure, plain_style, to_svg
from ml.pages.marks import ABOVE, BASELINE, BELOW, UNCLEAR, Size, mark
from ml.recommendation_engine.exposure import GroupExposure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Draw = Callable[..., str]
#: Groups in a plot: the most exposed; the table has all.
MOST = 24
#: Of the scale of doublings; every second is a doubling.
_TICKS = (0.0625, 0.09, 0.125, 0.18, 0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)


def shares(groups: Sequence[GroupExposure], *, size: Size) -> str:
    """Draw each group's share of the catalogue, of what was played, and of the exposure with its interval."""
    shown = groups[:MOST]
    with plain_style(font_px=size.font):
        figure, axes = _rows([each.name for each in shown], size)
        for line, each in enumerate(shown):
            ends = [100 * each.exposure.low, 100 * each.exposure.high]
            axes.plot(ends, [line, line], color=PAINTS[ABOVE], linewidth=1.8, zorder=2)
            mark(axes, 100 * each.catalogue, line, BASELINE)
            mark(axes, 100 * each.history.mean, line, UNCLEAR)
            mark(axes, 100 * each.exposure.mean, line, ABOVE)
        axes.set_xlim(left=0)
        axes.set_xlabel("share, in percent", labelpad=6)
        return to_svg(figure, f"shares-{size.name}")


def ratios(groups: Sequence[GroupExposure], *, size: Size) -> str:
    """Draw the exposure of each group by what was played of it, with intervals, on a scale of doublings."""
    shown = [each for each in groups[:MOST] if each.to_history.mean > 0]
    with plain_style(font_px=size.font):
        figure, axes = _rows([each.name for each in shown], size)
        axes.axvline(1, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        low = min((each.to_history.mean for each in shown), default=1.0) / 4
        for line, each in enumerate(shown):
            found = each.to_history
            stands = ABOVE if found.low > 1 else BELOW if found.high < 1 else UNCLEAR
            axes.plot([max(found.low, low), found.high], [line, line], color=PAINTS[stands], linewidth=1.8, zorder=2)
            mark(axes, found.mean, line, stands)
        axes.set_xscale("log", base=2)
        coarse = [tick for tick in _TICKS[::2] if _seen(tick, axes)]
        steps = coarse if len(coarse) > 4 else [tick for tick in _TICKS if _seen(tick, axes)]
        axes.set_xticks(steps, [f"{tick:g}" for tick in steps])
        axes.minorticks_off()
        axes.set_xlabel("exposure by what was played; 1 is in proportion", labelpad=6)
        return to_svg(figure, f"ratios-{size.name}")


def curve(costs: Sequence[Cost], k: int, *, size: Size) -> str:
    """Draw what accuracy is lost against the share of the exposure that the tail has, with paired intervals."""
    height = min(0.8 * size.width, 340)
    left, bottom = 4.8 * size.font, 4.2 * size.font
    with plain_style(font_px=size.font):
        figure = new_figure(size.width, height)
        axes = add_axes(figure, left, bottom, size.width - left - 10, height - bottom - 2.2 * size.font)
        for method, stands, line in (("per list", ABOVE, "-"), ("together", BELOW, (0, (5, 2)))):
            points = [each for each in costs if each.method == method]
            across = [100 * each.share.mean for each in points]
            low, high = zip(*((each.ndcg_change.low, each.ndcg_change.high) for each in points), strict=True)
            axes.fill_between(across, low, high, color=PAINTS[stands], alpha=0.12, linewidth=0)
            axes.plot(
                across, [each.ndcg_change.mean for each in points], color=PAINTS[stands], linewidth=2, linestyle=line
            )
            for x, each in zip(across, points, strict=True):
                mark(axes, x, each.ndcg_change.mean, stands)
        axes.axhline(0, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        axes.grid(linewidth=0.8)
        axes.set_axisbelow(True)
        axes.locator_params(axis="x", nbins=4 if size.width < 500 else 8)
        axes.locator_params(axis="y", nbins=5)
        axes.set_xlabel("exposure of the tail, in percent", labelpad=6)
        said, over = f"change of NDCG@{k}", (-3, 6)
        axes.annotate(said, (0, 1), over, xycoords="axes fraction", textcoords="offset points", color=PAINTS["soft"])
        return to_svg(figure, f"curve-{size.name}")


def _rows(names: Sequence[str], size: Size) -> tuple[Figure, Axes]:
    """Make axes with a line for each name, from above."""
    step, foot = 1.9 * size.font, 3.8 * size.font
    height = max(1, len(names)) * step + foot + 0.6 * size.font
    gutter = max((len(name) for name in names), default=1) * 0.6 * size.font + 16
    figure = new_figure(size.width, height)
    axes = add_axes(figure, gutter, foot, size.width - gutter - 16, height - foot - 0.6 * size.font)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, labelcolor=PAINTS["ink"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(x=0.08)
    axes.locator_params(axis="x", nbins=4 if size.width < 500 else 8)
    return figure, axes


def _seen(tick: float, axes: Axes) -> bool:
    low, high = axes.get_xlim()
    return bool(low <= tick <= high)

"""The plots of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.report.contents import Dot, Panel
from ml.evaluation.report.labels import Box, Point, nearest, needs_line, place
from ml.pages.drawing import PAINTS, add_axes, new_figure, plain_style, to_svg
from ml.pages.marks import BASELINE, Size, mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def scatter(across: Sequence[Dot], up: Sequence[Dot], labels: tuple[str, str], *, size: Size) -> str:
    """Draw one number of each model against another, with the intervals of both and names at the points.

    Parameters
    ----------
    across, up : sequence of Dot
        Of the same models in the same order.
    labels : tuple of str
        What the two axes are.
    size : Size

    Returns
    -------
    str
        An ``svg`` element.
    """
    height = min(1.15 * size.width, 470)
    with plain_style(font_px=size.font):
        figure = new_figure(size.width, height)
        left, bottom = 4.6 * size.font, 4.2 * size.font
        axes = add_axes(figure, left, bottom, size.width - left - 8, height - bottom - 2 * size.font)
        for x, y in zip(across, up, strict=True):
            colour = PAINTS[x.stands]
            axes.plot([x.low, x.high], [y.value, y.value], color=colour, linewidth=1.4, zorder=2)
            axes.plot([x.value, x.value], [y.low, y.high], color=colour, linewidth=1.4, zorder=2)
            mark(axes, x.value, y.value, x.stands)
        _frame(axes, *labels)
        _name_points(figure, axes, across, up)
        return to_svg(figure, f"scatter-{size.name}")


def panels(bands: Sequence[Panel], label: str, *, name: str, size: Size, one_scale: bool) -> str:
    """Draw the models of each band one below the other, the bands side by side or stacked.

    Parameters
    ----------
    bands : sequence of Panel
    label : str
        What the scale is.
    name : str
        Of the drawing.
    size : Size
    one_scale : bool
        Whether the bands share a scale, or each has its own.
    """
    models = [dot.model for dot in bands[0].dots]
    columns = min(size.columns, len(bands))
    n_rows = -(-len(bands) // columns)
    row, foot = 1.75 * size.font, 3.6 * size.font
    head = (1.35 * (1 + len(bands[0].under)) + 0.9) * size.font
    tall = len(models) * row
    with plain_style(font_px=size.font):
        height = n_rows * (head + tall) + foot + (n_rows - 1) * 1.8 * size.font
        figure = new_figure(size.width, height)
        gutter = _width_of(figure, models) + 14
        width = (size.width - gutter - 10) / columns
        reached = [max(dot.high for dot in band.dots) or 1.0 for band in bands]
        for spot, band in enumerate(bands):
            down, right = divmod(spot, columns)
            bottom = height - (down + 1) * (head + tall) - down * 1.8 * size.font
            axes = add_axes(figure, gutter + right * width, bottom, width - 24, tall)
            _draw_panel(axes, band, named=right == 0, font=size.font)
            most = max(reached) if one_scale else reached[spot]
            axes.set_xlim(-0.04 * most, 1.06 * most)
            axes.locator_params(axis="x", nbins=3 if width < 300 else 5)
        middle = (gutter + (size.width - gutter) / 2) / size.width
        figure.text(middle, 4 / height, label, ha="center", va="bottom", color=PAINTS["soft"])
        return to_svg(figure, f"{name}-{size.name}")


def _draw_panel(axes: Axes, band: Panel, *, named: bool, font: float) -> None:
    n = len(band.dots)
    axes.set_ylim(n - 0.4, -0.6)
    for line, dot in enumerate(band.dots):
        axes.plot([dot.low, dot.high], [line, line], color=PAINTS[dot.stands], linewidth=1.6, zorder=2)
        mark(axes, dot.value, line, dot.stands)
        if dot.stands == BASELINE:
            axes.axvline(dot.value, color=PAINTS["baseline"], linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_yticks(range(n), [dot.model for dot in band.dots] if named else [""] * n)
    axes.tick_params(axis="y", length=0, labelcolor=PAINTS["ink"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", linewidth=0.8)
    axes.set_axisbelow(True)
    lift: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    lines = [*reversed(band.under), band.title]
    for line, text in enumerate(lines):
        look: dict[str, Any] = {"fontweight": "bold"} if line == len(band.under) else {"color": PAINTS["soft"]}
        axes.annotate(text, (0, 1), (0, 5 + 1.35 * font * line), **look, **lift)


def _frame(axes: Axes, across: str, up: str) -> None:
    axes.margins(0.12, 0.1)
    axes.grid(linewidth=0.8)
    axes.set_axisbelow(True)
    axes.locator_params(nbins=5)
    # Fixed before names are placed: lines to them must not move the scale.
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    axes.set_xlabel(across, labelpad=6)
    # Above the axis and level, where it can be read without turning the head.
    axes.annotate(up, (0, 1), (-3, 6), xycoords="axes fraction", textcoords="offset points", color=PAINTS["soft"])


def _name_points(figure: Figure, axes: Axes, across: Sequence[Dot], up: Sequence[Dot]) -> None:
    """Write each model's name where it covers neither another name nor, if that can be, a mark."""
    pixels = axes.transData.transform
    points = [_point(pixels((x.value, y.value))) for x, y in zip(across, up, strict=True)]
    marks: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    for x, y in zip(across, up, strict=True):
        (left, bottom), middle, (right, top) = pixels([(x.low, y.low), (x.value, y.value), (x.high, y.high)])
        marks += [(left - 3, middle[1] - 2, right + 3, middle[1] + 2)]
        marks += [(middle[0] - 2, bottom - 3, middle[0] + 2, top + 3)]
    sizes = [_extent(figure, dot.model) for dot in across]
    edge = axes.get_window_extent()
    boxes = place(sizes, points, marks, (edge.x0 + 2, edge.y0 + 2, edge.x1 + 6, edge.y1))
    for dot, point, box in zip(across, points, boxes, strict=True):
        _name(axes, dot.model, point, box, line=needs_line(box, point, points))


def _name(axes: Axes, name: str, point: Point, box: Box, *, line: bool) -> None:
    middle = (box[0] + box[2]) / 2
    end = nearest(box, point)
    to_data = axes.transData.inverted().transform
    # The side that faces the point is where the text begins or ends: another font may be wider or narrower.
    side = "left" if end[0] == box[0] else "right" if end[0] == box[2] else "center"
    anchor = {"left": box[0], "right": box[2], "center": middle}[side]
    axes.annotate(name, _point(to_data((anchor, (box[1] + box[3]) / 2))), ha=side, va="center", zorder=4)
    if line:
        ends = to_data([point, end])
        axes.plot(ends[:, 0], ends[:, 1], color=PAINTS["soft"], linewidth=0.9, zorder=1)


def _point(pair: NDArray[np.float64]) -> Point:
    return float(pair[0]), float(pair[1])


def _width_of(figure: Figure, texts: Sequence[str]) -> float:
    return max(_extent(figure, text)[0] for text in texts)


def _extent(figure: Figure, text: str) -> tuple[float, float]:
    """Measure a text as it would be drawn, with a little air."""
    drawn = figure.text(0, 0, text)
    box = drawn.get_window_extent()
    drawn.remove()
    return float(box.width) + 4, float(box.height) + 2

"""From a figure to SVG that is part of a page: in the page's colours, with nothing to fetch.

Conventions
-----------
A paint is drawn as a colour that nothing else has, and becomes a variable of the page's styles in the SVG; so one
drawing serves light and dark. Figures are drawn at 72 dots an inch: points are pixels.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The page's colours by name, as they are in a figure.
PAINTS = {
    "page": "#0d0e01",
    "ink": "#0d0e02",
    "soft": "#0d0e03",
    "grid": "#0d0e04",
    "baseline": "#0d0e05",
    "above": "#0d0e06",
    "unclear": "#0d0e07",
    "below": "#0d0e08",
}
_DOTS_PER_INCH = 72
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_NAMES = re.compile(r'(\bid="|href="#|url\(#)')
_NAMESPACE = re.compile(r'\s+xmlns(:\w+)?="[^"]*"')


@contextmanager
def plain_style(*, font_px: float) -> Iterator[None]:
    """Draw as we want it inside the block, whatever the user's own matplotlib settings say."""
    from matplotlib import style

    ink, soft = PAINTS["ink"], PAINTS["soft"]
    ours = {
        "font.size": font_px,
        "text.color": ink,
        "axes.labelcolor": soft,
        "axes.edgecolor": PAINTS["grid"],
        "xtick.color": PAINTS["grid"],
        "ytick.color": PAINTS["grid"],
        "xtick.labelcolor": soft,
        "ytick.labelcolor": soft,
        "grid.color": PAINTS["grid"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        # A name with a dollar sign is no formula.
        "text.parse_math": False,
        # Text stays text: it can be read aloud, searched and copied.
        "svg.fonttype": "none",
    }
    with style.context(["default", ours]):
        yield


def new_figure(width: float, height: float) -> Figure:
    """Make a figure of a size in pixels, with no part in matplotlib's global state."""
    from matplotlib.figure import Figure

    size = (width / _DOTS_PER_INCH, height / _DOTS_PER_INCH)
    return Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor="none")


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place in pixels."""
    across, up = figure.get_size_inches() * _DOTS_PER_INCH
    return figure.add_axes((left / across, bottom / up, width / across, height / up), facecolor="none")


def to_svg(figure: Figure, name: str) -> str:
    """Give a figure as an ``svg`` element; the same figure and name give the same text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    name : str
        Begins every id, since several drawings share a page.
    """
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    text = buffer.getvalue()
    # Without the XML around it, which is not part of HTML, and without the notes on who made it.
    text = _METADATA.sub("", text[text.index("<svg") :])
    head, more, rest = text.partition(">")
    text = _fluid(head) + more + _NAMES.sub(rf"\g<1>{name}-", rest)
    for paint, colour in PAINTS.items():
        text = text.replace(colour, f"var(--{paint})")
    return text.strip()


def _fluid(head: str) -> str:
    """Leave the size to the page, and mute the drawing: what stands around it says what it shows."""
    head = re.sub(r'\s(width|height)="[^"]*"', "", _NAMESPACE.sub("", head))
    return f'{head} aria-hidden="true" focusable="false"'

"""How things stand, as marks of a plot; and the two sizes in which a plot is drawn.

What colour says is said by the form of a mark as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ml.pages.drawing import PAINTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How a thing stands to what it is compared with; also names of paints and of classes of the page's styles.
BASELINE, ABOVE, UNCLEAR, BELOW = "baseline", "above", "unclear", "below"
#: The marks as characters, for tables and keys.
SIGNS: Mapping[str, str] = MappingProxyType({ABOVE: "●", UNCLEAR: "□", BELOW: "▽", BASELINE: "◆"})
#: Form of a mark, its size, and whether it is filled.
_MARKS: Mapping[str, tuple[str, float, bool]] = MappingProxyType(
    {BASELINE: ("D", 6.5, True), ABOVE: ("o", 7, True), UNCLEAR: ("s", 6.5, False), BELOW: ("v", 7.5, False)}
)


@dataclass(frozen=True)
class Size:
    """How wide a drawing is, in pixels.

    Parameters
    ----------
    name : str
    width, font : float
    columns : int
        Panels side by side.
    """

    name: str
    width: float
    font: float
    columns: int


WIDE, NARROW = Size("wide", 840, 12.5, 4), Size("narrow", 370, 11.5, 1)


def mark(axes: Axes, x: float, y: float, stands: str) -> None:
    """Draw the mark of how something stands."""
    marker, wide, filled = _MARKS[stands]
    colour = PAINTS[stands]
    face = colour if filled else PAINTS["page"]
    axes.plot(
        [x], [y], marker=marker, markersize=wide, color=colour, markerfacecolor=face, markeredgewidth=1.5, zorder=3
    )

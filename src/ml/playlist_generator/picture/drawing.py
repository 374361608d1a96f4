"""The figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ml.features.keys import from_camelot, hour
from ml.foundation.extras import extra
from ml.playlist_generator.flow.arcs import along, middles, read_arc
from ml.playlist_generator.results import Playlist

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 12.8, 7.4, 110
_INK, _SOFT, _GRID, _LINE, _ARC, _MARK = "#1c1e21", "#5b6068", "#e3e4e0", "#3b678f", "#b3400b", "#aa3377"
_MINUTE_S = 60.0
#: Rings of the wheel: minor keys inside, major keys outside.
_INNER, _OUTER = 0.62, 1.0
_HOURS = 12
#: Where tracks are named by their numbers, at most.
_MOST_NUMBERS = 40

Doubles = NDArray[np.float64]


def draw(playlist: Playlist, form: str) -> bytes:
    """Draw a list.

    Parameters
    ----------
    playlist : Playlist
    form : {"png", "svg"}

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    with extra("report"):
        import matplotlib as mpl
        from matplotlib import style
        from matplotlib.figure import Figure
    ours = {"font.size": 9, "axes.edgecolor": "#c9cac4", "text.parse_math": False, "axes.labelcolor": _SOFT}
    ours |= {"xtick.color": _SOFT, "ytick.color": _SOFT, "text.color": _INK, "svg.fonttype": "none"}
    with style.context(["default", ours]):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor="white")
        begins, ends = _times(playlist)
        for place, (name, label) in enumerate(_CURVES.items()):
            axes = figure.add_axes((0.06, 0.69 - 0.305 * place, 0.56, 0.255))
            _curve(axes, playlist, name, label, begins, ends)
        _wheel(figure.add_axes((0.66, 0.1, 0.32, 0.32 * _WIDTH / _HEIGHT)), playlist)
        buffer = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": "playlist"}):
            figure.savefig(buffer, format=form, metadata={"Date": None} if form == "svg" else None)
    return buffer.getvalue()


#: What is drawn along the list, and how it is called.
_CURVES = {"energy": "energy", "tempo_bpm": "tempo, BPM", "loudness_lufs": "loudness, LUFS"}


def _times(playlist: Playlist) -> tuple[Doubles, Doubles]:
    lengths = np.array([track.duration_s for track in playlist.tracks]) / _MINUTE_S
    ends = np.cumsum(lengths)
    return ends - lengths, ends


def _values(playlist: Playlist, name: str) -> Doubles:
    return np.array([np.nan if track[name] is None else track[name] for track in playlist.tracks], dtype=np.float64)


def _curve(axes: Axes, playlist: Playlist, name: str, label: str, begins: Doubles, ends: Doubles) -> None:
    values = _values(playlist, name)
    axes.hlines(values, begins, ends, color=_LINE, linewidth=4)
    middle = (begins + ends) / 2
    axes.plot(middle, values, color=_LINE, linewidth=0.8, alpha=0.5)
    if name == "energy" and playlist.request.get("arc") is not None and np.isfinite(values).any():
        # The arc is on the scale of what was at hand; drawn on that of the list, it shows the shape.
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        wanted = along(read_arc(playlist.request["arc"]), middles(len(values)))
        axes.plot(
            middle, low + wanted * (high - low), color=_ARC, linewidth=1.2, linestyle="--", label="the arc asked for"
        )
        axes.legend(loc="best", frameon=False)
    axes.set_ylabel(label)
    axes.set_xlim(0, float(ends[-1]))
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_GRID)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if name == "energy" and len(values) <= _MOST_NUMBERS:
        top = axes.secondary_xaxis("top")
        top.set_xticks(middle, [str(place) for place in range(1, len(values) + 1)])
        top.tick_params(length=0, labelsize=7)
        top.spines["top"].set_visible(False)
    if name == "loudness_lufs":
        axes.set_xlabel("minutes")
    else:
        axes.tick_params(labelbottom=False)


def _wheel(axes: Axes, playlist: Playlist) -> None:
    """Draw the way from key to key; where two stand at one place, they lie a little apart."""
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(-1.3, 1.3)
    axes.set_ylim(-1.3, 1.3)
    for number in range(1, _HOURS + 1):
        for letter, radius in (("A", _INNER), ("B", _OUTER)):
            x, y = _place(number, radius)
            axes.text(x * 1.13, y * 1.13, f"{number}{letter}", ha="center", va="center", color=_SOFT, fontsize=8)
    circle = np.linspace(0, 2 * np.pi, 200)
    for radius in (_INNER, _OUTER):
        axes.plot(radius * np.sin(circle), radius * np.cos(circle), color=_GRID, linewidth=1)
    points: list[tuple[float, float] | None] = []
    times: dict[tuple[float, float], int] = {}
    for track in playlist.tracks:
        key = None if track.camelot is None else from_camelot(track.camelot)
        if key is None:
            points.append(None)
            continue
        place = _place(hour(key), _INNER if track.camelot and track.camelot.endswith("A") else _OUTER)
        shift = 0.1 * times.get(place, 0)
        times[place] = times.get(place, 0) + 1
        points.append((place[0] * (1 - shift), place[1] * (1 - shift)))
    known = [point for point in points if point is not None]
    if len(known) > 1:
        axes.plot(*np.array(known).T, color=_MARK, linewidth=0.9, alpha=0.55)
    for number, point in enumerate(points, start=1):
        if point is not None:
            axes.plot(
                *point, "o", color="white", markeredgecolor=_MARK, markersize=11 if len(points) <= _MOST_NUMBERS else 4
            )
            if len(points) <= _MOST_NUMBERS:
                axes.text(*point, str(number), ha="center", va="center", fontsize=6.5, color=_INK)
    axes.set_title("keys on the Camelot wheel, in order", fontsize=9, color=_SOFT)


def _place(number: int, radius: float) -> tuple[float, float]:
    angle: Any = 2 * np.pi * number / _HOURS
    return float(radius * np.sin(angle)), float(radius * np.cos(angle))

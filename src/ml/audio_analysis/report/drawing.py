"""The picture of a sound, as PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.audio_analysis.report.picture import Picture
from ml.features.audio.mel import hz_to_mel
from ml.features.keys import NAMES
from ml.foundation.extras import extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _DPI = 12.8, 9.2, 125
#: Rows from above, with their heights.
_ROWS = {"sections": 0.5, "waveform": 2.0, "spectrogram": 3.4, "beats": 0.45, "chords": 0.55, "loudness": 1.9}
#: Of sections by letter, and of the rest.
_COLOURS = (
    "#4477aa",
    "#ee8866",
    "#44bb99",
    "#aa3377",
    "#bbcc33",
    "#77aadd",
    "#eedd88",
    "#99ddff",
    "#ffaabb",
    "#aaaa00",
)
_DARK = ("#4477aa", "#aa3377")
_INK, _SOFT, _WAVE, _RMS, _MARK = "#1c1e21", "#5b6068", "#9db4c8", "#3b678f", "#b3400b"
#: What is drawn of a spectrogram, in dB below its loudest place.
_RANGE_DB = 80.0
#: The loudest place of a sound that is hardly one is drawn dark.
_SILENT_DB = 0.0
_TICKS_HZ = (100, 300, 1_000, 3_000, 10_000)
#: Share of the width that a letter of a chord or section needs.
_LETTER, _SMALL = 0.0075, 0.0052
#: More beats than this are a grey wall: only first beats of bars are drawn then.
_MOST_BEATS = 700


def draw(picture: Picture) -> bytes:
    """Draw a sound.

    Raises
    ------
    MissingExtra
        If the libraries of the extra ``report`` are missing.
    """
    with extra("report"):
        from matplotlib import style
        from matplotlib.figure import Figure
    ours = {"font.size": 9, "axes.edgecolor": "#c9cac4", "text.parse_math": False, "axes.labelcolor": _SOFT}
    ours |= {"xtick.color": _SOFT, "ytick.color": _SOFT, "text.color": _INK}
    with style.context(["default", ours]):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor="white")
        rows = _axes(figure, picture.analysis.duration_s)
        _sections(rows["sections"], picture)
        _waveform(rows["waveform"], picture)
        _spectrogram(rows["spectrogram"], picture)
        _beats(rows["beats"], picture)
        _chords(rows["chords"], picture)
        _loudness(rows["loudness"], picture)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _axes(figure: Figure, duration_s: float) -> dict[str, Axes]:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    grid = figure.add_gridspec(len(_ROWS), 1, height_ratios=list(_ROWS.values()), hspace=0.09)
    figure.subplots_adjust(left=0.075, right=0.985, top=0.985, bottom=0.05)
    rows = {name: figure.add_subplot(grid[i]) for i, name in enumerate(_ROWS)}
    for name, axes in rows.items():
        axes.set_xlim(0.0, duration_s)
        axes.xaxis.set_major_locator(MaxNLocator(12, steps=[1, 1.5, 2, 3, 5, 6, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: clock(seconds)))
        axes.tick_params(length=3, labelbottom=name == "loudness", bottom=name in {"spectrogram", "loudness"})
        if name in {"sections", "beats", "chords"}:
            axes.set_yticks([])
            axes.set_ylim(0.0, 1.0)
            for spine in axes.spines.values():
                spine.set_visible(False)
        axes.set_ylabel(name, rotation=0 if name in {"sections", "beats", "chords"} else 90, ha="right", va="center")
        if name in {"waveform", "spectrogram", "loudness"}:
            axes.yaxis.set_label_coords(-0.052, 0.5)
            axes.yaxis.label.set_horizontalalignment("center")
    return rows


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds.

    >>> clock(75.0), clock(7.5)
    ('1:15', '0:07.5')
    """
    whole = abs(seconds - round(seconds)) < 1e-6
    return f"{int(seconds // 60)}:{round(seconds % 60):02}" if whole else f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def colour(label: str) -> str:
    """Give the colour of a section's letter."""
    return _COLOURS[sum(ord(letter) - 65 for letter in label) % len(_COLOURS)]


def _sections(axes: Axes, picture: Picture) -> None:
    found = picture.analysis
    for one in found.sections:
        width = one.end_s - one.start_s
        axes.barh(0.5, width, 0.9, one.start_s, color=colour(one.label), edgecolor="white", linewidth=1.0)
        lead = {found.intro_end_s: "intro", None: ""}.get(one.end_s, "") if one.start_s == 0 else ""
        if found.outro_start_s is not None and one.start_s == found.outro_start_s:
            lead = "outro"
        dark = colour(one.label) in _DARK
        ink = "white" if dark else _INK
        _say(axes, one.start_s, width, f"{one.label} {lead}".strip(), one.label, weight="bold", color=ink)


def _say(
    axes: Axes, start_s: float, width_s: float, text: str, shorter: str, letter: float = _LETTER, **how: Any
) -> None:
    """Write into a stretch as much as there is room for."""
    room = width_s / axes.get_xlim()[1]
    for words in (text, shorter):
        if room >= letter * (len(words) + 0.4):
            axes.text(start_s + width_s / 2, 0.48, words, ha="center", va="center", clip_on=True, **how)
            return


def _waveform(axes: Axes, picture: Picture) -> None:
    wave, found = picture.analysis.waveform, picture.analysis
    seconds = (np.arange(len(wave.rms)) + 0.5) * wave.point_s
    rms = np.array(wave.rms)
    axes.fill_between(seconds, wave.low, wave.high, color=_WAVE, linewidth=0.4)
    axes.fill_between(seconds, -rms, rms, color=_RMS, linewidth=0)
    highest = max(0.01, *np.abs(wave.low), *np.abs(wave.high))
    axes.set_ylim(-1.08 * highest, 1.08 * highest)
    for one in found.sections[1:]:
        axes.axvline(one.start_s, color=_INK, linewidth=0.7, alpha=0.5)
    for name, at, side in (("mix in", found.mix_in_s, "left"), ("mix out", found.mix_out_s, "right")):
        if at is not None:
            axes.axvline(at, color=_MARK, linewidth=1.6)
            axes.annotate(
                f" {name} {clock(round(at, 1))} ",
                (at, 0.96),
                xycoords=("data", "axes fraction"),
                ha=side,
                va="top",
                color=_MARK,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
            )


def _spectrogram(axes: Axes, picture: Picture) -> None:
    levels = picture.log_mel
    top = max(float(levels.max()), _SILENT_DB)
    highest = 11_025.0
    axes.imshow(
        levels,
        origin="lower",
        aspect="auto",
        extent=(0.0, picture.analysis.duration_s, 0.0, float(hz_to_mel(np.array(highest)))),
        cmap="magma",
        vmin=top - _RANGE_DB,
        vmax=top,
        interpolation="nearest",
    )
    axes.set_yticks([float(hz_to_mel(np.array(float(hz)))) for hz in _TICKS_HZ])
    axes.set_yticklabels([f"{hz // 1000} kHz" if hz >= 1000 else f"{hz} Hz" for hz in _TICKS_HZ])


def _beats(axes: Axes, picture: Picture) -> None:
    beats, bars = picture.analysis.beats or (), picture.analysis.downbeats or ()
    if len(beats) <= _MOST_BEATS:
        axes.vlines(beats, 0.1, 0.6, color=_SOFT, linewidth=0.6)
    axes.vlines(bars, 0.1, 1.0, color=_INK, linewidth=1.1 if len(bars) < 200 else 0.6)
    if not beats:
        axes.text(0.5, 0.5, "no beat", transform=axes.transAxes, ha="center", va="center", color=_SOFT)


def _chords(axes: Axes, picture: Picture) -> None:
    from matplotlib import colormaps

    hues = colormaps["hsv"]
    for one in picture.analysis.chords:
        if one.chord == "N":
            continue
        root, _, mode = one.chord.partition(":")
        # Neighbours on the circle of fifths have neighbouring hues; minor chords are paler.
        place = (NAMES.index(root) * 7 + (3 if mode == "min" else 0)) % 12
        hue = np.array(hues(place / 12)[:3])
        shade = 0.45 * hue + 0.55 if mode == "maj" else 0.28 * hue + 0.68
        width = one.end_s - one.start_s
        axes.barh(0.5, width, 0.92, one.start_s, color=shade.clip(0, 1), edgecolor="white", linewidth=0.5)
        name = root + ("m" if mode == "min" else "")
        _say(axes, one.start_s, width, name, name, letter=_SMALL, fontsize=7)


def _loudness(axes: Axes, picture: Picture) -> None:
    found = picture.analysis
    axes.plot(picture.loudness_s, picture.short_term_lufs, color=_RMS, linewidth=1.4)
    heard = picture.short_term_lufs[np.isfinite(picture.short_term_lufs)]
    if len(heard):
        high = float(heard.max())
        axes.set_ylim(max(float(heard.min()), high - 40.0) - 2.0, high + 2.0)
    else:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "not known", transform=axes.transAxes, ha="center", va="center", color=_SOFT)
    if found.loudness_lufs is not None and len(heard):
        axes.axhline(found.loudness_lufs, color=_MARK, linewidth=1.0, linestyle="--")
        text = f"integrated {found.loudness_lufs:.1f} LUFS"
        axes.annotate(
            text,
            (0.995, 0.04),
            xycoords="axes fraction",
            ha="right",
            va="bottom",
            color=_MARK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 1},
        )
    axes.set_ylabel("loudness, LUFS (3 s)")
    axes.grid(axis="y", color="#e3e3de", linewidth=0.6)

"""The report on its way to the disk, as PNG or as a page with the picture inside."""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files
from pathlib import Path

from ml.audio_analysis.report.drawing import clock, colour, draw
from ml.audio_analysis.report.picture import Picture
from ml.audio_analysis.results import AudioAnalysis
from ml.data.exporters.whole_file import whole_file
from ml.pages import writing

SUFFIXES = (".html", ".htm", ".png")


def check(path: Path) -> None:
    """Refuse a report that could not be written, before the sound is heard.

    Raises
    ------
    BadInput, MissingExtra
    """
    writing.check(path, SUFFIXES)


def write_report(picture: Picture, path: Path) -> None:
    """Write a report, whole or not at all.

    Parameters
    ----------
    picture : Picture
    path : Path
        A PNG or a page, by its suffix.

    Raises
    ------
    BadInput, DiskFull, MissingExtra
    """
    check(path)
    drawn = draw(picture)
    if path.suffix.lower() == ".png":
        with whole_file(path) as unfinished:
            unfinished.write_bytes(drawn)
    else:
        writing.write(page(picture.analysis, drawn), path)


def page(found: AudioAnalysis, drawn: bytes) -> str:
    """Give the page as text."""
    template = files("ml.audio_analysis.report").joinpath("page.html.j2").read_text(encoding="utf-8")
    return (
        writing.environment()
        .from_string(template)
        .render(
            found=found,
            name=Path(found.path).name,
            css=writing.style(),
            image=b64encode(drawn).decode(),
            numbers=numbers(found),
            clock=clock,
            colour=colour,
        )
    )


def numbers(found: AudioAnalysis) -> list[tuple[str, str]]:
    """Give names and values of what is one value, what is not known included."""
    groove = found.groove
    key = None if found.key is None else f"{found.key} {found.mode} ({found.camelot}), {_share(found.key_confidence)}"
    tempo = None if found.tempo_bpm is None else f"{found.tempo_bpm:.1f} BPM, {_share(found.tempo_confidence)}"
    metre = found.time_signature and f"{found.time_signature}, {_share(found.time_signature_confidence)}"
    swing = None
    if groove is not None and groove.swing_ratio is not None:
        swing = f"{groove.swing_ratio:.2f} : 1 in {groove.swing_level}s"
    values = {
        "Length": clock(round(found.duration_s, 1)),
        "Sound": f"{found.sample_rate_hz:,} Hz, {found.channels} channel{'s' * (found.channels != 1)}",
        "Tempo": tempo,
        "Time signature": metre,
        "Key": key,
        "Tuning": _number(found.tuning_cents, "cents", "+.0f"),
        "Loudness": _number(found.loudness_lufs, "LUFS"),
        "Loudness range": _number(found.loudness_range_lu, "LU"),
        "True peak": _number(found.true_peak_dbtp, "dBTP"),
        "ReplayGain": _number(found.replaygain_db, "dB", "+.1f"),
        "Danceability": _number(found.danceability, "", ".2f"),
        "Swing": swing,
        "Microtiming": None if groove is None else _number(groove.microtiming_ms, "ms"),
        "Pulse clarity": None if groove is None else _number(groove.pulse_clarity, "", ".2f"),
        "Mix in, mix out": _times(found.mix_in_s, found.mix_out_s),
        "Intro ends, outro begins": _times(found.intro_end_s, found.outro_start_s),
        "Brightness (centroid)": None if found.spectral is None else _number(found.spectral.centroid_hz, "Hz", ",.0f"),
    }
    return [(name, value or "unknown") for name, value in values.items()]


def _number(value: float | None, unit: str, how: str = ".1f") -> str | None:
    return None if value is None else f"{value:{how}} {unit}".strip()


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.0f} % sure"


def _times(first_s: float | None, second_s: float | None) -> str:
    if first_s is None and second_s is None:
        return "none"
    return ", ".join("none" if one is None else clock(round(one, 1)) for one in (first_s, second_s))

"""``ml audio``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ml.cli import audio_heads, audio_library, audio_matching, audio_stream, audio_tags
from ml.cli.audio_embedder import analyzer_of_settings
from ml.cli.outcome import exit_code, print_error, print_json
from ml.cli.screen import data, notices, say, sure, table
from ml.foundation.errors import MLError

if TYPE_CHECKING:
    from ml.audio_analysis import AudioAnalysis

group = typer.Typer(name="audio", no_args_is_help=True, help="What audio files sound like.")


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    audio_library.add_to(group)
    audio_heads.add_to(group)
    audio_stream.add_to(group)
    audio_matching.add_to(group)
    audio_tags.add_to(group)
    app.add_typer(group)


@group.command()
def analyze(
    files: Annotated[list[Path], typer.Argument(help="Audio files, or videos with sound.", metavar="FILE...")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with one object a file.")] = False,
) -> None:
    """Measure loudness, spectrum and rhythm, hear key, chords and genre, and say what is wrong with the files.

    Genres and moods are said by heads that [bold]ml audio train-heads[/] has trained; no tag is read for them.

    A file that cannot be read does not stop the others; the status is then that of its error, as if it had been
    alone. In the list its object has [bold]path[/] and [bold]problems[/] only.
    """
    from ml.audio_analysis.failed import FailedFile
    from ml.audio_analysis.hands.alone import analyze_alone  # late: SciPy's filters take half a second to import

    analyzer = analyzer_of_settings()
    found: list[AudioAnalysis | FailedFile] = []
    failed: list[MLError] = []
    for file in files:
        try:
            found.append(analyze_alone(analyzer, file))
        except MLError as error:
            failed.append(error)
            found.append(FailedFile.of(file, error))
    if json:
        print_json(found)
    else:
        _show([one for one in found if not isinstance(one, FailedFile)])
    for problem in failed:
        print_error(problem)
    if failed:
        raise typer.Exit(exit_code(failed[0]))


@group.command()
def show(
    file: Annotated[Path, typer.Argument(help="An audio file, or a video with sound.", metavar="FILE")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A page (.html) or a picture (.png).", show_default="FILE's name with .html, here"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the analysis as JSON.")] = False,
) -> None:
    """Write a report: waveform, spectrogram, beats, chords, sections and loudness over time.

    A page has the picture and the numbers inside, and fetches nothing. Needs the extra [bold]report[/].
    """
    from ml.audio_analysis.hands.alone import show_alone  # late: SciPy's filters take half a second to import

    path = out or Path(f"{file.stem}.html")
    found = show_alone(analyzer_of_settings(), file, path)
    if json:
        print_json({"report": str(path), "analysis": found})
    else:
        _show([found])
        say(f"written: {data(str(path))}")


def _show(found: Iterable[AudioAnalysis]) -> None:
    found = list(found)
    if not found:
        return
    rows = [
        [
            Path(one.path).name,
            _clock(one.duration_s),
            sure(_number(one.tempo_bpm), one.tempo_confidence),
            one.time_signature and sure(one.time_signature, one.time_signature_confidence),
            None if one.key is None else sure(f"{one.key} {one.mode}", one.key_confidence),
            _number(one.loudness_lufs),
            _number(one.loudness_range_lu),
            _number(one.true_peak_dbtp),
            _number(one.replaygain_db),
            _likeliest(one),
        ]
        for one in found
    ]
    columns = [
        "file",
        "length",
        "BPM",
        "metre",
        "key",
        "LUFS",
        "range LU",
        "peak dBTP",
        "gain dB",
        "genre",
    ]
    table(columns, rows, right=range(1, len(columns)))
    for one in found:
        for problem in one.problems:
            say(f"[yellow]note:[/] {data(Path(one.path).name)}: {data(problem.message)}")
    notices(dict.fromkeys(notice for one in found for notice in one.notices))


def _likeliest(one: AudioAnalysis) -> str | None:
    return f"{one.genres[0].name} {one.genres[0].probability:.0%}" if one.genres else None


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:z.1f}"  # no -0.0


def _clock(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 60 else f"{int(seconds // 60)}:{int(seconds % 60):02}"

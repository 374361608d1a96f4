"""``ml audio identify``, ``ml audio duplicates`` and ``ml audio versions``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ml.cli.outcome import exit_code, print_error, print_json
from ml.cli.screen import data, say, table
from ml.data.audio_files.forms import printable
from ml.data.audio_files.native import kept_aside
from ml.foundation.errors import EmptyWorkspace, MLError

if TYPE_CHECKING:
    from ml.audio_analysis.library import Duplicates, Identification

Json = Annotated[bool, typer.Option("--json", help="Print JSON: a list.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    for command in (identify, duplicates, versions):
        group.command()(command)


def identify(
    files: Annotated[list[Path], typer.Argument(help="Excerpts, of ten seconds or more.", metavar="FILE...")],
    start: Annotated[float, typer.Option(min=0.0, help="Where in them to begin, in seconds.")] = 0.0,
    json: Json = False,
) -> None:
    """Say which recording of the scanned library an excerpt is of, and where in it it begins, or that it is unknown.

    Noise, compression, gain and a telephone's band do not matter; another speed or pitch does. A file that cannot be
    read does not stop the others; the status is then that of its error.
    """
    from ml.audio_analysis import AudioLibrary
    from ml.audio_analysis.failed import FailedFile

    found: list[Identification | FailedFile] = []
    failed: list[MLError] = []
    with AudioLibrary() as library, kept_aside():
        for file in files:
            try:
                found.append(library.identify(file, start_s=start, watched=True))
            except EmptyWorkspace:
                raise
            except MLError as error:
                failed.append(error)
                found.append(FailedFile.of(file, error))
    if json:
        print_json(found)
    else:
        table(
            ["excerpt", "recording", "begins at", "probability"],
            [_row(one) for one in found if not isinstance(one, FailedFile)],
            right=[2, 3],
        )
    for problem in failed:
        print_error(problem)
    if failed:
        raise typer.Exit(exit_code(failed[0]))


def duplicates(json: Json = False) -> None:
    """List recordings that the scanned library has in several files: copies, other encodings, trimmed, louder."""
    from ml.audio_analysis import AudioLibrary

    with AudioLibrary() as library:
        found = library.duplicates(watched=True)
    if json:
        print_json(found)
        return
    if not found:
        say("no recording is there twice")
    for one in found:
        _show(one)


def versions(
    file: Annotated[Path, typer.Argument(help="A song; it need not have been scanned.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many to list.")] = 10,
    json: Json = False,
) -> None:
    """Rank the scanned library by how alike its chords are to those of a song, in any key, tempo and instruments.

    The score is no probability: songs on the same changes are alike, whether or not they are versions of one.
    """
    from ml.audio_analysis import AudioLibrary

    with AudioLibrary() as library, kept_aside():
        found = library.versions(file, count=count, watched=True)
    if json:
        print_json(found)
    elif found:
        rows = [[one.path, f"{one.score:.2f}", f"{one.semitones:+d}"] for one in found]
        table(["file", "score", "semitones"], rows, right=[1, 2])
    else:
        say("no other file has a chord like it")


def _row(found: Identification) -> list[str | None]:
    name = Path(found.path).name
    if found.track is None:
        return [name, "unknown", None, None]
    return [name, found.track.path, f"{found.track.offset_s:.2f} s", f"{found.track.probability:.2f}"]


def _show(found: Duplicates) -> None:
    say("[bold]the same sound[/]" if found.exact else f"[bold]the same recording[/], {found.agreement:.0%} agree")
    for one in found.files:
        say(f"  {data(printable(Path(one.path)))}" + (f" [dim]{one.offset_s:+.2f} s[/]" if one.offset_s else ""))

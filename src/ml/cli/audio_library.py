"""``ml audio scan``, ``ml audio list`` and ``ml audio correct``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ml.cli.audio_embedder import Embedder
from ml.cli.outcome import print_json, print_json_list
from ml.cli.screen import data, notices, say, sure, table
from ml.data.audio_files.forms import printable
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

if TYPE_CHECKING:
    from ml.audio_analysis.library import LibraryTrack, Scan

_SHOWN = 20
_COLUMNS = {"seconds": "duration_s", "LUFS": "loudness_lufs", "bpm": "tempo_bpm", "key": "key", "mode": "mode"}
#: Of the fields whose confidence stands beside them in the list.
_CONFIDENCES = {"tempo_bpm": "tempo_confidence", "key": "key_confidence"}
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    for command in (scan, list_, correct):
        group.command(name=command.__name__.rstrip("_"))(command)


def scan(
    folder: Annotated[Path, typer.Argument(help="Folder with audio files, in it or in folders of it.")],
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Processes; left out, one for each core."),
    ] = None,
    dask: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="ADDRESS", help="Let a Dask cluster do it, whose workers see the same files."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Analyse also what has not changed.")] = False,
    parquet: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write what is known of the folder then to this file (.parquet, .csv or .tsv)."),
    ] = None,
    embedder: Embedder = None,
    json: Json = False,
) -> None:
    """Analyse every audio file under a folder that is new or has changed, and keep the results in the workspace.

    Each file is kept as soon as it is done: a scan that was stopped goes on from there. Files are known by their
    sound, so that moved, renamed and retagged ones are not analysed again. What cannot be read is listed and stops no
    other; the files themselves are never written to.
    """
    from ml.audio_analysis import AudioLibrary  # late: SciPy's filters take half a second to import
    from ml.foundation.paths import expanded

    if workers is not None and dask is not None:
        raise BadInput("--workers is of this machine, --dask of a cluster", "give one of them")
    if parquet is not None:
        _refuse_unwritable(expanded(parquet))
    with AudioLibrary() as library:
        done = library.scan(folder, workers=workers, dask=dask, again=again, embedder=embedder, watched=True)
        written = 0 if parquet is None else library.write(parquet, folder)
    if json:
        print_json(done)
    else:
        _show_scan(done)
        if parquet is not None:
            say(f"[bold]{data(printable(parquet))}[/]: {written:,} rows")
    if not done.files:
        raise BadInput(f"{done.folder}: no audio file in it", "files are found by their suffix: .mp3, .flac, .m4a …")
    if not any((done.analysed, done.reused, done.unchanged)):
        raise BadInput(f"{done.folder}: not one file could be analysed", "the reasons stand above")


def list_(
    folder: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(help="Only what lies under it; left out, everything that was scanned."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", "-o", help="Write a table to this file instead: .parquet, .csv or .tsv."),
    ] = None,
    problems: Annotated[bool, typer.Option("--problems", help="Only files with problems.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with one object a file.")] = False,
) -> None:
    """List the files that were scanned, with what they sound like; * marks what was corrected by hand."""
    from ml.audio_analysis import AudioLibrary
    from ml.audio_analysis.heads import AudioHeads

    with AudioLibrary() as library:
        if out is not None:
            rows = library.write(out, folder)
            name = printable(out)
            print_json({"path": name, "rows": rows}) if json else say(f"[bold]{data(name)}[/]: {rows:,} rows")
            return
        tracks = (one for one in library.iter_tracks(folder) if one.problems or not problems)
        if json:
            print_json_list(tracks)
            return
        shown = _rows(tracks)
        unsuited = AudioHeads.of(library.workspace).unsuited
    if shown:
        table(["file", *_COLUMNS, "problems"], shown, right=[1, 2, 3])
    else:
        say("nothing was scanned there yet: [cyan]ml audio scan FOLDER[/]" if not problems else "no problems")
    notices(unsuited.values())


def correct(
    file: Annotated[Path, typer.Argument(help="Audio file that was scanned, here or elsewhere.")],
    fields: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(
            metavar="[FIELD=VALUE]...", help="tempo_bpm=120 key=F# mode=minor time_signature=3/4; FIELD= to undo."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Say what is right where the analysis is wrong, or show what was said.

    A correction belongs to the sound: it outlives scans, moves, new names and new tags, and holds for every file with
    the same sound. The file itself is not written to.
    """
    from ml.audio_analysis import AudioLibrary

    with AudioLibrary() as library:
        now = library.correct(file, **_pairs(fields or []))
    name = printable(file)
    if json:
        print_json({"path": name, "corrected": now})
    elif now:
        table(["field", "by hand"], sorted(now.items()))
    else:
        say(f"no corrections of {data(Path(name).name)}")


def _refuse_unwritable(file: Path) -> None:
    """Say before a long scan what would come to light after it."""
    from ml.data.exporters.tables import suffix_of
    from ml.data.exporters.whole_file import check_folder

    suffix_of(file)
    check_folder(expanded(file))


def _pairs(words: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (name and sign):
            raise BadInput(f"{word!r} is no correction", "write the field, =, the value: tempo_bpm=120")
        pairs[name.strip()] = value.strip()
    return pairs


def _show_scan(done: Scan) -> None:
    say(f"[bold]{data(done.folder)}[/]: {done.files:,} audio files")
    counts = {
        "analysed": done.analysed,
        "of a known sound": done.reused,
        "unchanged": done.unchanged,
        "moved": len(done.moved),
        "gone": done.removed,
        "heard by the embedder": done.embedded,
        "with problems": len(done.problems),
    }
    table(["", ""], [[name, f"{count:,}"] for name, count in counts.items() if count], right=[1])
    for one in done.moved[:_SHOWN]:
        say(f"[dim]moved:[/] {data(_short(one.before, done.folder))} → {data(_short(one.now, done.folder))}")
    notices((f"{_short(one.path, done.folder)}: {one.message}" for one in done.problems[:_SHOWN]), label="problem:")
    if len(done.problems) > _SHOWN:
        say(f"[dim]all {len(done.problems):,}:[/] [cyan]ml audio list --problems[/]")


def _short(path: str, folder: str) -> str:
    return os.path.relpath(path, folder) if path.startswith(folder.rstrip("/") + "/") else path


def _rows(tracks: Iterable[LibraryTrack]) -> list[list[str | None]]:
    return [[one.path, *(_cell(one, field) for field in _COLUMNS.values()), _said(one)] for one in tracks]


def _cell(track: LibraryTrack, field: str) -> str | None:
    value: Any = (track.analysis or {}).get(field)
    if value is None:
        return None
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    if field in track.corrected:
        return f"{text} *"
    return sure(text, (track.analysis or {}).get(_CONFIDENCES.get(field, "")))


def _said(track: LibraryTrack) -> str:
    return ", ".join(problem.code for problem in track.problems)

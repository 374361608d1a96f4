"""``ml audio write-tags``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ml.cli.outcome import exit_code, print_json
from ml.cli.screen import notices, say, table
from ml.data.audio_files.native import kept_aside
from ml.foundation.errors import BadInput

if TYPE_CHECKING:
    from ml.audio_analysis.library import TaggedFile

_SHOWN = 20


def add_to(group: typer.Typer) -> None:
    """Add the command."""
    group.command(name="write-tags")(write_tags)


def write_tags(
    files: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(help="Audio files; they need not have been scanned.", metavar="[FILE]..."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All files that were scanned.")] = False,
    fields: Annotated[
        str, typer.Option(help="What to write, with commas between: tempo, key, replaygain, genre, mood.")
    ] = "tempo,key,replaygain",
    replace: Annotated[bool, typer.Option("--replace", help="Replace also what the files say already.")] = False,
    least: Annotated[float, typer.Option(help="Leave out what is less likely than this.")] = 0.5,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say only what would be written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with one object a file.")] = False,
) -> None:
    """Write what was measured, or corrected by hand, into the tags of MP3, AAC, FLAC, Ogg, Opus and M4A files.

    A field that a file has already is left to it, unless it was corrected by hand or --replace is given. The sound and
    all other tags and pictures stay as they are, byte for byte, and so does the file's time. A file that cannot be
    written is left as it is, and does not stop the others; the status is 2 then.
    """
    from ml.audio_analysis import AudioLibrary

    if every == bool(files):
        raise BadInput("whose tags?", "name files, or give --all for all that were scanned")
    tags = list(dict.fromkeys(name.strip() for name in fields.split(",") if name.strip()))
    if not tags:
        raise BadInput("no field is to be written", "--fields tempo,key,replaygain")
    with AudioLibrary() as library, kept_aside():
        done = library.write_tags(
            None if every else files, tags=tags, replace=replace, least=least, dry_run=dry_run, watched=True
        )
    print_json(done) if json else _show(done, dry_run=dry_run)
    failed = [one.problem for one in done if one.problem]
    if failed:
        raise typer.Exit(exit_code(BadInput(failed[0])))


def _show(done: list[TaggedFile], *, dry_run: bool) -> None:
    rows = [[one.path, ", ".join(f"{name} {'; '.join(texts)}" for name, texts in one.written.items())] for one in done]
    rows = [row for row in rows if row[1]]
    if len(done) <= _SHOWN:
        table(["file", "would be written" if dry_run else "written"], rows)
    say(f"{len(rows):,} of {len(done):,} files {'would be' if dry_run else 'are'} tagged")
    left = [f"{Path(one.path).name}: {each.field}: {each.why}" for one in done for each in one.left_out]
    notices(left[:_SHOWN], label="left out:")
    if len(left) > _SHOWN:
        say(f"[dim]{len(left):,} are left out; all of them:[/] [cyan]--json[/]")
    notices((f"{one.path}: {one.problem}" for one in done if one.problem), label="problem:")

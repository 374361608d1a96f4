"""``ml export``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering
from ml.data.exporters import PlaylistsExport, TableExport
from ml.data.workspace import DEMO
from ml.foundation.counting import number_of

_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    what: Annotated[
        str, typer.Argument(help="listens, counts, items, tags, playlists, feedback; profiles are personal data.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; for playlists a folder, or a file for one.")],
    form: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--format", help="csv, tsv, parquet; m3u8, xspf, jspf, csv, spotify. Or the suffix says it."),
    ] = None,
    user: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Only what belongs to this listener: outside id, or its short form."),
    ] = None,
    playlist: Annotated[Optional[str], typer.Option(help="Only this playlist: name or outside id.")] = None,  # noqa: UP045
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write listens, catalogue, tags or playlists to files that other programs read.

    The tables, feedback apart, can be imported again with [bold]ml import[/]. Personal data is only in
    [bold]profiles[/], and never written without being asked for by that name.
    """
    with answering() as app:
        done = app.export(what, out, form=form, user=user, playlist=playlist, force=force)
        synthetic = app.workspace.label == DEMO
    if json:
        print_json(done)
        return
    if isinstance(done, PlaylistsExport):
        _show_playlists(done)
    else:
        _show_table(done)
    if synthetic:
        notices(["these data are synthetic: the demo world answers while nothing was imported"])


def _show_table(done: TableExport) -> None:
    say(f"[bold]{data(done.path)}[/]: {number_of(done.rows, 'row')} of {done.what}, {done.size_bytes / 1e6:,.1f} MB")
    if not done.rows:
        say("[dim]what there is to export is counted by:[/] [cyan]ml status[/]")


def _show_playlists(done: PlaylistsExport) -> None:
    written = f"{number_of(len(done.playlists), 'playlist')}, {number_of(done.written, 'entry', 'entries')}"
    say(f"[bold]{data(done.path)}[/]: {written}, {done.format}")
    lost: Counter[str] = Counter()
    for one in done.playlists:
        lost.update(one.not_carried)
    if lost:
        say("not carried by the format: " + ", ".join(f"{field} of {count:,}" for field, count in lost.items()))
    if not done.left_out:
        return
    say(f"[yellow]{number_of(done.left_out, 'entry', 'entries')} left out:[/]")
    rows = [
        (Path(one.path).name, left.position + 1, left.title, left.reason)
        for one in done.playlists
        for left in one.left_out
    ]
    table(["playlist", "entry", "title", "why"], rows[:_SHOWN], right=[1])
    if done.format == "m3u8":
        say("[dim]formats that need no files:[/] [cyan]--format xspf[/]")

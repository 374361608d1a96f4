"""``ml listeners``: all that is stored of one listener, given to them or erased."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering
from ml.data.listeners import Erased
from ml.foundation.atomic import disk_errors, draft, sync
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput

group = typer.Typer(name="listeners", help="All that is stored of one listener.", no_args_is_help=True)
Listener = Annotated[str, typer.Argument(help="Outside id, or its short form.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def export(
    listener: Listener,
    out: Annotated[Optional[Path], typer.Option("--out", "-o", help="A file; left out, on stdout.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Write all that is stored of a listener, as one JSON document."""
    if out is not None and out.exists():
        raise BadInput(f"{out}: exists already", "give another name, or remove it first")
    with answering() as app:
        pieces = app.export_listener(listener)
        if out is None:
            for piece in pieces:
                sys.stdout.write(piece.decode())
            return
        with disk_errors(out), draft(out.absolute().parent) as folder:
            new = folder / out.name
            with new.open("wb") as stream:
                stream.writelines(pieces)
            sync(new)
            new.rename(out)
    if json:
        print_json({"file": str(out)})
    else:
        say(f"written: {data(out)}")


@group.command()
def erase(
    listener: Listener,
    confirm: Annotated[str, typer.Option(help="The listener's outside id once more, in full.")] = "",
    json: Json = False,
) -> None:
    """Delete all that is stored of a listener; nothing brings it back, but a backup that was made before."""
    with answering() as app:
        done = app.erase_listener(listener, confirm=confirm)
    print_json(done) if json else _show(done)


def _show(done: Erased) -> None:
    table(["deleted", "rows"], [[data(name), f"{rows}"] for name, rows in done.rows.items()], right=[1])
    if done.pseudonym is not None:
        say(f"the audit log knows them as [bold]{data(done.pseudonym)}[/]")
    told = []
    if done.taint.models:
        told.append(f"trained on what they heard: {', '.join(done.taint.models)}; train again, and remove these")
    if done.taint.snapshots:
        there = len(done.taint.snapshots)
        holds = "holds" if there == 1 else "hold"
        told.append(f"{number_of(there, 'snapshot')} {holds} what they heard, under a key of nobody")
    if done.taint.unclear:
        told.append(f"trained on a snapshot that is not here any more: {', '.join(done.taint.unclear)}")
    notices(told)

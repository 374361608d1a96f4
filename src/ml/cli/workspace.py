"""``ml status``, ``ml snapshot``, ``ml settings``, ``ml workspace begin|backup|restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ml.cli.models import show_scores
from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering, own
from ml.data.demo import LABEL
from ml.data.workspace import DEMO
from ml.data.workspace import restore as unpack
from ml.foundation import configuration
from ml.foundation.moments import in_utc
from ml.foundation.settings import built, variable_name

group = typer.Typer(name="workspace", help="The folder that holds everything.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands and the group."""
    for command in (status, snapshot, settings):
        app.command()(command)
    app.add_typer(group)


def status(json: Json = False) -> None:
    """Show what is in the workspace, the last imports, and how good the models are."""
    with answering() as app:
        now = app.status()
    if json:
        print_json(now)
        return
    held = now.data
    say(f"[bold]{data(held.home)}[/] [dim]{data(held.database)}, {held.size_bytes / 1e6:,.1f} MB[/]")
    if held.label == DEMO:
        notices([f"{LABEL}: nobody and nothing in it is real"])
    counts = {"listeners": held.listeners, **{f"{kind}s": number for kind, number in held.items.items()}}
    counts |= {name: getattr(held, name) for name in ("merged", "listens", "totals", "tags", "playlists", "files")}
    counts["scanned files"] = held.scanned_files
    table(["", ""], [[name, f"{number:,}"] for name, number in counts.items() if number], right=[1])
    if held.first_listen and held.last_listen:
        say(f"listens from {held.first_listen.date()} to {held.last_listen.date()}")
    if held.imports:
        rows = [
            [run.import_id, run.status.replace("running", "unfinished"), in_utc(run.started_at), run.path]
            for run in held.imports
        ]
        say("\n[bold]Last imports[/]")
        table(["import", "status", "started", "path"], rows, right=[0])
    say(f"\n[bold]Models[/] {data(now.models or 'none yet: ml train')}")
    if now.problem:
        say(f"[red]{data(now.problem)}[/]")
    elif now.models:
        show_scores(now.scores)
    notices([now.news] if now.news else [])


def snapshot(json: Json = False) -> None:
    """Freeze what is in the store as Parquet files with a manifest; same content, same hash."""
    with answering() as app:
        taken = app.snapshot()
    if json:
        print_json(taken.manifest)
        return
    say(f"[bold]{data(taken.folder)}[/]")
    table(["table", "rows"], [[name, f"{rows:,}"] for name, rows in taken.manifest.rows.items()], right=[1])


def settings(json: Json = False) -> None:
    """List every setting, its value, where it came from, and its environment variable."""
    current = configuration.current()
    rows = [
        {
            "key": f"{section}.{key}",
            "value": current[section][key],
            "origin": current.origins[f"{section}.{key}"],
            "variable": variable_name(section, key),
            "built": built(section, key),
        }
        for section in current
        for key in current[section]
    ]
    if json:
        print_json(rows)
        return
    shown = [[r["key"] if r["built"] else f"{r['key']} *", r["value"], r["origin"]] for r in rows]
    table(["setting", "value", "from"], shown)
    example = rows[2]
    say(f"[dim]in the environment {data(example['key'])} is[/] {data(example['variable'])}")
    say("[dim]* belongs to a capability that is not built yet: checked, but without effect[/]")


@group.command()
def begin(json: Json = False) -> None:
    """Let your own workspace answer from now on, empty as it is, instead of the demo world."""
    with own() as app:
        begun = app.begin()
    home = data(begun.home)
    if json:
        print_json(begun)
    elif begun.already:
        when = f" at {in_utc(begun.since)}" if begun.since else ""
        say(f"{home} was begun already{when} and answers; fill it: ml import PATH")
    else:
        say(f"{home} answers from now on; fill it: ml import PATH")


@group.command()
def backup(file: Annotated[Path, typer.Argument(help="The archive to write.")], json: Json = False) -> None:
    """Write everything in the workspace into one archive, while others go on using it."""
    with own() as app:
        done = app.backup(file)
    if json:
        print_json(done)
    else:
        say(f"{data(file)}: {file.stat().st_size / 1e6:,.1f} MB")


@group.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Move a workspace that is there aside.")] = False,
    json: Json = False,
) -> None:
    """Unpack an archive into the workspace folder."""
    storage = configuration.current().storage
    done = unpack(file, storage.home, database_url=storage.database_url, force=force)
    if json:
        print_json(done)
        return
    say(f"{data(file)} is restored in {data(done.home)}")
    if done.moved_aside:
        say(f"what was there before is now in {data(done.moved_aside)}")

"""``ml audit``: who did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.app import App
from ml.app.audits import audit_key_file, audit_log
from ml.cli.outcome import print_json
from ml.cli.recording import present_log
from ml.cli.screen import data, say, table
from ml.cli.workspaces import own
from ml.data.audit import Key, Verification, Wanted, anchor_line, heads, last, read_anchors, verify
from ml.data.audit import export as write_export
from ml.data.audit.record import moment
from ml.data.identity import find_user
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.paths import expanded

#: The status of a log that is not as it was written: that of damaged files.
UNSOUND = 7
#: Findings that are shown to people.
_SHOWN = 20

group = typer.Typer(name="audit", help="Who did what: the audit log of the workspace.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Folder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--log", help="Folder of a log, such as a copy on another machine; default the workspace's.", file_okay=False
    ),
]
Who = Annotated[Optional[str], typer.Option(help="By whom: an id as records have it, as local:1000.")]  # noqa: UP045
What = Annotated[Optional[str], typer.Option(help="What: history.pause, or history for all of it.")]  # noqa: UP045
Whom = Annotated[Optional[str], typer.Option(help="On whom: a listener's outside id, or its short form.")]  # noqa: UP045
Since = Annotated[Optional[str], typer.Option(help="From when: a day, or ISO 8601 with time zone.")]  # noqa: UP045
Until = Annotated[Optional[str], typer.Option(help="Before when, likewise.")]  # noqa: UP045
Ended = Annotated[Optional[str], typer.Option("--result", help="ok, denied or error.")]  # noqa: UP045


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command(name="verify")
def verify_(
    anchor: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A line that `ml audit anchor` printed, or a file with some; may be repeated."),
    ] = None,
    key: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(help="File of an audit key that was in use before; may be repeated.", dir_okay=False),
    ] = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Read every record and tell what was changed, removed, inserted or cut off; the status is 7 then."""
    anchors = [head for each in anchor or () for head in read_anchors(each)]
    with own() as app:
        files = [*map(expanded, key or ()), audit_key_file(app.settings, app.workspace.home)]
        keys = [Key.kept(file) for file in files if file.exists() or file in (key or ())]
        found = verify(_folder(app, folder), keys=keys, anchors=anchors)
    if json:
        print_json(found)
    else:
        _show(found)
    if not found.sound:
        raise typer.Exit(UNSOUND)


@group.command()
def anchor(folder: Folder = None, json: Json = False) -> None:
    """Print where every chain ends, in one line to keep elsewhere: what is cut off later will be missed."""
    with own() as app:
        found = heads(_there(_folder(app, folder)))
    if json:
        print_json({"anchor": anchor_line(found), "heads": {name: [each.n, each.hash] for name, each in found.items()}})
    else:
        typer.echo(anchor_line(found))


@group.command()
def show(
    who: Who = None,
    what: What = None,
    whom: Whom = None,
    since: Since = None,
    until: Until = None,
    result: Ended = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Records.")] = 20,
    json: Json = False,
) -> None:
    """Show the newest records, or the newest of those that are asked for.

    What the log notes about itself is shown with --what audit.
    """
    with own() as app:
        wanted = _wanted(app, who, what, whom, since, until, result)
        notes = (what or "").startswith("audit")
        found = last(_there(app.workspace.audit), replace(wanted, notes=notes), count)
    if json:
        print_json(found)
    elif found:
        columns = ("at", "who", "what", "whom", "how", "result", "about")
        rows = [each | {"at": f"{each['at'][:19]}Z", "about": _details(each["about"])} for each in found]
        table(columns, [[each[name] for name in columns] for each in rows])
    else:
        say("none")


@group.command()
def export(
    out: Annotated[Path, typer.Option(help="File to write: .jsonl or .csv.", dir_okay=False)],
    who: Who = None,
    what: What = None,
    whom: Whom = None,
    since: Since = None,
    until: Until = None,
    result: Ended = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    json: Json = False,
) -> None:
    """Write records to a file, the oldest first."""
    with own() as app:
        wanted = _wanted(app, who, what, whom, since, until, result)
        done = write_export(_there(app.workspace.audit), wanted, expanded(out), force=force)
    if json:
        print_json(done)
    else:
        say(f"{data(done.file)}: {number_of(done.records, 'record')}")


@group.command()
def prune(
    days: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Older than so many days; default audit.retention_days of the settings."),
    ] = None,
    json: Json = False,
) -> None:
    """Remove files whose last record is old; a record of that stays, so that the rest can still be verified."""
    with own() as app:
        _there(app.workspace.audit)
        log = present_log() or audit_log(app.settings, app.workspace)
        done = log.prune(days or app.settings.audit.retention_days)
    if json:
        print_json(done)
    else:
        say(f"{number_of(done.files, 'file')} removed, with {number_of(done.records, 'record')}")


def _folder(app: App, named: Path | None) -> Path:
    return app.workspace.audit if named is None else expanded(named)


def _there(folder: Path) -> Path:
    if not folder.is_dir():
        raise EmptyWorkspace(f"{folder}: no audit log", "it begins with the first command that is recorded")
    return folder


def _wanted(
    app: App,
    who: str | None,
    what: str | None,
    whom: str | None,
    since: str | None,
    until: str | None,
    result: str | None,
) -> Wanted:
    pseudonym = None
    if whom is not None:
        with app.workspace.store.read() as connection:
            user_key = find_user(connection, whom)
        pseudonym = audit_log(app.settings, app.workspace).pseudonym(user_key)
    return Wanted(who, what, pseudonym, result, _moment("--since", since), _moment("--until", until))


def _moment(option: str, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        hint = f"write {option} 2026-11-26, or 2026-11-26T08:00+01:00"
        raise BadInput(f"{option} {text!r}: no moment", hint) from None
    if at.tzinfo is None:
        if len(text) > len("2026-11-26"):
            raise BadInput(f"{option} {text!r}: without time zone", f"write it as {option} {text}Z")
        at = at.replace(tzinfo=UTC)
    return moment(int(at.timestamp()) * 1_000_000 + at.microsecond)


def _details(about: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in about.items())


def _show(found: Verification) -> None:
    about = f"{found.records:,} records in {number_of(found.files, 'file')} of {number_of(found.chains, 'chain')}"
    if found.sound:
        say(f"[green]✓[/] {about}: as they were written")
    else:
        say(f"[bold red]✗[/] {about}: {number_of(found.finding_count, 'finding')}")
        rows = [(each.file, each.line or None, each.what) for each in found.findings[:_SHOWN]]
        table(("file", "line", "what"), rows, right=[1])
    compared = number_of(found.anchors, "anchor")
    say(f"[dim]{compared} compared, {found.torn} unfinished, {number_of(found.clock_jumps, 'jump')} of the clock[/]")
    if found.seals != "checked":
        say("[dim]no key is here: a log that was written anew from some record on would look like this one[/]")

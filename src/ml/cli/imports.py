"""``ml import``, ``ml import list``, ``ml import rejects`` and ``ml import undo``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import problems, say, table
from ml.cli.shown import show_import
from ml.cli.workspaces import own
from ml.data.importers.base import DEFAULT_USER, Options
from ml.data.ingest import ImportSummary, dry_run
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.foundation.moments import in_utc
from ml.foundation.progress import progress

#: Refused rows that are printed as JSON at most; as CSV all are.
_MOST_REJECTS = 1_000


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import")(import_)


def import_(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Folders, zip archives or files; or `list`, `rejects ID`, `undo ID`."),
    ],
    kind: Annotated[str, typer.Option(help="Which importer; auto looks at the content.")] = "auto",
    column: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--map", metavar="COLUMN=FIELD", help="Which column of a table is what, e.g. user=userId; user= for none."
        ),
    ] = None,
    user: Annotated[str, typer.Option(help="Whose listens, where the export does not say.")] = DEFAULT_USER,
    source: Annotated[str, typer.Option(help="Prefix of ids that come without one.")] = "local",
    item_kind: Annotated[str, typer.Option(help="track or artist, where the source does not say.")] = "track",
    encoding: Annotated[
        str | None, typer.Option(help="Of text files; left out: by the byte order mark, else UTF-8.")
    ] = None,
    delimiter: Annotated[Optional[str], typer.Option(help="Of text tables; guessed if left out.")] = None,  # noqa: UP045
    private: Annotated[
        bool, typer.Option("--private-in-profile", help="Listens of private sessions count like others.")
    ] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Read and check, store nothing.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Read files also that were read before.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import listening history, catalogues, playlists or a music folder.

    The same file twice adds nothing; an interrupted import goes on where it stopped;
    rows that cannot be used are listed with file, line and reason. [bold]ml import undo ID[/]
    takes an import back, [bold]ml import list[/] shows all that were made, and
    [bold]ml import rejects ID[/] prints the rows that one refused as CSV, to be mended and imported again.
    """
    if paths[0] == "undo" and not Path("undo").exists():
        _undo(paths[1:], json=json)
        return
    if paths[0] == "rejects" and not Path("rejects").exists():
        _rejects(paths[1:], json=json)
        return
    if paths == ["list"] and not Path("list").exists():
        _list(json=json)
        return
    if item_kind not in ("track", "artist"):
        raise BadInput(f"--item-kind {item_kind!r}", "give track or artist")
    options = Options(
        user=user,
        columns=_columns(column or []),
        item_kind=item_kind,
        source=source,
        delimiter=delimiter,
        encoding=encoding,
        private_in_profile=private,
    )
    summaries = [_import_one(path, kind, options, dry=dry, again=again) for path in paths]
    if json:
        print_json(summaries if len(summaries) > 1 else summaries[0])
        return
    for summary in summaries:
        show_import(summary)
    if any(summary.rows and summary.rows == summary.rejected for summary in summaries):
        raise BadInput("not one row could be used", "the reasons stand above; --map, --encoding or --kind may help")
    if not dry:
        say("[dim]next:[/] [cyan]ml train[/]")


def _import_one(path: str, kind: str, options: Options, *, dry: bool, again: bool) -> ImportSummary:
    if dry:
        return dry_run(path, kind=kind, options=options)
    read = 0

    def on_rows(_unit: str, rows: int) -> None:
        nonlocal read
        read += rows
        bar.advance(rows)

    with own() as app, progress(label=Path(path).name) as bar:
        try:
            return app.import_path(path, kind=kind, options=options, again=again, on_rows=on_rows)
        except KeyboardInterrupt:
            stays = "what is stored stays, and the same command goes on from there"
            problems().print(f"stopped after {number_of(read, 'row')}; {stays}")
            raise typer.Exit(130) from None


def _columns(pairs: list[str]) -> dict[str, str]:
    columns = {}
    for pair in (part for text in pairs for part in text.split(",")):
        ours, sign, theirs = pair.partition("=")
        if not (ours and sign):
            raise BadInput(f"--map {pair!r}", "write our name, =, the file's column: --map user=userId")
        columns[ours.strip()] = theirs.strip()
    return columns


def _list(*, json: bool) -> None:
    with own() as app:
        records = app.imports()
    if json:
        print_json(records)
        return
    if not records:
        say("nothing was imported yet")
        return
    rows = [
        [
            record.import_id,
            record.status.replace("running", "unfinished"),
            in_utc(record.started_at),
            f"{record.summary['rows']:,}" if "rows" in record.summary else "",
            record.path,
        ]
        for record in records
    ]
    table(["import", "status", "started", "rows", "path"], rows, right=[0, 3])


def _number(verb: str, words: list[str]) -> int:
    if len(words) != 1 or not (words[0].isascii() and words[0].isdecimal()):
        raise BadInput(f"{verb} takes the number of one import", "imports are listed by: ml import list")
    return int(words[0])


def _rejects(words: list[str], *, json: bool) -> None:
    import_id = _number("rejects", words)
    with own() as app:
        if json:
            print_json(app.rejects(import_id, count=_MOST_REJECTS))
            return
        for part in app.export_rejects(import_id):
            sys.stdout.write(part)


def _undo(words: list[str], *, json: bool) -> None:
    import_id = _number("undo", words)
    with own() as app:
        report = app.undo_import(import_id)
    if json:
        print_json(report)
        return
    say(f"import {report.import_id} is undone")
    if report.removed:
        table(["removed", "rows"], [[name, f"{rows:,}"] for name, rows in report.removed.items()], right=[1])
    else:
        say("it had brought nothing that is still there")
    if report.kept_items:
        stay = "item stays" if report.kept_items == 1 else "items stay"
        say(f"{report.kept_items:,} {stay}: referred to by later imports or recorded listens")
    if report.again:
        numbers = ", ".join(map(str, report.again))
        say(
            f"[yellow]note:[/] import {numbers} shared rows with it that are gone now; "
            "`ml import PATH` of the same files restores those"
        )

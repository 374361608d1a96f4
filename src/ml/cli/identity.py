"""``ml identity``: merges seen, made and undone."""

from __future__ import annotations

from typing import Annotated

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, say, table
from ml.cli.workspaces import answering
from ml.foundation.counting import number_of

group = typer.Typer(name="identity", help="What counts as the same track or artist.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command(name="list")
def list_(
    below: Annotated[float, typer.Option(help="Only merges of a confidence below this.")] = 1.01,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1_000_000)] = 50,
    json: Json = False,
) -> None:
    """List what counts as something else, the least certain first."""
    with answering() as app:
        merges = app.merges(below=below, limit=limit)
    if json:
        print_json(merges)
        return
    rows = [
        [f"{m.confidence:.2f}", m.method, f"{m.item} ({m.item_id})", f"{m.same_as} ({m.same_as_id})"] for m in merges
    ]
    table(["confidence", "by", "this", "counts as"], rows)
    say(f"[dim]{number_of(len(merges), 'merge')}; undo one with[/] [cyan]ml identity split ID[/]")


@group.command()
def merge(
    one: Annotated[str, typer.Argument(help="The item that stays.")],
    other: Annotated[str, typer.Argument(help="The item that counts as it from now on.")],
    json: Json = False,
) -> None:
    """Let one item count as another; the models follow with the next training."""
    with answering() as app:
        done = app.merge(one, other)
    if json:
        print_json(done)
    else:
        say(f"{data(done.item)} ({data(done.item_id)}) counts as {data(done.same_as)} ({data(done.same_as_id)})")


@group.command()
def split(item: Annotated[str, typer.Argument(help="Outside id of the merged item.")], json: Json = False) -> None:
    """Let a merged item stand for itself again."""
    with answering() as app:
        name = app.split(item)
    if json:
        print_json({"item_id": item, "title": name})
    else:
        say(f"{data(name)} ({data(item)}) stands for itself again")

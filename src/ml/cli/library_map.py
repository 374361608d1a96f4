"""``ml map``: the library as a map."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering
from ml.foundation.counting import number_of
from ml.foundation.moments import in_utc
from ml.foundation.progress import progress
from ml.library_map import Built, LibraryMap
from ml.library_map.atlas import MOST

group = typer.Typer(name="map", help="The library as a map: laid out, looked at.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def build(
    by: Annotated[str, typer.Option(help="What is near: listening (by the models in use) or sound.")] = "listening",
    kind: Annotated[str, typer.Option(help="track or artist.")] = "track",
    only_new: Annotated[
        bool, typer.Option("--only-new", help="Leave all where it is, and place what is new among its neighbours.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the layout.", min=0)] = 0,
    json: Json = False,
) -> None:
    """Lay the library out as a map; `ml serve` shows it under /map. One that is there is begun from."""
    with answering() as app, progress(label="map") as bar:

        def on_step(what: str, done: int, total: int) -> None:
            bar.describe(f"{what}: {done:,} of {total:,}")

        built = app.atlas.build(by=by, kind=kind, only_new=only_new, seed=seed, on_step=on_step)
        said = app.notices
    if json:
        print_json(built)
    else:
        _show_built(built)
        notices(said)


@group.command()
def show(
    by: Annotated[Optional[str], typer.Option(help="listening or sound; left out, what is there.")] = None,  # noqa: UP045
    kind: Annotated[Optional[str], typer.Option(help="track or artist; left out, what is there.")] = None,  # noqa: UP045
    count: Annotated[int, typer.Option("--count", "-n", help="Regions; with --json, points.", min=1)] = 24,
    json: Json = False,
) -> None:
    """List the regions of a map, with what is played most in each."""
    with answering() as app:
        found = app.atlas.show(by=by, kind=kind, count=count if json else MOST)
    if json:
        print_json(found)
    else:
        _show(found, count)


def _show_built(built: Built) -> None:
    say(f"{number_of(built.points, built.kind)} on the map by {built.by}; {built.without:,} without a place")
    if built.placed:
        say(f"{built.placed:,} of them new, among their neighbours")
    say(f"of the ten nearest, {built.kept_of_10:.1f} are among the ten nearest on it")
    say("[dim]next:[/] [cyan]ml serve[/], and the page /map")


def _show(found: LibraryMap, count: int) -> None:
    if found.state == "ready":
        regions = [each for each in found.regions if each.grain == 0][:count]
        rows = [
            (each.name, f"{each.points:,}", ", ".join(data(found.names[place]) for place in each.most_played[:3]))
            for each in regions
        ]
        table(("region", f"{found.kind}s", "played most"), rows, right=(1,))
        laid = "" if found.laid_out_at is None else f", laid out {in_utc(found.laid_out_at)}"
        say(f"[dim]{found.n_points:,} {found.kind}s by {found.by}{laid}[/]")
        notices([*found.notices, *(["other models are in use now: ml map build"] if found.stale else [])])
    elif found.state == "not_laid_out":
        say(f"not laid out yet: [cyan]ml map build --by {found.by} --kind {found.kind}[/]")
    else:
        say("nothing to lay out yet: [cyan]ml train[/] for a map by listening, [cyan]ml audio scan FOLDER[/] by sound")

"""``ml models``: the sets that were trained, and which of them answers."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from ml.cli.models import show_scores
from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering
from ml.foundation.counting import number_of
from ml.foundation.moments import in_utc

group = typer.Typer(name="models", help="The models that were trained, and which of them answer.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_GATE = {True: "passed", False: "held back", None: "not measured"}


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command(name="list")
def list_(json: Json = False) -> None:
    """List the sets of models, the newest first."""
    with answering() as app:
        sets, said = app.model_sets(), app.notices
    if json:
        print_json(sets)
        return
    if not sets:
        say("no models yet: [cyan]ml train[/]")
        return
    rows = [
        [
            "→" if known.in_use else "",
            known.version,
            f"{number_of(known.n_listeners, 'listener')}, {number_of(known.n_items, known.item_kind)}",
            _GATE[known.passed],
            known.why,
        ]
        for known in sets
    ]
    table(["", "version", "trained on", "gate", "why"], rows)
    notices(said)


@group.command()
def show(
    version: Annotated[Optional[str], typer.Argument(help="Left out, the set in use.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Show what a set was trained on and how good it was found."""
    with answering() as app:
        card, said = app.model_card(version), app.notices
    if json:
        print_json(card | {"notices": said})
        return
    about = card["about"]
    say(f"[bold]{data(card['version'])}[/] of {in_utc(card['created_at'])}")
    say(f"  models     {data(', '.join(card['models']))}")
    learned = number_of(about["n_listeners"], "listener"), number_of(card["n_items"], card["item_kind"])
    say(f"  trained on {', '.join(learned)}")
    say(f"  data       {data(about['data_hash'])} [dim]seed {about['seed']}[/]")
    say(f"  libraries  {data(', '.join(f'{name} {number}' for name, number in card['libraries'].items()))}")
    show_scores(about.get("scores", {}))
    notices(said)


@group.command()
def promote(
    version: Annotated[str, typer.Argument(help="As `ml models list` shows it.")],
    json: Json = False,
) -> None:
    """Let a set of models answer from now on, whatever the gate said of it."""
    with answering() as app:
        app.promote(version)
    _in_use(version, json=json)


@group.command()
def rollback(json: Json = False) -> None:
    """Let the set answer that did before this one."""
    with answering() as app:
        version = app.rollback()
    _in_use(version, json=json)


def _in_use(version: str, *, json: bool) -> None:
    if json:
        print_json({"in_use": version})
    else:
        say(f"{data(version)} answers from now on")

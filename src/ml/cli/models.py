"""``ml train``."""

from __future__ import annotations

import time
from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, stepper, table
from ml.cli.workspaces import answering
from ml.foundation.counting import number_of
from ml.models.gate import FEWEST
from ml.models.tuned import words


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(train)


def train(
    kind: Annotated[
        Optional[str], typer.Option(help="track or artist; left out, what was played more.")  # noqa: UP045
    ] = None,
    judge: Annotated[bool, typer.Option(help="Measure the models on a held-out part first.")] = True,
    portfolio: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option(help="Make the portfolio too: mostly the best lists, for many times the time and up to 3 GB."),
    ] = None,
    sequential: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option(help="Make the transformer over histories too; it needs the extra deep, and minutes."),
    ] = None,
    deep: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option(help="Make the deep part, where the extra `deep` is installed; it needs the held-out part."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the card as JSON.")] = False,
) -> None:
    """Train the models on what is in the workspace; they answer from then on."""
    started = time.perf_counter()
    with answering() as app:
        run = app.train(
            kind=kind, judge=judge, portfolio=portfolio, sequential=sequential, deep=deep, on_step=stepper()
        )
    trained, gate = run.models, run.models.card["gate"]
    if json:
        print_json(run.to_dict())
        return
    say(
        f"trained on {number_of(trained.card['n_listeners'], 'listener')}"
        f" and {number_of(len(trained.item_keys), trained.item_kind)}"
        f" in {time.perf_counter() - started:.1f} s"
    )
    show_scores(trained.card.get("scores", {}))
    notices([note for note in (run.news, _about_settings(trained.card.get("tuned"))) if note])
    if gate.passed is False:
        say(f"[yellow]note:[/] {data(gate.why)}")
    elif not run.in_use and not run.lost:
        say(f"[yellow]note:[/] nobody has played any {data(trained.item_kind)}: there was nothing to learn from")
    notices(f"{each}, which these models have not" for each in run.lost)
    if run.in_use:
        say("[dim]next:[/] [cyan]ml recommend LISTENER[/]")
    else:
        say(f"the models in use stay in use; [cyan]ml models promote {data(run.version)}[/] changes that")


def show_scores(scores: dict[str, Any]) -> None:
    """Print the scores of a set of models, with intervals and the difference to popularity."""
    if not scores:
        say("[dim]not measured: nothing was held out[/]")
        return
    first = next(iter(scores.values()))
    judged = number_of(first["n_listeners"], "listener")
    say(f"[dim]{first['task']}, {first['protocol']}, {judged}, all items ranked:[/]")
    if first["n_listeners"] < FEWEST:
        say("[yellow]note:[/] so few listeners say little, whatever the interval")
    metrics = [name for name in first if "@" in name]
    last = metrics[-1]
    rows = [
        [name, *(f"{values[metric]['value']:.4f}" for metric in metrics), *_intervals(values[last])]
        for name, values in sorted(scores.items(), key=lambda pair: -pair[1][last]["value"])
    ]
    columns = ["model", *metrics, f"95 % of {last}", "above popularity"]
    table(columns, rows, right=range(1, len(columns)))
    for name, values in scores.items():
        if "judged" in values:
            say(f"[dim]{name}: {values['judged']}[/]")


def _intervals(value: dict[str, Any]) -> tuple[str, str]:
    (low, high), (least, most) = value["ci"], value["above_popularity_ci"]
    gain = "" if value["above_popularity"] == 0 else f"{least:+.3f} … {most:+.3f}"
    return f"{low:.3f} – {high:.3f}", gain


def _about_settings(tuned: dict[str, Any] | None) -> str | None:
    if tuned is None:
        return None
    said = f"settings of `ml tune`: {words(tuned['models'])}"
    if tuned["judged_with_them"]:
        return said
    return f"{said}; the scores are without them, since they were searched on other plays or another split"

"""``ml evaluate``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml import __version__
from ml.cli.command_line import command_line
from ml.cli.listed import lengths_in, names_in
from ml.cli.paged import Html, Json, page_at, put_out
from ml.cli.screen import data, say, stepper, table
from ml.cli.workspaces import answering
from ml.data.workspace import Workspace
from ml.evaluation import Budget, Evaluation, evaluate_files, report
from ml.evaluation.contest import SEARCH
from ml.foundation import configuration
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.models import judging
from ml.models.gate import FEWEST
from ml.models.tuned import words
from ml.models.weighing import Worth


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(evaluate)


def evaluate(
    context: typer.Context,
    train: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Learn from this file of `user item item …` lines instead of the workspace."),
    ] = None,
    test: Annotated[Optional[Path], typer.Option(help="Judge by this file.")] = None,  # noqa: UP045
    valid: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Choose settings and weights by this file; it is left out of the ranking too."),
    ] = None,
    models: Annotated[
        Optional[str], typer.Option(help="Names with commas between; left out, all that the data suit.")  # noqa: UP045
    ] = None,
    k: Annotated[str, typer.Option("-k", "--k", help="Lengths of the rankings, with commas between.")] = "10,20",
    task: Annotated[str, typer.Option(help="discovery: what is new to a listener; next_listen: repeats count.")] = (
        "discovery"
    ),
    split: Annotated[
        str, typer.Option(help="auto, time, last (listen of each) or per_listener; of the workspace's history.")
    ] = "auto",
    kind: Annotated[
        Optional[str], typer.Option(help="track or artist; left out, what was played more.")  # noqa: UP045
    ] = None,
    minutes: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="With --valid: how long to search for settings on it; 0 leaves them as they are. [20]"),
    ] = None,
    trials: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="With --valid: settings to try for each model, at most; alone, it has all the time. [20]"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of models, splits and intervals.", min=0)] = 0,
    html: Html = None,
    json: Json = False,
) -> None:
    """Measure models on what they have not seen, all items ranked, with intervals and beside the baseline."""
    page = page_at(html)
    wanted: dict[str, Any] = {"models": names_in(models), "ks": lengths_in(k), "task": task, "seed": seed}
    source: dict[str, Any] = {
        "train": train,
        "test": test,
        "valid": valid,
        "kind": kind,
        "split": None if train else split,
    }
    minutes, trials = _limits(valid, minutes, trials)
    source |= {"minutes": minutes, "trials": trials}
    asked = {**source, "models": models, "k": k, "task": task, "seed": seed}
    wanted["command"] = command_line("evaluate", asked, home=context.find_root().params.get("home"))
    wanted["on_step"] = stepper()
    if train is None and test is None and valid is None:
        with answering() as app:
            found = app.evaluate(kind=kind, split=split, **wanted)
    elif train is None or test is None:
        raise BadInput("a published split has two parts", "give both --train FILE and --test FILE")
    elif kind is not None or split != "auto":
        raise BadInput("the files are the split", "leave out --kind and --split")
    else:
        current = configuration.current()
        # No budget is no search.
        budget = Budget(minutes, trials) if minutes or trials else None
        kept: dict[str, Any] = {"budget": budget, "folder": Workspace.at(current.storage.home).searches}
        found = evaluate_files(current.recommendation_engine, train, test, valid, **kept, **wanted)
    write = partial(report.write, found, on=datetime.now(UTC).date(), version=__version__)
    put_out(found, show, write, page=page, json=json)


def _limits(valid: Path | None, minutes: float | None, trials: int | None) -> tuple[float | None, int | None]:
    """Give the limits of a search, in minutes and trials, those in force where none is given."""
    if valid is None and (minutes, trials) != (None, None):
        raise BadInput("there is nothing to search on", "give --valid FILE too, or leave out --minutes and --trials")
    if valid is not None and (minutes, trials) == (None, None):
        return SEARCH.minutes, SEARCH.trials
    return minutes, None if minutes == 0 else trials


def show(found: Evaluation) -> None:
    """Print an evaluation as a table, the best first."""
    protocol = found.protocol
    say(
        f"[bold]{protocol.task}[/] — {data(protocol.split)}; {number_of(protocol.n_listeners, 'listener')} judged,"
        f" {number_of(protocol.n_items, 'item')} ranked"
    )
    shown = [name for name in found.metrics() if name.split("@")[0] in {"recall", "ndcg"}]
    last = max((name for name in shown if name.startswith("ndcg")), key=lambda name: int(name.split("@")[1]))
    rows = []
    for name, values in sorted(found.models.items(), key=lambda pair: -pair[1][last].value):
        low, high = values[last].ci
        least, most = values[last].above_baseline_ci
        gain = "" if name == protocol.baseline else f"{least:+.4f} … {most:+.4f}"
        peak = values["peak_mb"]
        cost = (f"{values['fit_seconds']:.1f}", "" if peak is None else f"{peak:,.0f}")
        rows.append([name, *(f"{values[m].value:.4f}" for m in shown), f"{low:.4f} – {high:.4f}", gain, *cost])
    columns = ["model", *shown, f"95 % of {last}", f"above {protocol.baseline}", "fit s", "peak MB"]
    table(columns, rows, right=range(1, len(columns)))
    for name, values in found.models.items():
        if "settings" in values:
            say(f"[dim]settings of {data(name)}, found by search:[/] {data(words(values['settings']))}")
        elif "tuning" in values:
            say(f"[dim]settings of {data(name)}:[/] as they are, after {values['tuning'].trials} that were tried")
    for name, values in found.models.items():
        if "members" in values:
            _show_members(name, values["members"])
    learned = [name for name in found.models if name in judging.CROSSWISE]
    if learned:
        what = "learned on a part of what came before, fitted without it; nobody judged here taught it what followed"
        say(f"[dim]{', '.join(learned)}: {what}[/]")
    if protocol.n_listeners < FEWEST:
        say("[yellow]note:[/] so few listeners say little, whatever the interval")
    say(f"[dim]masked: {protocol.masked}; intervals: {protocol.interval}; seed {protocol.seed}[/]")
    if protocol.command:
        say(f"[dim]{data(protocol.command)}[/]")


def _show_members(name: str, members: Mapping[str, Worth]) -> None:
    """Print what each member of a portfolio adds, on the part that the weights were learned from."""
    rows = [
        [member, f"{worth.weight:.2f}" if worth.weight else "off", f"{worth.gain.low:+.4f} … {worth.gain.high:+.4f}"]
        for member, worth in sorted(members.items(), key=lambda pair: -pair[1].gain.mean)
    ]
    say(f"\n[bold]{data(name)}[/]: what each member adds to the others, on the part that the weights were learned from")
    table(["member", "weight", "95 % of its ndcg@20"], rows, right=[1, 2])

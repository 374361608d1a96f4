"""``ml tune``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.app import Search
from ml.cli.listed import names_in, words
from ml.cli.outcome import print_json
from ml.cli.screen import data, say, stepper, table
from ml.cli.workspaces import answering
from ml.evaluation import Budget, FileSearch, Tuning, tune_files
from ml.evaluation.tuning import METRIC
from ml.foundation import configuration
from ml.foundation.errors import BadInput


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(tune)


def tune(
    models: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Names with commas between; left out, all that the data suit."),
    ] = None,
    minutes: Annotated[float, typer.Option(help="How long to search in all, shared among the models.")] = 10.0,
    trials: Annotated[
        Optional[int], typer.Option(help="Settings to try for each model, at most.")  # noqa: UP045
    ] = None,
    train: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Learn from this file of `user item item …` lines instead of the workspace."),
    ] = None,
    valid: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Choose by this file; left out, by a part of the training file."),
    ] = None,
    task: Annotated[str, typer.Option(help="discovery or next_listen; what `ml evaluate` measures.")] = "discovery",
    split: Annotated[str, typer.Option(help="auto, time, last or per_listener; as `ml evaluate` cuts.")] = "auto",
    kind: Annotated[
        Optional[str], typer.Option(help="track or artist; left out, what was played more.")  # noqa: UP045
    ] = None,
    seed: Annotated[int, typer.Option(help="Of models, split and search.", min=0)] = 0,
    forget: Annotated[bool, typer.Option("--forget", help="Let the defaults hold again, and search nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout alone.")] = False,
) -> None:
    """Search for better settings of models on a part of the history; `ml train` takes them from then on.

    Stop it when you like: the same command goes on from where it was. What `ml evaluate` tests on is never looked at.
    """
    if forget:
        _forget(as_json=json)
        return
    wanted: dict[str, Any] = {"models": names_in(models), "budget": Budget(minutes, trials), "seed": seed}
    wanted["on_step"] = stepper()
    if train is None and valid is None:
        with answering() as app:
            found = app.tune(kind=kind, split=split, task=task, **wanted)
        _tell(f"{found.kind}s, {found.task}: a part of the first half of {found.split}", found, as_json=json)
        if not json and any(tuning.settings for tuning in found.models.values()):
            say(f"[dim]kept in {data(found.file)}; next:[/] [cyan]ml train[/]")
        return
    if train is None:
        raise BadInput("--valid is given, but nothing to learn from", "give --train FILE too")
    if kind is not None or split != "auto" or task != "discovery":
        raise BadInput("the files say what is learned and chosen by", "leave out --kind, --split and --task")
    current = configuration.current()
    folder = current.storage.home / "reports" / "tuning" / "searches"
    searched = tune_files(current.recommendation_engine, train, valid, folder=folder, **wanted)
    _tell(searched.split, searched, as_json=json)


def _forget(*, as_json: bool) -> None:
    with answering() as app:
        removed = app.forget_tuning()
    if as_json:
        print_json({"removed": removed})
    else:
        say("the defaults hold again" if removed else "there were no settings to forget")


def _tell(said: str, found: Search | FileSearch, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        _show(said, found.models)


def _show(said: str, models: Mapping[str, Tuning]) -> None:
    say(f"[bold]settings[/] — {data(said)}")
    rows = []
    for name, found in models.items():
        tried = f"{found.trials} ({found.new_trials} new)"
        gain = f"{found.gain.low:+.4f} … {found.gain.high:+.4f}" if found.trials > 1 else ""
        rows.append(
            [name, f"{found.before:.4f}", f"{found.value:.4f}", gain, tried, words(found.settings) or "as they are"]
        )
    table(["model", f"{METRIC} before", "best", "95 % of the gain", "tried", "settings"], rows, right=range(1, 5))

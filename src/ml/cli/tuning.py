"""``ml tune``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.cli.listed import names_in
from ml.cli.outcome import print_json
from ml.cli.screen import data, say, stepper, table
from ml.cli.workspaces import answering
from ml.data.workspace import Workspace
from ml.evaluation import Budget, Tuning, tune_files
from ml.evaluation.ground import METRIC
from ml.foundation import configuration
from ml.foundation.errors import BadInput
from ml.models.tuned import words


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
        Optional[int],  # noqa: UP045
        typer.Option(help="Settings to try for each model, at most, with those of earlier searches."),
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
        _forget(kind, as_json=json)
        return
    wanted: dict[str, Any] = {"models": names_in(models), "budget": Budget(minutes, trials), "seed": seed}
    wanted["on_step"] = stepper()
    if train is not None or valid is not None:
        _search_files(train, valid, wanted, given={"kind": kind, "split": split, "task": task}, as_json=json)
        return
    with answering() as app:
        found = app.tune(kind=kind, split=split, task=task, **wanted)
    if json:
        print_json(found)
        return
    said = f"{found.kind}s, {found.task}; searched on a part of what is learned from ({found.split})"
    _show(said, found.models, found.not_reached)
    if any(tuning.settings for tuning in found.models.values()):
        then = "ml train" if found.task == "discovery" else f"ml evaluate --task {found.task}"
        say(f"[dim]kept in {data(found.file)}; used by:[/] [cyan]{data(then)}[/]")


def _search_files(
    train: Path | None, valid: Path | None, wanted: dict[str, Any], *, given: dict[str, str | None], as_json: bool
) -> None:
    if train is None:
        raise BadInput("--valid is given, but nothing to learn from", "give --train FILE too")
    if given != {"kind": None, "split": "auto", "task": "discovery"}:
        raise BadInput("the files say what is learned and chosen by", "leave out --kind, --split and --task")
    current = configuration.current()
    folder = Workspace.at(current.storage.home).searches
    said, found = tune_files(current.recommendation_engine, train, valid, folder=folder, **wanted)
    if as_json:
        print_json({"split": said, **found.to_dict()})
    else:
        _show(said, found.models, found.not_reached)
        say(f"[dim]of files: `ml train` does not take them; the searches lie in {data(folder)}[/]")


def _forget(kind: str | None, *, as_json: bool) -> None:
    with answering() as app:
        removed = app.forget_tuning(kind)
    if as_json:
        print_json({"removed": removed})
    else:
        kept = "the searches stay, and the next one begins with what they found"
        say(f"the defaults hold again; {kept}" if removed else "there were no settings to forget")


def _show(said: str, models: Mapping[str, Tuning], not_reached: Sequence[str]) -> None:
    if models:
        say(f"[bold]settings[/] — {data(said)}; half of the listeners choose, the other half judge:")
        columns = ["model", f"{METRIC} before", "best", "95 % of the gain", "tried", "settings"]
        table(columns, [_row(name, found) for name, found in models.items()], right=range(1, 5))
    if not_reached:
        say(f"[yellow]note:[/] no time for {data(', '.join(not_reached))}: give more with --minutes, or name --models")


def _row(name: str, found: Tuning) -> list[str]:
    gain = f"{found.gain.low:+.4f} … {found.gain.high:+.4f}" if found.trials > 1 else ""
    numbers = [f"{found.before:.4f}", f"{found.value:.4f}", gain, f"{found.trials} ({found.new_trials} new)"]
    return [name, *numbers, words(found.settings) or "as they are"]

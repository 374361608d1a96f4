"""``ml doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from ml.app import App
from ml.cli.outcome import print_json
from ml.cli.screen import data, say
from ml.foundation import configuration
from ml.foundation.counting import number_of
from ml.foundation.diagnosis import Check

_MARKS = {"ok": "[green]✓[/]", "missing": "[dim]–[/]", "problem": "[bold red]✗[/]"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check what is installed, reachable and whole, and name the command that mends what is not.

    Nothing is changed. The status is 1 if something stands in the way; what is merely not
    there yet, such as an extra or a trained model, is no problem.
    """
    checks = App.diagnose(configuration.current())
    if json:
        print_json(checks)
    else:
        _show(checks)
    if any(check.status == "problem" for check in checks):
        raise typer.Exit(1)


def _show(checks: Sequence[Check]) -> None:
    width = max(len(check.name) for check in checks)
    for check in checks:
        say(f"{_MARKS[check.status]} {data(check.name):<{width}}  {data(check.detail)}")
        if check.command:
            say(f"  {'':<{width}}  [dim]→[/] [cyan]{data(check.command)}[/]")
    problems = sum(check.status == "problem" for check in checks)
    missing = sum(check.status == "missing" for check in checks)
    say(f"[dim]{number_of(len(checks), 'check')}, {number_of(problems, 'problem')}, {missing} not there (yet)[/]")

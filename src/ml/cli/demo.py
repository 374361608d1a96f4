"""``ml demo``: the demo world, made, trained and shown."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from ml.app import App
from ml.cli.screen import data, problems, say
from ml.cli.shown import show_recommendations
from ml.cli.words import language_of
from ml.foundation import configuration


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    seed: Annotated[int, typer.Option(help="Seed of the world.", min=0)] = 0,
    null: Annotated[bool, typer.Option("--null", help="The world without effects: nothing to learn.")] = False,
    listener: Annotated[str, typer.Option(help="Whom to recommend to.")] = "demo:user_12345",
) -> None:
    """Make a synthetic world, train on it and recommend: the whole system in one command."""
    started = time.perf_counter()
    opened = App.demo(
        configuration.current(),
        seed=seed,
        null=null,
        on_step=lambda label: problems().print(f"[dim]· {data(label)}[/]"),
    )
    try:
        answer = opened.engine.recommend(listener)
        say(f"\n[bold]Ten recommendations for {data(listener)}[/]")
        show_recommendations(answer, language_of(opened, None))
        seconds = time.perf_counter() - started
        say(f"\n[dim]{seconds:.0f} s; the demo world lies in {data(opened.workspace.home)}[/]")
    finally:
        opened.close()
    say("\n[bold]What to type next[/]")
    for command, what in (*_activation(), *_NEXT):
        say(f"  [cyan]{data(command)}[/]\n      {what}")


def _activation() -> list[tuple[str, str]]:
    """Give the command that puts ``ml`` on the path, where it is not."""
    script = Path(sys.executable).parent / "activate"
    if shutil.which("ml") or not script.exists():
        return []
    here = Path.cwd()
    shown = script.relative_to(here) if script.is_relative_to(here) else script
    return [(f". {shown}", "so that your shell finds the command ml")]


_NEXT = (
    ("ml recommend user_12346 --familiar 0.5", "another listener, half of it what they know already"),
    ("ml similar demo:artist/1", "artists that go with one"),
    ("ml record user_12345 demo:track/1 && ml recommend user_12345", "a listen changes the next answer"),
    ("ml serve", "the console in a browser, http://127.0.0.1:8000, and the API"),
    ("ml status", "what is in the workspace, and how good the models are"),
    ("ml import PATH && ml train", "your own history: Spotify, ListenBrainz, Last.fm, CSV, playlists, a music folder"),
)

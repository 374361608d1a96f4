"""What ``ml search`` remembers: searches, choices among hits, and searches with a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, say, table
from ml.cli.search import show
from ml.cli.words import language_of
from ml.cli.workspaces import playing
from ml.foundation.counting import number_of

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Listener = Annotated[str, typer.Option("--for", help="Whose searches.")]
Count = Annotated[int, typer.Option("--count", "-n", min=1, help="Lines.")]
Name = Annotated[str, typer.Argument(help="The name that it has.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    for command in (recent, trending, unanswered, choose, forget, save, saved, again, unsave):
        group.command(name=command.__name__)(command)


def recent(listener: Listener, count: Count = 10, json: Json = False) -> None:
    """List what a listener searched for, the newest first."""
    with playing() as app:
        found = app.search_engine.recent(listener, count=count)
    rows = [(datetime.fromtimestamp(one.asked_at / 1000, UTC).date(), one.text, one.total) for one in found]
    _show(found, ("day", "text", "found"), rows, json=json)


def trending(
    days: Annotated[float, typer.Option(min=0, help="Of so many last days.")] = 7, count: Count = 10, json: Json = False
) -> None:
    """List what most listeners searched for, and found."""
    with playing() as app:
        found = app.search_engine.trending(days=days, count=count)
    _show(found, ("text", "times"), [(one.text, one.times) for one in found], json=json)


def unanswered(
    days: Annotated[float, typer.Option(min=0, help="Of so many last days.")] = 30,
    count: Count = 20,
    json: Json = False,
) -> None:
    """List what nothing was found for, the most frequent first."""
    with playing() as app:
        found = app.search_engine.unanswered(days=days, count=count)
    _show(found, ("text", "times"), [(one.text, one.times) for one in found], json=json)


def choose(
    search_id: Annotated[int, typer.Argument(help="`search_id` of the answer.")],
    hit: Annotated[str, typer.Argument(help="Id of the hit that was chosen.")],
    json: Json = False,
) -> None:
    """Tell which hit was chosen, so that the next search for the same words knows it."""
    with playing() as app:
        app.search_engine.choose(search_id, hit)
    if json:
        print_json({"search_id": search_id, "hit": hit})


def forget(listener: Listener, json: Json = False) -> None:
    """Forget all that a listener searched for."""
    with playing() as app:
        gone = app.search_engine.forget(listener)
    if json:
        print_json({"forgotten": gone})
    else:
        say(f"{number_of(gone, 'search', 'searches')} forgotten")


def save(name: Name, text: Annotated[list[str], typer.Argument(help="What to look for.")], json: Json = False) -> None:
    """Keep a search under a name."""
    with playing() as app:
        kept = app.search_engine.save(name, " ".join(text))
    if json:
        print_json(kept)
    else:
        say(f"kept: ml search again {data(kept.name)!r}")


def saved(json: Json = False) -> None:
    """List the searches that have a name."""
    with playing() as app:
        found = app.search_engine.saved()
    _show(found, ("name", "text"), [(one.name, one.request["text"]) for one in found], json=json)


def again(
    name: Name,
    language: Annotated[Optional[str], typer.Option(help="Of reasons and notices: en or de.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Ask a search that has a name."""
    with playing() as app:
        found = app.search_engine.again(name)
        spoken_in = language_of(app, language)
    if json:
        print_json(found)
    else:
        show(found, spoken_in)


def unsave(name: Name, json: Json = False) -> None:
    """Take a search's name away."""
    with playing() as app:
        app.search_engine.delete_saved(name)
    if json:
        print_json({"name": name})


def _show(found: Sequence[Any], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, json: bool) -> None:
    if json:
        print_json(found)
    elif rows:
        table(columns, rows)
    else:
        say("none")

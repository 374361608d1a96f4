"""``ml explain``."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say
from ml.cli.wishes import preferences, situation
from ml.cli.words import decimals, language_of, printed
from ml.cli.workspaces import answering
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Language
from ml.recommendation_engine import Explanation, MainParameters


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    listener: Annotated[Optional[str], typer.Argument(help="Outside id, or its short form.")] = None,  # noqa: UP045
    item: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="Track or artist: outside id, or exact name."),
    ] = None,
    parameters: Annotated[
        bool, typer.Option("--parameters", help="The main parameters of all recommendations instead.")
    ] = False,
    algorithm: Annotated[Optional[str], typer.Option(help="Which model finds the new items.")] = None,  # noqa: UP045
    context: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="The situation, such as activity=workout or time_of_day=evening; repeat it for more."),
    ] = None,
    prefer: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A preference, such as genres=jazz,soul, year_from=1990 or explicit=no; repeat it for more."),
    ] = None,
    language: Annotated[Optional[str], typer.Option(help="en or de.")] = None,  # noqa: UP045
    no_profiling: Annotated[
        bool, typer.Option("--no-profiling", help="Read nothing of what is known of the listener.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why an item stands where it stands for a listener, with exact counterfactuals."""
    if parameters and (listener or item):
        raise BadInput("--parameters are the same for all listeners and items", "leave LISTENER and ITEM out")
    if not parameters and (listener is None or item is None):
        raise BadInput("what to explain?", "ml explain LISTENER ITEM, or ml explain --parameters")
    with answering() as app:
        if listener is None or item is None:
            stated = app.engine.main_parameters(language=language)
            print_json(stated) if json else _state(stated, language_of(app, language))
            return
        spoken_in = language_of(app, language)
        found = app.engine.explain(
            listener,
            item,
            algorithm=algorithm,
            context=situation(context or ()),
            preferences=preferences(prefer or ()),
            language=language,
            profiling=False if no_profiling else None,
        )
    if json:
        print_json(found)
    else:
        _show(found, spoken_in)


def _show(found: Explanation, language: Language) -> None:
    name = data(found.title) if found.artist is None else f"{data(found.artist)} — {data(found.title)}"
    score = "" if found.score is None else f" [dim]{decimals(found.score, language, 3)}[/]"
    say(f"[bold]{name}[/] [dim]{data(found.item_id)}[/]{score}")
    for sentence in found.summary:
        say(f"  {data(sentence)}")
    notices(found.notices, printed("note", language))


def _state(stated: MainParameters, language: Language) -> None:
    say(f"[bold]{data(stated.algorithm)}[/] [dim]{data(stated.models)}[/]")
    for sentence in stated.text:
        say(f"  {data(sentence)}")
    notices(stated.notices, printed("note", language))

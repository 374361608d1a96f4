"""``ml recommend`` and ``ml similar``."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json, print_json_lines
from ml.cli.shown import show_recommendations, show_similar
from ml.cli.wishes import AT_LEAST, preferences, shares, situation
from ml.cli.words import language_of
from ml.cli.workspaces import answering
from ml.foundation.errors import BadInput

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Language = Annotated[Optional[str], typer.Option(help="Of reasons and notices: en or de.")]  # noqa: UP045
Count = Annotated[int, typer.Option("--count", "-n", help="How many.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (recommend, similar):
        app.command()(command)


def recommend(
    listener: Annotated[Optional[str], typer.Argument(help="Outside id, or its short form.")] = None,  # noqa: UP045
    count: Count = 10,
    algorithm: Annotated[Optional[str], typer.Option(help="Which model finds the new items.")] = None,  # noqa: UP045
    familiar: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="0 only new items, 1 only what the listener knows; default from the settings."),
    ] = None,
    per_artist: Annotated[Optional[int], typer.Option(help="Items of one artist, at most.")] = None,  # noqa: UP045
    everyone: Annotated[
        bool, typer.Option("--all", help="All listeners, one JSON object a line, without reasons.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="No lesser algorithm instead.")] = False,
    context: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="The situation, such as activity=workout or time_of_day=evening; repeat it for more."),
    ] = None,
    prefer: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A preference, such as genres=jazz,soul, year_from=1990 or explicit=no; repeat it for more."),
    ] = None,
    language: Language = None,
    no_profiling: Annotated[
        bool, typer.Option("--no-profiling", help="Read nothing of what is known of the listener.")
    ] = False,
    at_least: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help=AT_LEAST.format("new items")),
    ] = None,
    json: Json = False,
) -> None:
    """Recommend to a listener, with reasons."""
    if everyone and listener is not None:
        raise BadInput(f"--all, or {listener}?", "leave one of them out")
    if not everyone and listener is None:
        raise BadInput("whom to recommend to?", "ml recommend LISTENER, or --all; `ml export listens` names them")
    with answering() as app:
        dial: dict[str, Any] = {"count": count, "algorithm": algorithm, "familiar_ratio": familiar}
        dial |= {"max_per_artist": per_artist, "exposure": shares(at_least)}
        dial |= {"strict": strict, "language": language, "profiling": False if no_profiling else None}
        dial |= {"context": situation(context or ()), "preferences": preferences(prefer or ())}
        if listener is None:
            print_json_lines(app.engine.recommend_batch(**dial))
            return
        spoken_in = language_of(app, language)
        answer = app.engine.recommend(listener, **dial)
    if json:
        print_json(answer)
        return
    show_recommendations(answer, spoken_in)


def similar(
    item: Annotated[str, typer.Argument(help="Track or artist: outside id, or exact name.")],
    count: Count = 10,
    kind: Annotated[Optional[str], typer.Option(help="track or artist.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Find what goes with a track or an artist."""
    with answering() as app:
        answer = app.engine.similar(item, count=count, kind=kind)
    if json:
        print_json(answer)
    else:
        show_similar(answer)

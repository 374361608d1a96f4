"""``ml onboard``."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Optional

import typer

from ml.app import App
from ml.cli.outcome import print_json
from ml.cli.screen import data, say
from ml.cli.shown import show_recommendations
from ml.cli.wishes import AT_LEAST, preferences, shares
from ml.cli.words import answers, decimals, language_of, printed
from ml.cli.workspaces import answering
from ml.foundation.phrase import Language
from ml.recommendation_engine import Onboarding, Question

Names = Optional[list[str]]  # noqa: UP045
#: What a key means when an artist is asked about.
KEYS = {"y": "like", "n": "dislike", "": "unknown"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(onboard)


def onboard(
    like: Annotated[Names, typer.Option(help="An artist or track that is liked; may be repeated.")] = None,
    dislike: Annotated[Names, typer.Option(help="One that is not; may be repeated.")] = None,
    unknown: Annotated[Names, typer.Option(help="One never heard of; may be repeated.")] = None,
    genre: Annotated[Names, typer.Option(help="A genre or tag that is liked; may be repeated.")] = None,
    prefer: Annotated[
        Names, typer.Option(help="A preference, such as language=German or year_from=1990; repeat it for more.")
    ] = None,
    country: Annotated[Optional[str], typer.Option(help="Of the listener, two letters.")] = None,  # noqa: UP045
    age: Annotated[Optional[int], typer.Option(help="Of the listener, in years.")] = None,  # noqa: UP045
    count: Annotated[int, typer.Option("--count", "-n", help="How many artists to ask about.")] = 5,
    recommend: Annotated[int, typer.Option(help="How many items to recommend.")] = 10,
    at_least: Annotated[
        Names,
        typer.Option(help=AT_LEAST.format("items")),
    ] = None,
    language: Annotated[Optional[str], typer.Option(help="Of reasons and notices: en or de.")] = None,  # noqa: UP045
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask a new listener about the artists that tell most, and recommend from the answers; nothing is stored.

    On a terminal, without answers, the questions are asked one by one.
    """
    given = {"like": like or [], "dislike": dislike or [], "unknown": unknown or []}
    told = [(artist, answer) for answer, artists in given.items() for artist in artists]
    about: dict[str, Any] = {"genres": genre or [], "country": country, "age": age, "language": language}
    about |= {"preferences": preferences(prefer or ()), "exposure": shares(at_least)}
    with answering() as app:
        spoken_in = language_of(app, language)
        if not told and not json and sys.stdin.isatty():
            told = interview(app, count, about, spoken_in)
        found = app.engine.onboard(told, questions=count, count=recommend, **about)
    if json:
        print_json(found)
    else:
        show(found, spoken_in)


def interview(app: App, count: int, about: dict[str, Any], language: Language = "en") -> list[tuple[str, str]]:
    """Ask about artists one by one; each answer decides what is asked next."""
    say(f"[dim]{printed('keys', language)}[/]")
    told: list[tuple[str, str]] = []
    while len(told) < count:
        asked = app.engine.onboard(told, questions=1, count=1, **about).questions
        if not asked:
            break
        key = typer.prompt(f"  {len(told) + 1}. {asked[0].name}", default="", show_default=False).strip().lower()
        if key == "q":
            break
        if key in KEYS:
            told.append((asked[0].item_id, KEYS[key]))
        else:
            say(f"[dim]{printed('other_key', language)}[/]")
    return told


def show(found: Onboarding, language: Language = "en") -> None:
    """Print what is recommended so far, and what to ask next."""
    show_recommendations(found.recommendations, language)
    if found.questions:
        say(f"[bold]{printed('ask_next', language)}[/] [dim]({answers(found.answered, language)})[/]")
        for place, question in enumerate(found.questions, start=1):
            say(f"{place:3} {_asked(question, language)}")


def _asked(question: Question, language: Language) -> str:
    bits, percent = decimals(question.gain_bits, language), round(100 * question.known_share)
    worth = printed("worth", language, bits=bits, percent=percent)
    return f"{data(question.name)} [dim]{data(question.item_id)}  {worth}[/]"

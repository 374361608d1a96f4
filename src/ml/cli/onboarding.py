"""``ml onboard``."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Optional

import typer

from ml.app import App
from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say
from ml.cli.shown import show_recommendations
from ml.cli.workspaces import answering
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
    language: Annotated[Optional[str], typer.Option(help="Of the music, as the catalogue writes it.")] = None,  # noqa: UP045
    country: Annotated[Optional[str], typer.Option(help="Of the listener, two letters.")] = None,  # noqa: UP045
    age: Annotated[Optional[int], typer.Option(help="Of the listener, in years.")] = None,  # noqa: UP045
    count: Annotated[int, typer.Option("--count", "-n", help="How many artists to ask about.")] = 5,
    recommend: Annotated[int, typer.Option(help="How many items to recommend.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask a new listener about the artists that tell most, and recommend from the answers; nothing is stored.

    On a terminal, without answers, the questions are asked one by one.
    """
    given = {"like": like or [], "dislike": dislike or [], "unknown": unknown or []}
    answers = [(artist, answer) for answer, artists in given.items() for artist in artists]
    about: dict[str, Any] = {"genres": genre or [], "language": language, "country": country, "age": age}
    with answering() as app:
        if not answers and not json and sys.stdin.isatty():
            answers = interview(app, count, about)
        found = app.engine.onboard(answers, questions=count, count=recommend, **about)
    if json:
        print_json(found)
    else:
        show(found)


def interview(app: App, count: int, about: dict[str, Any]) -> list[tuple[str, str]]:
    """Ask about artists one by one; each answer decides what is asked next."""
    say("[dim]y: I like them   n: I do not   Enter: never heard of them   q: enough[/]")
    answers: list[tuple[str, str]] = []
    while len(answers) < count:
        asked = app.engine.onboard(answers, questions=1, count=1, **about).questions
        if not asked:
            break
        key = typer.prompt(f"  {len(answers) + 1}. {asked[0].name}", default="", show_default=False).strip().lower()
        if key == "q":
            break
        if key in KEYS:
            answers.append((asked[0].item_id, KEYS[key]))
        else:
            say("[dim]y, n, Enter or q[/]")
    return answers


def show(found: Onboarding) -> None:
    """Print what is recommended so far, and what to ask next."""
    show_recommendations(found.recommendations)
    notices(found.recommendations.notices)
    if found.questions:
        say(f"[bold]Ask next[/] [dim](after {found.answered} answers)[/]")
        for place, question in enumerate(found.questions, start=1):
            say(f"{place:3} {_asked(question)}")


def _asked(question: Question) -> str:
    known = f"{question.known_share:.0%} of the listeners like them"
    return f"{data(question.name)} [dim]{data(question.item_id)}  {question.gain_bits:.2f} bits, {known}[/]"

"""``ml record``, ``ml undo`` and ``ml history``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say
from ml.cli.words import language_of, printed
from ml.cli.workspaces import answering
from ml.foundation.errors import BadInput
from ml.foundation.moments import in_utc
from ml.foundation.phrase import Language as Tongue
from ml.recommendation_engine import HistoryState, Recorded
from ml.recommendation_engine.events import EVENTS
from ml.recommendation_engine.words import event_word

Language = Annotated[Optional[str], typer.Option(help="Of what is said: en or de.")]  # noqa: UP045
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Listener = Annotated[str, typer.Argument(help="Outside id, or its short form.")]

history = typer.Typer(name="history", help="Whether what a listener plays is kept.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (record, undo):
        app.command()(command)
    app.add_typer(history)


def record(
    listener: Annotated[str, typer.Argument(help="Outside id; source:id of nobody yet adds a listener.")],
    item: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="Track or artist: outside id, or exact name. Only undo needs none."),
    ] = None,
    event: Annotated[str, typer.Option(help=f"One of {', '.join(EVENTS)}.")] = "play",
    at: Annotated[Optional[str], typer.Option(help="When, ISO 8601 with time zone; default now.")] = None,  # noqa: UP045
    ms_played: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="For how long, in milliseconds; of a seek, from where."),
    ] = None,
    to_ms: Annotated[Optional[int], typer.Option(help="Of a seek: to where, in milliseconds.")] = None,  # noqa: UP045
    until: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Of not_now: until when, ISO 8601 with time zone; default in seven days."),
    ] = None,
    event_id: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Of undo: the event, as --json says it; default the last."),
    ] = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Record what a listener played, skipped, likes or never wants to hear; the next answer knows."""
    began, over = _moment("--at", at), _moment("--until", until)
    with answering() as app:
        recorded = app.engine.record(
            listener,
            item,
            event=event,
            at=began,
            ms_played=ms_played,
            to_ms=to_ms,
            until=over,
            event_id=event_id,
            language=language,
        )
        _show(recorded, language_of(app, language), json=json)


def undo(
    listener: Listener,
    event_id: Annotated[
        Optional[int],  # noqa: UP045
        typer.Argument(help="The event, as `ml record --json` says it; left out, the last."),
    ] = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Take back an event that was recorded; the next answer is as if it had never been."""
    with answering() as app:
        undone = app.engine.undo(listener, event_id, language=language)
        _show(undone, language_of(app, language), json=json)


@history.command()
def pause(listener: Listener, language: Language = None, json: Json = False) -> None:
    """Keep nothing of what a listener plays from now on; likes and blocks are kept."""
    with answering() as app:
        state = app.engine.pause_history(listener, language=language)
        _tell(state, language_of(app, language), json=json)


@history.command()
def resume(listener: Listener, language: Language = None, json: Json = False) -> None:
    """Keep what a listener plays again."""
    with answering() as app:
        state = app.engine.resume_history(listener, language=language)
        _tell(state, language_of(app, language), json=json)


@history.command()
def status(listener: Listener, language: Language = None, json: Json = False) -> None:
    """Tell whether what a listener plays is kept."""
    with answering() as app:
        state = app.engine.history_state(listener, language=language)
        _tell(state, language_of(app, language), json=json)


def _moment(option: str, text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} {text!r} is no moment", "write it as 2026-06-30T21:15:00+00:00") from None


def _show(recorded: Recorded, language: Tongue, *, json: bool) -> None:
    if json:
        print_json(recorded)
        return
    # Of what was not stored, only the notices speak: the first thing read must not sound as if it was.
    if recorded.stored:
        event, title = event_word(recorded.event), f"[bold]{data(recorded.title)}[/]"
        id_ = "" if recorded.event_id is None else f" [dim]({printed('event', language, n=str(recorded.event_id))})[/]"
        who, at = data(recorded.user_id), in_utc(recorded.at)
        say(printed("recorded", language, event=event, title=title, user=who, at=at) + id_)
    notices(recorded.notices, printed("note", language))


def _tell(state: HistoryState, language: Tongue, *, json: bool) -> None:
    if json:
        print_json(state)
    elif state.since is not None:
        say(printed("is_paused", language, user=data(state.user_id), since=in_utc(state.since)))
    else:
        say(printed("is_kept", language, user=data(state.user_id)))
    if not json:
        notices(state.notices, printed("note", language))

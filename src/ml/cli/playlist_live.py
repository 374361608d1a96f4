"""``ml playlist save-recipe``, ``refresh``, ``recipes``, ``delete-recipe`` and ``extend``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Optional

import orjson
import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.words import language_of, number_in, printed
from ml.cli.workspaces import playing
from ml.foundation.counting import minutes_of
from ml.foundation.errors import BadInput
from ml.foundation.moments import in_utc
from ml.foundation.phrase import LANGUAGES, Language, require_language, spoken
from ml.playlist_generator.demand_names import demand_name

if TYPE_CHECKING:
    from ml.app import App
    from ml.playlist_generator import PlaylistTrack
    from ml.playlist_generator.live.differences import Change, Difference

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RecipeName = Annotated[str, typer.Argument(help="Of the recipe.")]
Ask = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--ask",
        metavar="KEY=VALUE",
        help="A field of the request and its value, as JSON or text: mood=calm, minutes=45, bpm=[90,120]. Repeat it.",
    ),
]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(name="save-recipe")(save_recipe)
    group.command(name="refresh")(refresh)
    group.command(name="recipes")(recipes)
    group.command(name="delete-recipe")(delete_recipe)
    group.command(name="extend")(extend)


def save_recipe(
    name: RecipeName,
    ask: Ask = None,
    rhythm: Annotated[str, typer.Option(help="daily or weekly: how often there is a new list.")] = "daily",
    avoid: Annotated[
        int, typer.Option(min=0, help="Take nothing that so many of the last lists had, as far as there are others.")
    ] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="In place of a recipe of the same name.")] = False,
    json: Json = False,
) -> None:
    """Keep a request for a playlist under a name, to make lists of it day by day or week by week.

    [bold]ml playlist refresh NAME[/] then gives the list of today.
    """
    asked = _asked(ask)
    with playing() as app:
        language = _in_language(app, asked)
        made = app.playlists.save_recipe(name, rhythm=rhythm, avoid=avoid, replace=replace, **asked)
    if json:
        print_json(made)
        return
    say(f"[bold]{data(made.name)}[/] [dim]{printed(made.rhythm, language)}[/] {data(_request(made.request))}")
    say(f"[dim]{printed('today', language)}[/] [cyan]ml playlist refresh {data(_quoted(made.name))}[/]")


def refresh(
    name: RecipeName,
    on: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A day of the list's time, such as 2026-11-26; default today, UTC."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Make it anew although it is there: the music may have changed.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a recipe's list of today or this week, and say what is new against the last one.

    The same day gives the same list. It is kept as a playlist of its own: [bold]ml export playlists[/] writes it.
    """
    with playing() as app:
        done = app.playlists.refresh(name, on=on, again=again)
    if json:
        print_json(done)
        return
    kept = f" [dim]{data(done.playlist_id)}[/]" if done.playlist_id else ""
    playlist = done.playlist
    language = require_language(playlist.request.get("language", "en"))
    say(f"[bold]{data(done.name)}[/] {done.day}{kept}: {_size(playlist.tracks, playlist.duration_s, language)}")
    _show_tracks(playlist.tracks, language)
    if done.previous:
        _show_difference(done.difference, done.previous, language)
    notices(playlist.notices, printed("note", language))


def recipes(json: Json = False) -> None:
    """List the recipes, what they ask for, and the lists they came to."""
    with playing() as app:
        found = app.playlists.recipes()
        language = language_of(app, None)
    if json:
        print_json(found)
        return
    if not found:
        say(f"[dim]{printed('no_recipes', language)}[/] [cyan]ml playlist save-recipe NAME --ask mood=calm[/]")
        return
    rows = [
        [one.name, printed(one.rhythm, language), _request(one.request), one.lists, one.last, in_utc(one.created_at)]
        for one in found
    ]
    columns = ("recipe", "rhythm", "asks_for", "lists_column", "last", "kept_since")
    table([printed(name, language) for name in columns], rows, right=[3])


def delete_recipe(
    name: RecipeName,
    lists: Annotated[bool, typer.Option("--lists", help="And the lists that it came to.")] = False,
    json: Json = False,
) -> None:
    """Forget a recipe; its lists stay, unless --lists removes them too."""
    with playing() as app:
        gone = app.playlists.delete_recipe(name, lists=lists)
        language = language_of(app, None)
    if json:
        print_json(gone)
        return
    left = number_in(gone.lists, "list", language)
    forgotten = printed("forgotten", language, name=f"[bold]{data(gone.name)}[/]")
    say(f"{forgotten}; {printed('lists_removed' if lists else 'lists_kept', language, lists=left)}")


def extend(
    name: Annotated[str, typer.Argument(help="Playlist of the workspace: name or outside id.")],
    minutes: Annotated[Optional[float], typer.Option(help="So much more.")] = None,  # noqa: UP045
    count: Annotated[Optional[int], typer.Option("--count", "-n", help="So many tracks more.")] = None,  # noqa: UP045
    threshold: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Only tracks so much like one of the list: from 0 to 1. Alone: all of them, up to 50."),
    ] = None,
    ask: Ask = None,
    save: Annotated[bool, typer.Option("--save", help="Write them behind a list that this program made.")] = False,
    save_as: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Keep the whole, list and what is added, under this name."),
    ] = None,
    json: Json = False,
) -> None:
    """Find tracks to go on with behind a playlist, and keep them if you say so."""
    if save and save_as is not None:
        raise BadInput("--save and --save-as", "give one of them")
    asked = _asked(ask)
    with playing() as app:
        language = _in_language(app, asked)
        done = app.playlists.extend(name, minutes=minutes, count=count, threshold=threshold, **asked)
        if save:
            app.playlists.append(done)
        elif save_as is not None:
            app.playlists.append(done, name=save_as)
    if json:
        print_json(done)
        return
    before, added = _size(range(done.before), done.before_s, language), _size(done.added, done.added_s, language)
    say(f"[bold]{data(done.name)}[/] {printed('and_more', language, before=before, added=added)}")
    _show_tracks(done.added, language, first=done.before + 1)
    for conflict in done.conflicts:
        names = ", ".join(spoken(demand_name(name), language) for name in conflict.names)
        say(f"[yellow]{printed('not_together', language)}[/] {data(names)}")
    notices(done.notices, printed("note", language))


def _asked(ask: Sequence[str] | None) -> dict[str, Any]:
    """Read fields of a request.

    >>> _asked(["mood=calm", "bpm=[90, 120]", "genres=rock"])
    {'mood': 'calm', 'bpm': [90, 120], 'genres': 'rock'}
    """
    found: dict[str, Any] = {}
    for text in ask or ():
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not (name and equals):
            raise BadInput(f"--ask {text!r}", "write KEY=VALUE, such as --ask mood=calm --ask minutes=45")
        if name in found:
            raise BadInput(f"--ask {name} is given twice", f'give a list: --ask \'{name}=["…", "…"]\'')
        try:
            found[name] = orjson.loads(value)
        except orjson.JSONDecodeError:
            found[name] = value
    return found


def _request(request: Any) -> str:
    return ", ".join(f"{name}={_value(value)}" for name, value in request.items())


def _value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _in_language(app: App, asked: dict[str, Any]) -> Language:
    """Ask for answers in the language of the settings, where none was asked for."""
    language = language_of(app, asked.get("language"))
    if language != LANGUAGES[0]:
        asked["language"] = language
    return language


def _size(tracks: Sequence[Any], seconds: float, language: Language) -> str:
    return f"{number_in(len(tracks), 'track', language)}, {minutes_of(seconds)}"


def _show_tracks(tracks: Sequence[PlaylistTrack], language: Language, first: int = 1) -> None:
    rows = [
        [at, track.title, track.artist, minutes_of(track.duration_s), track.why]
        for at, track in enumerate(tracks, start=first)
    ]
    if rows:
        columns = ("title", "artist", "length", "why")
        table(["", *(printed(name, language) for name in columns)], rows, right=[0, 3])


def _show_difference(found: Difference, previous: str, language: Language) -> None:
    against = printed("against", language, previous=previous)
    say(f"\n[bold]{against}[/]: {printed('same_order', language, n=len(found.kept))}")
    for name in ("added", "removed", "moved"):
        changes = getattr(found, name)
        if changes:
            say(f"{printed(name, language)} {data(', '.join(_change(one) for one in changes))}")


def _change(one: Change) -> str:
    places = f" ({one.before} → {one.after})" if one.before and one.after else ""
    return f"{one.title}{places}"

"""``ml playlist push`` and ``pull``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml.app.playlists import Pulled
from ml.cli.outcome import print_json
from ml.cli.playlist_files import Force, Json, Relative, show_stored, show_written
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering, own
from ml.data.playlist_servers import PlaylistServer, Pushed, RemotePlaylist, configured
from ml.foundation.counting import number_of

_SHOWN = 20

Address = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--server", help="Its address; or ML_SUBSONIC_URL. ListenBrainz is known."),
]
User = Annotated[Optional[str], typer.Option(help="Name to log in with at Subsonic; or ML_SUBSONIC_USER.")]  # noqa: UP045
SecretFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(help="File that begins with the password or token; or ML_SUBSONIC_PASSWORD, ML_LISTENBRAINZ_TOKEN."),
]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for an answer.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command()(push)
    group.command()(pull)


def push(
    source: Annotated[str, typer.Argument(help="A playlist file; or a playlist of the workspace, by name or id.")],
    to: Annotated[str, typer.Option(help="subsonic (also Navidrome and others), or listenbrainz.")],
    server: Address = None,
    user: User = None,
    secret_file: SecretFile = None,
    name: Annotated[Optional[str], typer.Option(help="Another title there.")] = None,  # noqa: UP045
    public: Annotated[bool, typer.Option("--public", help="Let others see one that is created.")] = False,
    timeout: Timeout = 10.0,
    json: Json = False,
) -> None:
    """Send a playlist to a server: a new one, or your own of the same title is changed to be the same.

    Subsonic looks each track up in its own library, ListenBrainz takes those with a MusicBrainz id; the others are
    listed. The password or token comes from a file, the environment or a prompt, and is never shown.
    """
    chosen = configured(to, address=server, user=user, secret_file=secret_file, ask=_asker, timeout_s=timeout)
    with own() if Path(source).is_file() else answering() as app:
        done = app.push_playlist(source, chosen, title=name, public=public)
    if json:
        print_json(done)
    else:
        _show_pushed(done)


def pull(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="Title, id or address of the playlist; left out, they are listed."),
    ] = None,
    from_: Annotated[str, typer.Option("--from", help="subsonic (also Navidrome and others), or listenbrainz.")] = "",
    server: Address = None,
    user: User = None,
    secret_file: SecretFile = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", "-o", help="Write a file instead: .m3u8, .xspf, .jspf, .csv or .txt."),
    ] = None,
    relative: Relative = False,
    force: Force = False,
    timeout: Timeout = 10.0,
    json: Json = False,
) -> None:
    """Fetch a playlist from a server into the workspace, or into a file; without a name, list those there.

    Fetching it again updates it. In a file, tracks that the library has a file of are named by that file.
    """
    chosen = configured(from_, address=server, user=user, secret_file=secret_file, ask=_asker, timeout_s=timeout)
    if name is None:
        _list(chosen, json=json)
        return
    with own() as app:
        if out is None:
            done = app.pull_playlist(name, chosen)
        else:
            done = app.pull_playlist_to_file(name, chosen, out, relative=relative, force=force)
    if json:
        print_json(done)
    else:
        _show_pulled(done)


def _asker(what: str) -> Callable[[], str] | None:
    """Give what asks a person, where one is there."""
    if not sys.stdin.isatty():
        return None
    return lambda: str(typer.prompt(what, hide_input=True, err=True))


def _list(server: PlaylistServer, *, json: bool) -> None:
    found = server.playlists()
    if json:
        print_json(found)
        return
    _show_listed(server.address, found)


def _show_listed(address: str, found: list[RemotePlaylist]) -> None:
    say(f"[bold]{data(address)}[/]: {number_of(len(found), 'playlist')}")
    table(["id", "title", "owner", "tracks"], [(one.key, one.title, one.owner, one.tracks) for one in found], right=[3])


def _show_pushed(done: Pushed) -> None:
    say(f"[bold]{data(done.title)}[/] at {data(done.server)}: {done.status}, {number_of(done.sent, 'track')}")
    if done.left_out:
        say(f"[yellow]{number_of(len(done.left_out), 'track')} left out:[/]")
        rows = [(left.position + 1, left.title, left.reason) for left in done.left_out[:_SHOWN]]
        table(["", "title", "why"], rows, right=[0])
    notices(done.notices)


def _show_pulled(done: Pulled) -> None:
    say(f"[bold]{data(done.title)}[/] from {data(done.server)}: {number_of(done.tracks, 'track')}")
    if done.stored is not None:
        show_stored(done.stored)
    if done.written is not None:
        show_written(done.written)

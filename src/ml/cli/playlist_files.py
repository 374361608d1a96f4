"""``ml playlist read``, ``convert`` and ``import``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, say, table
from ml.cli.words import number_in, printed
from ml.cli.workspaces import own
from ml.data.exporters.playlists import PlaylistExport
from ml.data.playlist_files import PlaylistImport, convert, read_playlist
from ml.data.playlist_files.reading import LineProblem
from ml.foundation.counting import minutes_of, number_of
from ml.foundation.phrase import Language, spoken

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Relative = Annotated[
    bool, typer.Option("--relative/--absolute", help="Name files relative to the playlist's folder, or in full.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
File = Annotated[Path, typer.Argument(help="An .m3u, .m3u8, .xspf, .jspf, .json, .csv, .tsv or .txt file.")]
_SHOWN = 20


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(name="read")(read)
    group.command(name="convert")(convert_)
    group.command(name="import")(import_)


def read(file: File, json: Json = False) -> None:
    """Show a playlist file as it is understood: the list, its tracks, and lines that cannot be used.

    Formats go by the suffix: M3U and M3U8, XSPF, JSPF, tables (CSV, TSV), and text of addresses of Spotify. The
    workspace has no part in it.
    """
    found = read_playlist(file)
    if json:
        print_json(found)
        return
    playlist = found.playlist
    say(f"[bold]{data(playlist.title)}[/] [dim]({data(found.path)})[/]: {number_of(len(playlist.tracks), 'track')}")
    if playlist.description:
        say(f"[dim]{data(playlist.description)}[/]")
    rows = [
        (
            at,
            track.title,
            track.artist,
            _length(track.duration_ms),
            track.isrc,
            track.path or " ".join(track.outside_ids),
        )
        for at, track in enumerate(playlist.tracks, start=1)
    ]
    table(["", "title", "artist", "length", "isrc", "where"], rows, right=[0, 3])
    show_problems(found.problems)


def convert_(
    file: File,
    out: Annotated[Path, typer.Argument(help="Ends in .m3u8, .m3u, .xspf, .jspf, .csv or .txt.")],
    relative: Relative = False,
    existing: Annotated[bool, typer.Option("--existing", help="Leave out tracks whose file is not there.")] = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a playlist file in another format, and say what that format cannot hold.

    Tracks without a file are left out of M3U, those without an address at Spotify out of .txt; both are counted.
    """
    done = convert(file, out, relative=relative, only_existing=existing, force=force)
    if json:
        print_json(done)
        return
    show_written(done.written)
    show_problems(done.problems)


def import_(
    file: File,
    user: Annotated[Optional[str], typer.Option(help="Whose playlist it is: an outside id.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Bring a playlist file into the workspace; once more, and nothing changes but what the file changed.

    Its tracks are those the workspace knows by id, ISRC, MusicBrainz id, path, or artist, title and length. Others are
    listed, and kept as they are described. [bold]ml import undo ID[/] takes it back.
    """
    with own() as app:
        done = app.import_playlist(file, user=user)
    if json:
        print_json(done)
    else:
        show_stored(done)


def show_stored(done: PlaylistImport) -> None:
    """Print what became of a playlist in the store."""
    number = " [dim](nothing new)[/]" if done.import_id is None else f" [dim](import {done.import_id})[/]"
    say(f"[bold]{data(done.title)}[/]{number}: {number_of(done.stored, 'track')}")
    say(f"{done.resolved:,} known, {done.with_file:,} with a file in the library")
    _listed(
        "not known yet", "track", [(one.position + 1, one.artist, one.title or one.named) for one in done.unresolved]
    )
    show_problems(done.problems)


#: What is lost, as it is printed: by field, or by format and field.
_FIELDS: dict[str, tuple[str, str]] = {
    "m3u8 duration_ms": ("fractions of seconds of the length", "Bruchteile von Sekunden der Länge"),
    "duration_ms": ("length", "Länge"),
    "isrc": ("ISRC", "ISRC"),
    "mbid": ("MusicBrainz id", "MusicBrainz-Id"),
    "outside_ids": ("other ids", "weitere Ids"),
    "title": ("title", "Titel"),
    "artist": ("artist", "Künstler"),
    "album": ("album", "Album"),
    "path": ("file", "Datei"),
    "description": ("description", "Beschreibung"),
    "playlist_id": ("id", "Id"),
}


def show_written(done: PlaylistExport, language: Language = "en") -> None:
    """Print what became of a playlist as a file, and what was lost."""

    def named(field: str) -> str:
        return _FIELDS.get(f"{done.format} {field}", _FIELDS.get(field, (field, field)))[language == "de"]

    def tracks(n: int) -> str:
        return number_in(n, "track", language)

    say(f"[bold]{data(done.path)}[/]: {tracks(done.written)}, {done.format}")
    lost = [
        printed("lost_of", language, what=named(field), tracks=tracks(count))
        for field, count in done.not_carried.items()
    ]
    lost += [printed("lost_of_list", language, what=named(field)) for field in done.list_not_carried]
    if lost:
        say(data(printed("not_carried", language, what=", ".join(lost))))
    if done.left_out:
        say(f"[yellow]{printed('left_out', language, tracks=tracks(len(done.left_out)))}[/]")
        _table([(left.position + 1, left.title, spoken(left.reason, language)) for left in done.left_out], language)


def show_problems(problems: Sequence[LineProblem]) -> None:
    """Print what could not be read."""
    _listed("not used", "line", [(one.line, one.reason, one.raw[:80]) for one in problems])


def _listed(what: str, thing: str, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    say(f"[yellow]{number_of(len(rows), thing)} {what}:[/]")
    _table(rows, "en")


def _table(rows: Sequence[Sequence[Any]], language: Language) -> None:
    table(["", "", ""], rows[:_SHOWN], right=[0])
    if len(rows) > _SHOWN:
        say(f"[dim]{printed('more_in_json', language, n=len(rows) - _SHOWN)}[/]")


def _length(duration_ms: int | None) -> str | None:
    if duration_ms is None or duration_ms < 0:
        return None
    return minutes_of(duration_ms / 1000)

"""``ml playlist mood``, ``activity``, ``theme`` and ``make``."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, Optional, get_type_hints

import orjson
import typer

from ml.cli.outcome import print_json
from ml.cli.playlist_files import show_written
from ml.cli.screen import data, notices, say, table
from ml.cli.typed import list_of, number_of, pairs_of, range_of
from ml.cli.words import decimals, language_of, number_in, printed
from ml.cli.workspaces import playing
from ml.data.exporters.playlist_formats import SUFFIXES
from ml.data.playlist_files.conversion import write
from ml.data.playlist_files.playlist import Playlist as FilePlaylist
from ml.foundation.counting import minutes_of
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.foundation.phrase import Language, spoken
from ml.playlist_generator import Playlist
from ml.playlist_generator.demand_names import relaxed, unmet
from ml.playlist_generator.entries import entries

Text = Optional[str]  # noqa: UP045
Texts = Optional[list[str]]  # noqa: UP045

#: What the first word after the command is: its help by the field that it fills.
_WHAT = {
    "mood": "A mood, such as energetic or calm.",
    "activity": "What it is for, such as workout or focus.",
    "theme": "Anything in words, English or German, such as 'rainy Sunday, French, no vocals'.",
}
_DOC = {
    "mood": "Make a playlist for a mood.",
    "activity": "Make a playlist for what somebody does.",
    "theme": "Make a playlist of a theme in words, and say what was understood.",
    "make": "Make a playlist of what the options ask for, such as of tracks like others.",
}


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    for field in _WHAT:
        group.command(name=field, help=_DOC[field])(_command(field))
    group.command(name="make", help=_DOC["make"])(_make)


def _command(field: str) -> Callable[..., None]:
    """Give the command whose argument fills one field; all else is as in ``make``."""

    def command(what: str, **options: Any) -> None:
        options[field] = what
        _made(**options)

    argument = Annotated[str, typer.Argument(help=_WHAT[field], metavar=field.upper())]
    hints = get_type_hints(_make, include_extras=True)
    hints.pop("return")
    options = [one.replace(annotation=hints[one.name]) for one in signature(_make).parameters.values()]
    first = Parameter("what", Parameter.POSITIONAL_OR_KEYWORD, annotation=argument)
    command.__signature__ = Signature([first, *options])  # type: ignore[attr-defined]
    command.__annotations__ = {"what": argument, **hints}
    command.__name__ = field
    return command


def _make(
    minutes: Annotated[Optional[float], typer.Option(help="Length of the whole; an hour if left out.")] = None,  # noqa: UP045
    count: Annotated[Optional[int], typer.Option("--count", "-n", help="Tracks, instead of a length.")] = None,  # noqa: UP045
    genres: Annotated[Text, typer.Option(help="Tracks of any of these: rock,electronic.")] = None,
    tags: Annotated[Text, typer.Option(help="Tracks with any of these tags.")] = None,
    listener: Annotated[Text, typer.Option("--for", help="Whose taste counts.")] = None,
    familiar: Annotated[Optional[float], typer.Option(help="Share of what they know: 0 to 1.")] = None,  # noqa: UP045
    like: Annotated[Texts, typer.Option(help="A track, artist or stored playlist; repeat it.")] = None,
    unlike: Annotated[Texts, typer.Option(help="What it is to be unlike; repeat it.")] = None,
    years: Annotated[Text, typer.Option(help="1990-1999.")] = None,
    sung_in: Annotated[Text, typer.Option("--sung-in", help="Languages of the songs: fr,de.")] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Leave out explicit tracks.")] = False,
    bpm: Annotated[Text, typer.Option(help="Bounds of the tempo: 120-130.")] = None,
    energy: Annotated[Text, typer.Option(help="Bounds of the energy, 0 to 1: 0.5-1.")] = None,
    keys: Annotated[Text, typer.Option(help="Places of the Camelot wheel: 8A,8B.")] = None,
    max_per_artist: Annotated[Optional[int], typer.Option(help="Tracks by one artist, at most.")] = None,  # noqa: UP045
    artist_gap: Annotated[Optional[int], typer.Option(help="Others between two by one artist; 2.")] = None,  # noqa: UP045
    include: Annotated[Texts, typer.Option(help="A track that has to be in it; repeat it.")] = None,
    exclude: Annotated[Texts, typer.Option(help="A track or artist that must not; repeat it.")] = None,
    pin: Annotated[Texts, typer.Option(help="A track at a place: 1=TRACK; repeat it.")] = None,
    share: Annotated[Texts, typer.Option(help="Least share of a sort: language:fr=0.3; repeat it.")] = None,
    arc: Annotated[Text, typer.Option(help="How energy goes: peak, wave, …, or numbers 0.2,0.8,0.4.")] = None,
    ask: Annotated[Texts, typer.Option(help="Any other field as NAME=JSON, such as album_gap=5; repeat it.")] = None,
    best: Annotated[bool, typer.Option("--best", help="Search longer, and give a bound.")] = False,
    seed: Annotated[int, typer.Option(help="Another one gives another list.")] = 0,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write it too: .m3u8, .xspf, .jspf, .csv, or .txt of addresses of Spotify."),
    ] = None,
    picture: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Draw it too: energy, tempo, loudness, keys; .png, .svg or .html."),
    ] = None,
    relative: Annotated[bool, typer.Option("--relative", help="Name files relative to the file's folder.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    language: Annotated[Text, typer.Option(help="Of reasons and notices: en or de.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a playlist."""
    _made(**locals())


def _made(
    *,
    out: Path | None,
    picture: Path | None,
    relative: bool,
    force: bool,
    language: str | None,
    json: bool,
    **options: Any,
) -> None:
    asked = _asked(**options)
    target = None if out is None else _target(out, force=force)
    drawn = None if picture is None else expanded(picture)
    if drawn is not None:
        from ml.playlist_generator.picture import check, write_picture  # late: nobody else needs it

        check(drawn)
    with playing() as app:
        asked["language"] = language_of(app, language)
        found = app.playlists.generate(**asked)
    name = str(next((asked[field] for field in _WHAT if asked.get(field)), target.stem if target else "playlist"))
    if drawn is not None:
        write_picture(found, drawn, title=name)
    written = None
    if target is not None:
        written = write(FilePlaylist(title=name, tracks=tuple(entries(found))), target, relative=relative, force=force)
    if json:
        print_json(found if written is None else {**found.to_dict(), "written": written})
        return
    show_playlist(found, asked["language"])
    if written is not None:
        show_written(written, asked["language"])


def _target(out: Path, *, force: bool) -> Path:
    """Refuse a file that cannot be written before anything is made."""
    target = expanded(out)
    if target.is_dir():
        raise BadInput(f"{target} is a folder", f"name a file in it: --out {target / 'list.m3u8'}")
    if target.suffix.lower() not in SUFFIXES:
        raise BadInput(f"{target}: no playlist format {target.suffix!r}", f"end the name in {', '.join(SUFFIXES)}")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"{target.parent}: there is no such folder", "make it first, or choose another")
    if target.exists() and not force:
        raise BadInput(f"{target} is there already", "replace it with --force, or choose another name")
    return target


def _asked(
    *,
    genres: str | None,
    tags: str | None,
    listener: str | None,
    familiar: float | None,
    like: list[str] | None,
    unlike: list[str] | None,
    years: str | None,
    sung_in: str | None,
    clean: bool,
    bpm: str | None,
    energy: str | None,
    keys: str | None,
    pin: list[str] | None,
    share: list[str] | None,
    arc: str | None,
    ask: list[str] | None,
    best: bool,
    **plain: Any,
) -> dict[str, Any]:
    """Turn what was typed into the fields of a request."""
    asked = {
        **{name: value for name, value in plain.items() if value not in (None, [])},
        "genres": list_of(genres),
        "tags": list_of(tags),
        "user_id": listener,
        "familiar_ratio": familiar,
        "seeds": like or None,
        "away": unlike or None,
        "years": range_of("--years", years, whole=True),
        "languages": list_of(sung_in),
        "explicit": False if clean else None,
        "bpm": range_of("--bpm", bpm),
        "energy": range_of("--energy", energy),
        "keys": list_of(keys),
        "pins": dict(pairs_of("--pin", pin, "1=TRACK")) or None,
        "shares": {name: number_of("--share", text) for name, text in pairs_of("--share", share, "language:fr=0.3")}
        or None,
        "arc": _arc(arc),
        "effort": "best" if best else "fast",
    }
    for name, text in pairs_of("--ask", ask, "album_gap=5"):
        if asked.get(name) is not None:
            raise BadInput(f"--ask {name}={text}: {name} is asked for already", "leave one of them out")
        try:
            asked[name] = orjson.loads(text)
        except orjson.JSONDecodeError:
            asked[name] = text
    return {name: value for name, value in asked.items() if value is not None}


def _arc(text: str | None) -> str | list[float] | None:
    if text is None or not text[:1].isdigit():
        return text
    return [number_of("--arc", part) for part in text.split(",")]


def show_playlist(found: Playlist, language: Language) -> None:
    """Print a playlist, what was asked of it, and what came of that."""

    def number(value: float | None, places: int) -> str | None:
        return None if value is None else decimals(value, language, places)

    rows = [
        (
            place,
            track.title,
            track.artist,
            minutes_of(track.duration_s),
            number(track.tempo_bpm, 0),
            track.camelot,
            number(track.energy, 2),
            "; ".join(filter(None, (track.why, track.why_here))),
        )
        for place, track in enumerate(found.tracks, start=1)
    ]
    columns = ("title", "artist", "length", "bpm", "key", "energy", "why")
    table(["", *(printed(name, language) for name in columns)], rows, right=[0, 3, 4, 6])
    size = number_in(len(rows), "track", language)
    said = [printed("cost", language, cost=number(found.cost, 3))]
    if found.bound is not None:
        said.append(printed("bound", language, bound=number(found.bound, 3)))
    say(f"[bold]{size}, {minutes_of(found.duration_s)}[/]; {', '.join(said)}")
    _show_unmet(found, language)
    notices(found.notices, printed("note", language))


def _show_unmet(found: Playlist, language: Language) -> None:
    """Print what does not hold, and what would have to give for all of it to."""
    for one in found.constraints:
        if not one.met:
            say(f"[red]{printed('not_met', language)}[/] {data(spoken(unmet(one), language))}")
    ways = {
        "possible": [spoken(relaxed(way), language) for one in found.conflicts for way in one.relaxations],
        "together": [spoken(relaxed(way), language) for one in found.conflicts[:1] for way in one.together],
    }
    for line in ways["possible"]:
        say(f"[dim]{printed('possible', language)}[/] {data(line)}")
    if ways["together"]:
        say(f"[dim]{printed('together', language)}[/] {data('; '.join(ways['together']))}")

"""``ml search``."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from rich.text import Text as Drawn
from typer.core import TyperGroup

from ml.app import App
from ml.cli import search_covers, search_voice
from ml.cli.outcome import print_json, print_json_list
from ml.cli.playlist_files import show_written
from ml.cli.screen import data, notices, say, table
from ml.cli.typed import list_of, range_of
from ml.cli.wishes import situation
from ml.cli.words import language_of, printed
from ml.cli.workspaces import playing
from ml.data.audio_files.native import kept_aside
from ml.data.exporters.playlists import PlaylistExport
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files import Playlist, write
from ml.foundation.counting import minutes_of
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.foundation.phrase import Language
from ml.foundation.progress import progress
from ml.intelligent_search import Hit, SearchResults

#: Options by the names of fields that are called otherwise.
_OPTIONS = {
    "kinds": "kind",
    "languages": "sung-in",
    "duration_s": "seconds",
    "understand": "literal",
    "user_id": "for",
}
Text = Optional[str]  # noqa: UP045
_FIND = "find"
#: Larger files of queries are some other file.
_MOST_BYTES = 64 << 20


class _Group(TyperGroup):
    """A group in which whatever is no command is looked for."""

    takes_any_word = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command before what is looked for."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [_FIND, *args]
        return super().parse_args(ctx, args)


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    from ml.cli import search_evaluation, search_history  # late: it shows what this module does

    group = typer.Typer(
        name="search",
        cls=_Group,
        no_args_is_help=True,
        help="Search artists, albums and tracks: `ml search beatels`; `ml search find --help` lists the options.",
    )
    group.command(name=_FIND)(find)
    group.command(name="index")(index)
    search_history.add_to(group)
    search_evaluation.add_to(group)
    search_covers.add_to(group)
    app.add_typer(group)


def find(
    text: Annotated[Optional[list[str]], typer.Argument(help="A name, words of one, or a description.")] = None,  # noqa: UP045
    count: Annotated[int, typer.Option("--count", "-n", help="Hits.")] = 10,
    offset: Annotated[int, typer.Option(help="Hits that are passed over.")] = 0,
    kind: Annotated[Text, typer.Option(help="artist, album, track, or several of them.")] = None,
    genres: Annotated[Text, typer.Option(help="Of any of these: rock,electronic.")] = None,
    years: Annotated[Text, typer.Option(help="1990-1999.")] = None,
    sung_in: Annotated[Text, typer.Option("--sung-in", help="Languages of the songs: fr,de.")] = None,
    bpm: Annotated[Text, typer.Option(help="Bounds of the tempo: 120-130.")] = None,
    energy: Annotated[Text, typer.Option(help="Bounds of the energy, 0 to 1: 0.5-1.")] = None,
    seconds: Annotated[Text, typer.Option(help="Bounds of the length: 120-240.")] = None,
    keys: Annotated[Text, typer.Option(help="Places of the Camelot wheel: 8A,8B.")] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Leave out explicit tracks.")] = False,
    sort: Annotated[str, typer.Option(help="relevance, plays, year, …; -year turns it around.")] = "relevance",
    facets: Annotated[Text, typer.Option(help="Count values: kind,genre,language,decade,key.")] = None,
    literal: Annotated[bool, typer.Option("--literal", help="Take the text for a name, never a description.")] = False,
    typing: Annotated[bool, typer.Option("--typing", help="The last word may go on.")] = False,
    listener: Annotated[Text, typer.Option("--for", help="Whose taste and languages may move hits a little.")] = None,
    context: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="The situation, which may move hits a little: activity=workout; repeat it for more."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write the tracks as a playlist too: .m3u8, .xspf, .jspf, .csv, .txt."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    image: Annotated[Optional[Path], typer.Option(help="A photograph or screenshot of a cover, instead.")] = None,  # noqa: UP045
    batch: Annotated[Optional[Path], typer.Option(help="A file of texts, one a line.")] = None,  # noqa: UP045
    audio: Annotated[Optional[Path], typer.Option(help="A recording: an excerpt, or a melody that is hummed.")] = None,  # noqa: UP045
    voice: Annotated[Optional[Path], typer.Option(help="A recording of somebody who says a name.")] = None,  # noqa: UP045
    talk: Annotated[
        bool, typer.Option("--talk", help="Say a name into the microphone: Enter begins, Enter ends.")
    ] = False,
    listen: Annotated[
        bool, typer.Option("--listen", help="Hum into the microphone, or let it hear music: Enter begins, Enter ends.")
    ] = False,
    how: Annotated[
        str, typer.Option(help="What is wanted of --audio or --listen: auto, identify, similar or hum.")
    ] = "auto",
    language: Annotated[Text, typer.Option(help="Of reasons and notices: en or de.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find artists, albums and tracks by a name, words or a description, however misspelt."""
    if sum(one is not None for one in (batch, text, image, audio, voice, talk or None, listen or None)) != 1:
        raise BadInput(
            "one thing is searched for",
            "write a text, name a file with --batch, --image, --audio or --voice, or --talk or --listen",
        )
    asked: dict[str, Any] = {
        "count": count,
        "offset": offset,
        "kinds": list_of(kind),
        "genres": list_of(genres),
        "years": range_of("--years", years, whole=True),
        "languages": list_of(sung_in),
        "bpm": range_of("--bpm", bpm),
        "energy": range_of("--energy", energy),
        "duration_s": range_of("--seconds", seconds),
        "keys": list_of(keys),
        "clean": clean,
        "sort": sort,
        "facets": list_of(facets),
        "understand": not literal,
        "typing": typing,
        "user_id": listener,
        "context": situation(context or ()),
    }
    by_sound = audio is not None or listen
    _refuse_out(out, batch or image)
    _refuse_beside(asked, how, by_sound=by_sound, by_picture=image is not None)
    if image is not None:
        search_covers.show_cover(image, count=count, json=json)
        return
    with playing() as app:
        asked["language"] = spoken_in = language_of(app, language)
        if by_sound:
            with search_voice.kept(spoken_in) if audio is None else nullcontext(audio) as sound:
                result = _heard(app, sound, how, count, spoken_in)
        elif voice is not None or talk:
            with kept_aside():
                said = voice if voice is not None else search_voice.recorded(spoken_in)
                result = app.search_engine.search_voice(said, **asked)
        elif text is None:
            found = app.search_engine.search_all(_lines(batch), **asked)
            if json:
                print_json_list(found)
            else:
                for result in found:
                    say(f"[bold]{data(result.text)}[/]")
                    show(result, spoken_in)
            return
        else:
            result = app.search_engine.search(" ".join(text), **asked)
        written = None if out is None else _written(app, result, out, force=force)
    if json:
        print_json(result if written is None else {**result.to_dict(), "written": written})
        return
    show(result, spoken_in)
    if written is not None:
        show_written(written)


def _refuse_out(out: Path | None, several: Path | None) -> None:
    """Refuse a playlist where there are no tracks for it, or too many."""
    if out is not None and several is not None:
        raise BadInput("--out takes the tracks of one search", "leave it out, or search for one text")


def _refuse_beside(asked: dict[str, Any], how: str, *, by_sound: bool, by_picture: bool) -> None:
    """Refuse options that would be ignored."""
    if not by_sound and how != "auto":
        raise BadInput("--how says what is wanted of a recording", "name it with --audio FILE, or --listen")
    usual = {"count": asked["count"], "sort": "relevance", "understand": True}
    beside = [_OPTIONS.get(name, name) for name, value in asked.items() if value != usual.get(name, type(value)())]
    what = ", ".join(f"--{name}" for name in beside)
    if by_sound and beside:
        raise BadInput(f"a search by sound takes no {what}", "leave out all but --how, --count and --out")
    if by_picture and beside:
        raise BadInput(f"a search by picture takes no {what}", "leave out all but --count")


def _heard(app: App, file: Path, how: str, count: int, language: Language) -> SearchResults:
    """Find by a recording; whoever waits for melodies of new files sees how far it is."""
    with kept_aside(), progress(label="melodies") as bar:

        def show_far(place: int, every: int) -> None:
            bar.describe(f"{place:,} of {every:,} melodies")

        return app.search_engine.search_audio(file, how, count=count, language=language, on_rows=show_far)


def _written(app: App, found: SearchResults, out: Path, *, force: bool) -> PlaylistExport:
    """Write the tracks among the hits as a playlist."""
    tracks = tuple(
        PlaylistEntry(
            title=hit.name,
            artist=hit.artist,
            album=hit.album,
            duration_ms=None if hit.duration_s is None else round(hit.duration_s * 1000),
            # An id that only this store knows says nothing elsewhere.
            outside_ids=() if hit.id.startswith(("key:", "file:")) else (hit.id,),
            path=hit.path,
        )
        for hit in found.hits
        if hit.kind == "track"
    )
    if not tracks:
        raise BadInput("no track was found: nothing is written", "look for tracks: --kind track")
    return write(app.with_files(Playlist(title=found.text, tracks=tracks)), expanded(out), force=force)


def _lines(path: Path | None) -> list[str]:
    """Read the texts of a file, those that are not empty."""
    file = expanded(path or Path())
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{file}: larger than {_MOST_BYTES >> 20} MiB", "name a file of texts, one a line")
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}", "name a file of texts, one a line") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: no UTF-8 at byte {error.start}", "save it as UTF-8") from error
    texts = [line for line in lines if line.strip()]
    if not texts:
        raise BadInput(f"{file}: no text in it", "write one a line")
    return texts


def show(found: SearchResults, language: Language) -> None:
    """Print what was found."""
    if found.heard is not None:
        search_voice.show_heard(found.heard, language)
    if found.route == "description":
        say(printed("understood", language, words=data(found.parse.described(language))))
    if found.did_you_mean is not None:
        meant = found.did_you_mean
        say(printed("did_you_mean", language, name=data(meant.text), share=f"{meant.confidence:.0%}"))
    if not found.hits and found.text:
        say(printed("nothing_found", language, text=data(found.text)))
    rows = [
        (
            printed(hit.kind, language),
            _marked(hit, "name"),
            _marked(hit, "artist"),
            hit.year,
            None if hit.duration_s is None else minutes_of(hit.duration_s),
            f"{hit.score:.2f}",
            hit.why,
            hit.id,
        )
        for hit in found.hits
    ]
    if rows:
        columns = (
            "",
            *(printed(name, language) for name in ("name", "artist", "year", "length", "score", "why")),
            "id",
        )
        table(columns, rows, right=(3, 4, 5))
    for name, values in found.facets.items():
        counted = ", ".join(f"{data(value)} {count}" for value, count in values.items())
        say(f"[bold]{data(name)}[/]: {counted or '–'}")
    notices(found.notices, printed("note", language))


def _marked(hit: Hit, name: str) -> Drawn | None:
    """Give a name of a hit with what was looked for in bold; where nothing is drawn, it is the plain name."""
    text = getattr(hit, name)
    if text is None:
        return None
    drawn = Drawn(text)
    for start, end in hit.highlights.get(name, ()):
        drawn.stylize("bold", start, end)
    return drawn


def index(
    meaning: Annotated[
        bool, typer.Option("--meaning", help="Make the index of meanings too; it is kept up to date from then on.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Bring the index up to date, as each search does first where something has changed."""
    with playing() as app, progress(label="documents") as bar:
        done = app.search_engine.refresh(meaning=meaning, on_rows=lambda count: bar.describe(f"{count:,} documents"))
    if json:
        print_json(done)
    else:
        say(f"{done.documents:,} documents: {done.added:,} written, {done.removed:,} taken out")

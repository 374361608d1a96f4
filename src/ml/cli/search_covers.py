"""``ml search covers``, ``ml search coloured``, ``ml search alike`` and ``ml search --image``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import own
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.intelligent_search.covers.results import CoverHit

#: Beside a known album, what is less likely than this is not shown.
_LIKELY = 0.01
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Count = Annotated[int, typer.Option("--count", "-n", min=1, help="Hits.")]
Text = Optional[str]  # noqa: UP045


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(name="covers")(covers)
    group.command(name="coloured")(coloured)
    group.command(name="alike")(alike)


def covers(
    places: Annotated[list[Path], typer.Argument(help="Folders of music or pictures, CSV tables, pictures.")],
    json: Json = False,
) -> None:
    """Learn the covers of albums, so that `ml search --image` knows them; what is as it was is not read again."""
    with own() as app:
        done = app.cover_search.scan(places, watched=True)
    if json:
        print_json(done)
        return
    notices((f"{one.path}: {one.reason}" for one in done.refused), "refused:")
    say(f"{number_of(done.albums, 'album')} with {number_of(done.pictures, 'picture')}; {done.added:,} new")


def coloured(
    colour: Annotated[Text, typer.Argument(help="A name, such as red, or #3366cc.")] = None,
    mood: Annotated[Text, typer.Option(help="Of the colours, such as dark or warm.")] = None,
    count: Count = 10,
    json: Json = False,
) -> None:
    """List albums whose covers have most of a colour, or colours of a mood."""
    if (colour is None) == (mood is None):
        raise BadInput("a colour or a mood is wanted", "ml search coloured red, or ml search coloured --mood dark")
    with own() as app:
        search = app.cover_search
        found = search.by_colour(colour, count) if colour is not None else search.by_mood(str(mood), count)
    if json:
        print_json(found)
    else:
        _show(found)


def alike(
    image: Annotated[Path, typer.Argument(help="A picture.")],
    count: Count = 10,
    json: Json = False,
) -> None:
    """List albums whose covers mean the same as a picture, by the model that intelligent_search.image_encoder names."""
    with own() as app:
        found = app.cover_search.alike(image, count)
    if json:
        print_json(found)
    else:
        _show(found)


def show_cover(image: Path, *, count: int, json: bool) -> None:
    """Say which album a picture shows."""
    with own() as app:
        found = app.cover_search.find(image, count)
    if json:
        print_json(found)
        return
    if not found.known:
        say("no album with this cover is known; what comes nearest:" if found.hits else "nothing like it is known")
    likely = [hit for hit in found.hits if hit.score >= _LIKELY]
    _show(likely if found.known else found.hits)


def _show(hits: Sequence[CoverHit]) -> None:
    if hits:
        table(
            ("album", "artist", "score", "id"),
            [(hit.name, hit.artist, f"{hit.score:.2f}", data(hit.id)) for hit in hits],
            right=(2,),
        )

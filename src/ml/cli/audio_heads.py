"""``ml audio train-heads`` and ``ml audio similar``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ml.cli.audio_embedder import Embedder
from ml.cli.outcome import print_json
from ml.cli.screen import data, notices, say, table
from ml.data.audio_files.native import kept_aside
from ml.foundation.errors import BadInput

if TYPE_CHECKING:
    from ml.audio_analysis.heads.training import TrainedHead

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands."""
    group.command(name="train-heads")(train_heads)
    group.command(name="similar")(similar)


def train_heads(
    labels: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Table with a row for each track (.csv, .tsv, .parquet) and a column file or track_id."),
    ] = None,
    label_column: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Column with a label, or several between ;. Repeat it for columns of numbers."),
    ] = None,
    audio: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder that the files of the table lie in."),
    ] = None,
    group_column: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Column whose tracks stay together in the measurement, such as the artist."),
    ] = None,
    target: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="genre or mood; left out, by the name of the column."),
    ] = None,
    from_tags: Annotated[
        bool,
        typer.Option("--from-tags", help="Learn genres from the tags of scanned files and of the catalogue."),
    ] = False,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Processes; left out, one for each core."),
    ] = None,
    embedder: Embedder = None,
    json: Json = False,
) -> None:
    """Train what says genres, moods or emotions of a sound, from your own labels, and say how good it is.

    How good is measured by cross-validation in which no artist (or other group) is learnt from and asked about. Head
    and card are kept in the workspace; [bold]ml audio analyze[/] and [bold]ml audio list[/] then use them.
    """
    from ml.audio_analysis import AudioLibrary

    if from_tags == (labels is not None):
        raise BadInput("labels come from a table or from tags", "give --labels TABLE, or --from-tags")
    if target not in {None, "genre", "mood"}:
        raise BadInput(f"{target!r} is no target", "--target genre, or --target mood")
    with AudioLibrary() as library:
        made = library.train_heads(
            labels,
            label_column or (),
            audio,
            group_column=group_column,
            target=target,
            workers=workers,
            embedder=embedder,
            watched=True,
        )
    print_json(made) if json else _show(made)


def similar(
    file: Annotated[Path, typer.Argument(help="Audio file; it need not have been scanned.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Tracks.")] = 10,
    slower: Annotated[bool, typer.Option("--slower", help="With a tempo of at least 8 % less.")] = False,
    faster: Annotated[bool, typer.Option("--faster", help="With a tempo of at least 9 % more.")] = False,
    calmer: Annotated[bool, typer.Option("--calmer", help="With less energy.")] = False,
    livelier: Annotated[bool, typer.Option("--livelier", help="With more energy.")] = False,
    quieter: Annotated[bool, typer.Option("--quieter", help="At least 2 LU quieter.")] = False,
    louder: Annotated[bool, typer.Option("--louder", help="At least 2 LU louder.")] = False,
    embedder: Embedder = None,
    json: Json = False,
) -> None:
    """Find the scanned tracks that sound most like a file."""
    from ml.audio_analysis import AudioLibrary

    wishes = {
        "slower": slower,
        "faster": faster,
        "calmer": calmer,
        "livelier": livelier,
        "quieter": quieter,
        "louder": louder,
    }
    with AudioLibrary() as library, kept_aside():
        but = [wish for wish, wanted in wishes.items() if wanted]
        found = library.similar(file, count, but=but, embedder=embedder)
    if json:
        print_json(found)
    elif found:
        rows = [
            [one.path, f"{one.similarity:.2f}", *map(_number, (one.tempo_bpm, one.loudness_lufs, one.energy))]
            for one in found
        ]
        table(["file", "similarity", "BPM", "LUFS", "energy"], rows, right=range(1, 5))
    else:
        say("no scanned track is as you wish")


def _show(made: TrainedHead) -> None:
    from ml.audio_analysis.heads.cards import card_text

    say(data(card_text({**made.card, "notices": []}).rstrip()))
    say(f"[bold]{data(made.path)}[/]")
    notices(made.notices)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"

"""How results are shown to people."""

from __future__ import annotations

from ml.cli.screen import data, notices, say, table
from ml.cli.words import printed
from ml.data.ingest import ImportSummary
from ml.foundation.counting import number_of
from ml.foundation.phrase import Language
from ml.recommendation_engine import Recommendations, SimilarItems


def _name(title: str, artist: str | None) -> str:
    return f"[bold]{data(title)}[/]" if artist is None else f"{data(artist)} — [bold]{data(title)}[/]"


#: Of items that are known to the listener, that are not, and of which nobody may say it.
_MARKS = {True: "[green]↻[/]", False: "[cyan]✦[/]", None: " "}


def show_recommendations(answer: Recommendations, language: Language = "en") -> None:
    """Print a list with its reasons, and its notices."""
    for track in answer.tracks:
        say(f"{track.rank:3} {_MARKS[track.familiar]} {_name(track.title, track.artist)}")
        say(f"      [dim]{data(track.why)}[/]")
    if any(track.familiar is not None for track in answer.tracks):
        say(f"[dim]  ↻ {printed('familiar', language)}   ✦ {printed('new', language)}[/]")
    notices(answer.notices, printed("note", language))


def show_similar(answer: SimilarItems) -> None:
    """Print what goes with an item."""
    say(f"[bold]Goes with {data(answer.title)}[/] [dim]({data(answer.item_id)})[/]")
    for item in answer.items:
        say(f"{item.rank:3} {_name(item.title, item.artist)} [dim]{data(item.item_id)} {item.score:.2f}[/]")
    notices(answer.notices)


def show_import(summary: ImportSummary) -> None:
    """Print what an import did."""
    verb = "would import" if summary.dry_run else "imported"
    number = "" if summary.import_id is None else f" [dim](import {summary.import_id})[/]"
    say(f"[bold]{data(summary.path)}[/]{number}")
    for unit in summary.units:
        rejected = f", {unit.rejected:,} rejected" if unit.rejected else ""
        status = "" if unit.status == "imported" else f" — {unit.status}"
        say(f"  {data(unit.name)} [dim]({unit.kind})[/]: {number_of(unit.rows, 'row')}{rejected}{status}")
        for note in unit.notes:
            say(f"    [dim]{data(note)}[/]")
        if unit.problem:
            say(f"    [red]{data(unit.problem)}[/]")
    names = sorted({*summary.added, *summary.already_there, *summary.updated})
    if names:
        columns = ["", verb] if summary.dry_run else ["", "new", "changed", "already there"]
        counts = (summary.added,) if summary.dry_run else (summary.added, summary.updated, summary.already_there)
        rows = [[name, *(f"{count.get(name, 0):,}" for count in counts)] for name in names]
        table(columns, rows, right=range(1, len(columns)))
    if summary.rejected:
        say(f"[yellow]{number_of(summary.rejected, 'row')} rejected:[/]")
        for reason, count in sorted(summary.reasons.items(), key=lambda pair: -pair[1])[:8]:
            say(f"  {count:>9,}  {data(reason)}")
        if summary.rejects_file:
            say(f"  [dim]each with file and line in {data(summary.rejects_file)}[/]")
    if summary.unrecognised:
        shown = ", ".join(summary.unrecognised[:5]) + (" …" if len(summary.unrecognised) > 5 else "")
        say(f"[yellow]{number_of(len(summary.unrecognised), 'file')} not recognised:[/] {data(shown)}")
    say(f"[dim]{number_of(summary.rows, 'row')} in {summary.seconds:.1f} s[/]")

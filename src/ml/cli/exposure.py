"""``ml exposure``."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from math import isnan
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ml import __version__
from ml.cli.command_line import command_line
from ml.cli.paged import Html, Json, page_at, put_out
from ml.cli.screen import data, notices, say, stepper, table
from ml.cli.wishes import AT_LEAST, shares
from ml.cli.workspaces import answering
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.metrics.significance import Interval
from ml.recommendation_engine import exposure_page
from ml.recommendation_engine.exposure import LEAST_ARTISTS, ExposureReport


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(exposure)


def exposure(
    context: typer.Context,
    algorithm: Annotated[Optional[str], typer.Option(help="Which model finds the new items.")] = None,  # noqa: UP045
    by: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="tail (head, middle and tail of what is heard) or country. [tail]"),
    ] = None,
    groups: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Groups of artists by any attribute instead: a CSV file of artist_id,group."),
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="Length of the lists.")] = 10,
    listeners: Annotated[int, typer.Option(help="Listeners in the sample, at most.")] = 500,
    familiar: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="0 only new items, 1 only what the listener knows; default from the settings."),
    ] = None,
    at_least: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help=AT_LEAST.format("new items")),
    ] = None,
    costs: Annotated[
        bool, typer.Option("--costs", help="Measure too what shares for the tail would cost in accuracy.")
    ] = False,
    least_artists: Annotated[
        int, typer.Option(help="Groups of fewer artists, by country or file, are pooled.")
    ] = LEAST_ARTISTS,
    seed: Annotated[int, typer.Option(help="Of the sample and the intervals.", min=0)] = 0,
    html: Html = None,
    json: Json = False,
) -> None:
    """Say which groups of artists the engine shows, beside what was played and what there is."""
    page = page_at(html)
    if groups is not None and by is not None:
        raise BadInput(f"--by {by}, or --groups {groups}?", "leave one of them out")
    by = by or "tail"
    options: dict[str, Any] = {"algorithm": algorithm, "k": k, "listeners": listeners, "seed": seed}
    with answering() as app:
        found = app.exposure(
            by=by if groups is None else expanded(groups),
            costs=costs,
            familiar_ratio=familiar,
            exposure=shares(at_least),
            least_artists=least_artists,
            on_step=stepper(),
            **options,
        )
    asked = options | {"by": None if groups else by, "groups": groups, "familiar": familiar}
    asked |= {"at-least": at_least[0] if at_least else None, "least-artists": least_artists}
    line = command_line("exposure", asked, home=context.find_root().params.get("home"))
    line += "".join(f" --at-least {each}" for each in (at_least or [])[1:]) + (" --costs" if costs else "")
    write = partial(exposure_page.write, found, on=datetime.now(UTC).date(), version=__version__, command=line)
    put_out(found, show, write, page=page, json=json)


def show(found: ExposureReport) -> None:
    """Print a report as tables."""
    say(
        f"[bold]exposure by {data(found.by)}[/] — {data(found.algorithm)},"
        f" {number_of(found.n_listeners, 'list')} of {found.k},"
        f" {number_of(found.n_items, found.kind)} of {number_of(found.n_artists, 'artist')}"
    )
    rows = [
        [
            each.name,
            f"{each.artists:,}",
            f"{each.catalogue:.1%}",
            _number(each.history.mean, "{:.1%}"),
            _number(each.exposure.mean, "{:.1%}"),
            _span(each.exposure, "{:.1%}"),
            _number(each.to_history.mean, "{:.2f}"),
            _span(each.to_history, "{:.2f}"),
        ]
        for each in found.groups
    ]
    columns = ["group", "artists", "catalogue", "played", "exposure", "95 %", "by played", "95 %"]
    table(columns, rows, right=range(1, len(columns)))
    say("\n[bold]popularity lift[/]: how much more popular lists are than histories")
    lifts = [
        [
            each.listeners,
            f"{each.n:,}",
            f"{each.history:,.1f}",
            f"{each.lists:,.1f}",
            _number(each.lift.mean, "{:+.1%}"),
            _span(each.lift, "{:+.1%}"),
        ]
        for each in found.lifts
    ]
    table(["listeners", "n", "played", "lists", "lift", "95 %"], lifts, right=range(1, 6))
    say(f"\nshown at all: {found.coverage:.1%} of the catalogue; Gini index of the exposure {found.gini:.3f}")
    if found.costs:
        say("\n[bold]what a share for the tail costs[/]")
        rows = [
            [
                each.method,
                f"{each.target:.0%}",
                f"{each.share.mean:.1%}",
                f"{each.ndcg.mean:.4f}",
                f"{each.ndcg_change.mean:+.4f}",
                _span(each.ndcg_change, "{:+.4f}"),
                f"{each.recall.mean:.4f}",
            ]
            for each in found.costs
        ]
        columns = ["method", "asked", "exposure", f"ndcg@{found.k}", "change", "95 %", f"recall@{found.k}"]
        table(columns, rows, right=range(1, len(columns)))
    notices(found.notices)


def _span(interval: Interval, form: str) -> str:
    return "" if isnan(interval.low) else f"{form.format(interval.low)} … {form.format(interval.high)}"


def _number(value: float, form: str) -> str:
    """Write a number; a dash where nobody is counted."""
    return "–" if isnan(value) else form.format(value)

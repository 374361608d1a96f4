"""``ml experiment``: tried out on listeners, and read while it runs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Optional

import orjson
import typer

from ml import __version__
from ml.cli.experiment_shown import show_experiment, show_report
from ml.cli.outcome import print_json
from ml.cli.paged import Html, Json, page_at, put_out
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import answering
from ml.experiments import page
from ml.experiments.registry import STOPPED, Experiment
from ml.foundation.errors import BadInput
from ml.foundation.moments import in_utc
from ml.recommendation_engine.events import NOT_KEPT

group = typer.Typer(
    name="experiment", help="What is tried out on listeners, and what came of it.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="Of the experiment.")]
Share = Annotated[float, typer.Option(help="Of its layer's listeners, above 0 and at most 1.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def create(
    name: Annotated[Optional[str], typer.Argument(help="Of the experiment; the file may say it.")] = None,  # noqa: UP045
    variant: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help='NAME or NAME=JSON, twice or more; the first is the control. B=\'{"algorithm": "ease"}\''),
    ] = None,
    metric: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="What decides: clicks, plays, completed, skips, minutes, likes, dislikes or active_days."),
    ] = None,
    guardrail: Annotated[
        Optional[list[str]], typer.Option(help="Metric that must not get worse; may be repeated.")  # noqa: UP045
    ] = None,
    country: Annotated[
        Optional[list[str]], typer.Option(help="Only listeners of this country; may be repeated.")  # noqa: UP045
    ] = None,
    min_listens: Annotated[Optional[int], typer.Option(help="Only listeners with so many.")] = None,  # noqa: UP045
    layer: Annotated[
        Optional[str], typer.Option(help="Experiments of one layer never share a listener. [default]")  # noqa: UP045
    ] = None,
    window_days: Annotated[
        Optional[float], typer.Option(help="How long after their exposure a listener counts. [7]")  # noqa: UP045
    ] = None,
    planned: Annotated[
        Optional[int], typer.Option(help="Listeners planned, where intervals are narrowest. [10000]")  # noqa: UP045
    ] = None,
    min_effect: Annotated[
        Optional[float], typer.Option(help="Smallest change worth knowing, as a share. [0.02]")  # noqa: UP045
    ] = None,
    design: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="split: a variant each; interleaved: two rankings in one list; bandit: what earns more. [split]"
        ),
    ] = None,
    full_reward: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Of a bandit, which needs it: value of the metric that earns a whole reward."),
    ] = None,
    file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A definition in JSON, for metrics in SQL and all the rest; options go before it."),
    ] = None,
    json: Json = False,
) -> None:
    """Define an experiment; nobody is in it before it is started."""
    given = {} if file is None else _read(file)
    options = {
        "name": name,
        "variants": None if variant is None else [_variant(text) for text in variant],
        "metric": metric,
        "guardrails": guardrail,
        "layer": layer,
        "window_days": window_days,
        "planned_listeners": planned,
        "min_effect": min_effect,
        "design": design,
        "full_reward": full_reward,
    }
    given |= {field: value for field, value in options.items() if value is not None}
    wanted = {"countries": country, "min_listens": min_listens}
    targeting = {field: value for field, value in wanted.items() if value is not None}
    # What is no mapping is left to be refused by its name.
    if targeting and isinstance(given.get("targeting", {}), dict):
        given["targeting"] = {**given.get("targeting", {}), **targeting}
    with answering() as app:
        made = app.experiments.create(given)
    _told(made, json=json, then=f"ml experiment start {made.name}")


def _read(file: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})", "name a file of JSON") from None
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{file}: is no JSON ({error})", "see docs/experiments.md for an example") from None
    if not isinstance(found, dict):
        raise BadInput(f"{file}: holds no mapping", "see docs/experiments.md for an example")
    return found


def _variant(text: str) -> dict[str, Any]:
    """Read ``NAME=JSON``, or a name alone.

    >>> _variant('B={"algorithm": "ease"}'), _variant("A")
    ({'name': 'B', 'parameters': {'algorithm': 'ease'}}, {'name': 'A', 'parameters': {}})
    """
    name, _, parameters = text.partition("=")
    try:
        return {"name": name, "parameters": orjson.loads(parameters or "{}")}
    except orjson.JSONDecodeError:
        raise BadInput(f"--variant {text}: what follows = is no JSON", 'write B=\'{"algorithm": "ease"}\'') from None


@group.command(name="list")
def list_(json: Json = False) -> None:
    """List the experiments, the newest first."""
    with answering() as app:
        found = app.experiments.list()
    if json:
        print_json(found)
        return
    if not found:
        say("no experiments yet: [cyan]ml experiment create[/]")
        return
    rows = [
        [
            each.name,
            each.state,
            each.definition.design,
            each.definition.layer,
            None if each.state == STOPPED else f"{each.share:.1%}",
            f"{each.exposed:,}",
            ", ".join(variant.name for variant in each.definition.variants),
            each.definition.metric.name,
            None if each.started_at is None else in_utc(each.started_at),
        ]
        for each in found
    ]
    columns = ["name", "state", "design", "layer", "share", "listeners", "variants", "metric", "started"]
    table(columns, rows, right=[4, 5])
    notices(dict.fromkeys(notice for each in found for notice in each.notices))


@group.command()
def show(name: Name, json: Json = False) -> None:
    """Show how an experiment is defined and how it stands."""
    with answering() as app:
        found = app.experiments.show(name)
    if json:
        print_json(found)
    else:
        show_experiment(found)


@group.command()
def start(name: Name, share: Share = 1.0, json: Json = False) -> None:
    """Let listeners in."""
    with answering() as app:
        found = app.experiments.start(name, share=share)
    _told(found, json=json, then=f"ml experiment report {name}")


@group.command()
def ramp(name: Name, share: Share, json: Json = False) -> None:
    """Let more listeners in; whoever is in stays, with the same variant."""
    with answering() as app:
        found = app.experiments.ramp(name, share=share)
    _told(found, json=json, then=f"ml experiment report {name}")


@group.command()
def stop(name: Name, json: Json = False) -> None:
    """End an experiment; from now on nobody is given a variant."""
    with answering() as app:
        found = app.experiments.stop(name)
    _told(found, json=json, then=f"ml experiment report {name}")


@group.command()
def delete(name: Name, json: Json = False) -> None:
    """Delete a draft; what was started can only be stopped."""
    with answering() as app:
        found = app.experiments.delete(name)
    if json:
        print_json({"deleted": found.name})
    else:
        say(f"{data(found.name)} is deleted")
        notices(found.notices)


@group.command()
def report(
    name: Name,
    html: Html = None,
    json: Json = False,
) -> None:
    """Say what came of an experiment so far; it may be read as often as you like."""
    file = page_at(html)
    with answering() as app:
        found = app.experiments.report(name)
    put_out(found, show_report, partial(page.write, found, version=__version__), page=file, json=json)


@group.command()
def holdout(
    share: Annotated[
        Optional[float], typer.Argument(help="From 0 to below 1; left out, it is only shown.")  # noqa: UP045
    ] = None,
    json: Json = False,
) -> None:
    """Show or set the share of listeners whom no experiment ever touches."""
    with answering() as app:
        found, said = app.experiments.holdout(share), app.notices
    if json:
        print_json({"holdout": found, "notices": said})
    else:
        say(f"{found:.1%} of the listeners are in no experiment")
        notices(said)


@group.command()
def event(
    listener: Annotated[str, typer.Argument(help="Outside id, or its short form.")],
    event: Annotated[str, typer.Option(help="What they did; the metric clicks sums `click`.")] = "click",
    item: Annotated[Optional[str], typer.Option(help="Track or artist, by id or exact name.")] = None,  # noqa: UP045
    value: Annotated[float, typer.Option(help="What it adds to a sum.")] = 1.0,
    at: Annotated[Optional[str], typer.Option(help="When, ISO 8601 with time zone; default now.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Record what a listener did that is no listen, such as a click."""
    try:
        when = None if at is None else datetime.fromisoformat(at)
    except ValueError:
        raise BadInput(f"--at {at!r} is no moment", "write it as 2026-06-30T21:15:00+00:00") from None
    with answering() as app:
        stored = app.experiments.record(listener, event, item_id=item, value=value, at=when)
        synthetic = app.notices
    said = (*synthetic, *((NOT_KEPT,) if stored is None else ()))
    if json:
        print_json({"event": event, "value": value, "occurred_at": stored, "notices": said})
        return
    if stored is not None:
        say(f"{data(event)} of {data(listener)} at {in_utc(stored)}")
    notices(said)


def _told(found: Experiment, *, json: bool, then: str) -> None:
    if json:
        print_json(found)
        return
    layer = data(found.definition.layer)
    holds = f"layer {layer} is free of it" if found.state == STOPPED else f"{found.share:.1%} of layer {layer}"
    say(f"[bold]{data(found.name)}[/] is {found.state}, {holds}")
    notices(found.notices)
    say(f"[dim]then:[/] [cyan]{data(then)}[/]")

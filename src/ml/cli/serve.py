"""``ml serve``."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Optional

import typer

from ml.cli.outcome import print_json_lines
from ml.cli.screen import data, say
from ml.foundation import configuration
from ml.foundation.extras import require


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[Optional[str], typer.Option(help="Address to listen at; as service.host.")] = None,  # noqa: UP045
    port: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Port to listen at, 0 for a free one; as service.port."),
    ] = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Processes that answer; as service.workers."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON: one line with address and set_up_link, once it listens.")
    ] = False,
) -> None:
    """Answer over HTTP until stopped: the console for a browser, and the API under /api/v1."""
    require("service")
    from ml.service.server import Listening, set_up_link, workspace_of  # late: for this command only

    current = configuration.current()
    for name, value in (("host", host), ("port", port), ("workers", workers)):
        if value is not None:
            current.service.put(name, value, origin=f"--{name}")
    with Listening(current.service) as listening:
        with closing(workspace_of(current)) as served:
            link = set_up_link(served, listening.address)
        if json:
            print_json_lines([{"address": listening.address, "set_up_link": link}], at_once=True)
        else:
            _say(listening.address, link)
        listening.answer()


def _say(address: str, link: str | None) -> None:
    if link is not None:
        say(f"make the first account, within an hour: [cyan]{data(link)}[/]")
    say(f"answering at [cyan]{data(address)}[/]; Ctrl-C stops it")

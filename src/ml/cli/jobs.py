"""``ml jobs``: work in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Optional

import typer

from ml.app import App
from ml.app.jobs import KINDS, run
from ml.app.jobs.runner import IDLE_S
from ml.cli.outcome import print_error, print_json
from ml.cli.screen import data, notices, say, table
from ml.cli.workspaces import own
from ml.data.jobs import Job, Progress
from ml.data.jobs.job import CANCELLED, DONE, FAILED
from ml.data.jobs.jobs import now_ms
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput, EmptyWorkspace, MLError
from ml.foundation.moments import in_utc
from ml.foundation.progress import progress

#: Who asks at the command line.
OWNER = "local"
group = typer.Typer(name="jobs", help="Work in the background: asked for, looked at, cancelled.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(metavar="ID", help="Number of the job.", min=1)]
Timeout = Annotated[Optional[float], typer.Option(help="Wait so many seconds at most.", min=0)]  # noqa: UP045


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group)


@group.command()
def submit(
    kind: Annotated[str, typer.Argument(help=f"What to do: {', '.join(KINDS)}.")],
    arguments: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(metavar="[NAME=VALUE]...", help="What it takes, such as path=history.zip; lists with commas."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended.")] = False,
    json: Json = False,
) -> None:
    """Ask for a job and come back at once; a process of its own does it, and ends when no job is left."""
    given = _arguments(arguments or [])
    with own() as app:
        job = app.jobs.submit(kind, given, owner=OWNER, within=None)
        if wait:
            _wait_for(app, job.id, None, json=json)
            return
    if json:
        print_json(job)
    else:
        say(f"job {job.id}: {kind} is waiting")
        say(f"[dim]next:[/] [cyan]ml jobs wait {job.id}[/]")


@group.command(name="list")
def list_(
    state: Annotated[
        Optional[str], typer.Option(help="Only queued, running, done, failed or cancelled ones.")  # noqa: UP045
    ] = None,
    kind: Annotated[Optional[str], typer.Option(help="Only of this kind.")] = None,  # noqa: UP045
    count: Annotated[int, typer.Option("--count", "-n", help="At most so many.")] = 20,
    before: Annotated[Optional[int], typer.Option(help="Only those with a lower number.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """List jobs, the newest first."""
    with _there() as app:
        found = app.jobs.list(state=state, kind=kind, count=count, before=before)
        left_alone = not json and any(not job.has_ended for job in found) and not app.jobs.is_attended()
    if json:
        print_json(found)
        return
    if not found:
        say("no such jobs")
        return
    rows = [[job.id, job.kind, _state(job), _far(job.progress), in_utc(job.created_at), job.owner] for job in found]
    table(["job", "kind", "state", "how far", "asked for", "by"], rows, right=[0])
    notices(["nobody is at work on them; `ml jobs run` is"] if left_alone else [])


@group.command()
def show(job_id: Number, json: Json = False) -> None:
    """Show a job: what was asked for, how far it is, what came of it."""
    with _there() as app:
        job = app.jobs.get(job_id)
    print_json(job) if json else _show(job)


@group.command()
def cancel(job_id: Number, json: Json = False) -> None:
    """Stop a job: at once where it waits, soon where it runs; what it stored stays whole."""
    with _there() as app:
        job = app.jobs.cancel(job_id)
    if json:
        print_json(job)
    else:
        say(f"job {job.id} is cancelled" if job.state == CANCELLED else f"job {job.id} stops at its next step")


@group.command(name="run")
def run_(
    idle: Annotated[float, typer.Option(help="Seconds to wait for another job where none is left.", min=0)] = IDLE_S,
    json: Json = False,
) -> None:
    """Do the jobs that wait, here, one after the other; what is at work is given back at Ctrl-C."""
    with _there() as app:
        begun = run(app, idle_s=idle, on_begin=lambda job: _said(job, json), on_end=lambda job: _said(job, json))
    if json:
        print_json({"begun": begun})
    elif begun is None:
        say("a runner is at work already: [cyan]ml jobs list[/]")
    else:
        say(f"{number_of(begun, 'job')} begun; none is left")


@group.command()
def wait(job_id: Number, timeout: Timeout = None, json: Json = False) -> None:
    """Wait until a job has ended; the status is 0 only where it is done."""
    with _there() as app:
        _wait_for(app, job_id, timeout, json=json)


@contextmanager
def _there() -> Iterator[App]:
    """Open the workspace of the settings; looking makes none."""
    with own() as app:
        if not app.workspace.is_there:
            raise EmptyWorkspace(app.nothing, "name another with --home or ML_HOME, or begin: ml import PATH")
        yield app


def _arguments(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (name and sign):
            raise BadInput(f"{word!r} is no argument of a job", "write its name, =, the value: path=history.zip")
        found[name] = value
    return found


def _wait_for(app: App, job_id: int, timeout_s: float | None, *, json: bool) -> None:
    with progress(label=f"job {job_id}") as bar:
        job = app.jobs.wait(job_id, timeout_s=timeout_s, on_look=lambda job: bar.describe(_line(job)))
    print_json(job) if json else _show(job)
    if job.state != DONE:
        if not job.has_ended and not json:
            say(f"the time is over, job {job_id} is not: [cyan]ml jobs wait {job_id}[/]")
        raise typer.Exit(1)


def _said(job: Job, json: bool) -> None:
    if not json:
        say(f"job {job.id}: {job.kind} is {job.state}")


def _show(job: Job) -> None:
    far = _far(job.progress)
    say(f"[bold]job {job.id}[/]: {data(job.kind)}, {_state(job)}{data(f' ({far})') if far else ''}")
    moments = {"asked for": job.created_at, "begun": job.started_at, "ended": job.finished_at}
    rows = [*job.arguments.items(), *((name, in_utc(at)) for name, at in moments.items() if at), ("by", job.owner)]
    table(["", ""], rows)
    if job.state == FAILED and job.error is not None:
        print_error(MLError(job.error["message"], job.error["hint"]))
    elif job.result is not None:
        say(f"[dim]what came of it:[/] [cyan]ml jobs show {job.id} --json[/]")


def _line(job: Job) -> str:
    return ", ".join(part for part in (f"job {job.id} {job.state}", _far(job.progress)) if part)


def _state(job: Job) -> str:
    """Say the state; a runner of which nothing is heard is no good sign.

    What is asked to stop and has not yet is both.
    """
    if job.is_silent(now_ms()):
        return f"{job.state}, silent"
    return f"{job.state}, to be cancelled" if job.cancel_asked and not job.has_ended else job.state


def _far(far: Progress) -> str:
    """Say how far a job is.

    >>> _far(Progress("scanning", 3, 1200)), _far(Progress("fit ease"))
    ('scanning: 3 of 1,200', 'fit ease')
    """
    counted: list[Any] = [f"{number:,}" for number in (far.done, far.total) if number is not None]
    return ": ".join(part for part in (far.step, " of ".join(counted)) if part)

"""Work in the background: asked for, watched, cancelled; and files to be imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi import Path as InPath

from ml.data.jobs import Job
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.bodies.jobs import JobAsked
from ml.service.discretion import discreet_job
from ml.service.gate import GuardedRoute, caller_of
from ml.service.kept_uploads import forget, keep, kept_in, sweep
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["jobs"])
JobId = Annotated[int, InPath(ge=1, lt=1 << 53)]


@router.post("/jobs", response_model=Job, status_code=202)
async def submit_job(request: Request, asked: JobAsked) -> Response:
    """Ask for work in the background; it outlives whoever asks."""
    service, principal = state_of(request), caller_of(request).principal
    owner = principal.id if principal else ""
    submit = service.app.jobs.submit
    return _accepted(await service.run(submit, asked.kind, asked.arguments, owner=owner, within=()))


@router.get("/jobs", response_model=list[Job])
async def list_jobs(
    request: Request,
    state: Annotated[Literal["queued", "running", "done", "failed", "cancelled"] | None, Query()] = None,
    kind: Annotated[Name | None, Query()] = None,
    count: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="jobs asked for before this one")] = None,
) -> Response:
    """List jobs, the newest first."""
    service = state_of(request)
    wanted = {"state": state, "kind": kind, "count": count, "before": before}
    given = {name: value for name, value in wanted.items() if value is not None}
    found = await service.run(service.app.jobs.list, **given)
    return Answer(found if caller_of(request).runs_the_place else [discreet_job(each) for each in found])


@router.get("/jobs/{job_id}", response_model=Job)
async def show_job(request: Request, job_id: JobId) -> Response:
    """Say how far a job is, and what came of it."""
    service = state_of(request)
    found = await service.run(service.app.jobs.get, job_id)
    return Answer(found if caller_of(request).runs_the_place else discreet_job(found))


@router.delete("/jobs/{job_id}", response_model=Job)
async def cancel_job(request: Request, job_id: JobId) -> Response:
    """Ask a job to stop; what it stored stays whole."""
    service = state_of(request)
    return Answer(await service.run(service.app.jobs.cancel, job_id))


@router.post("/imports", response_model=Job, status_code=202)
async def import_file(
    request: Request,
    file: Annotated[UploadFile, File(description="an export of a service, a table, an archive")],
    kind: Annotated[Name, Form()] = "auto",
    user: Annotated[Name | None, Form(description="whose listens, where the file does not say")] = None,
    columns: Annotated[Name | None, Form(description="which column of a table is what: user=userId,title=song")] = None,
) -> Response:
    """Import a file in the background; the answer is the job, whose result counts what was read, stored and refused."""
    service, principal = state_of(request), caller_of(request).principal
    owner = principal.id if principal else ""
    path = await keep(service.app, file)
    arguments = {"path": str(path), "kind": kind, "user": user, "columns": columns}
    return _accepted(await service.run(_imported, service, arguments, owner))


def _imported(service: ServiceState, arguments: dict[str, Any], owner: str) -> Job:
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        job = service.app.jobs.submit("import", given, owner=owner, within=[kept_in(service.app)])
    except BaseException:
        forget(Path(given["path"]))
        raise
    sweep(service.app)
    return job


def _accepted(job: Job) -> Response:
    return Answer(job, 202, {"Location": f"/api/v1/jobs/{job.id}"})

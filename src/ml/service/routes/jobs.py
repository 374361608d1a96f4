"""Work in the background: asked for, watched, cancelled."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from ml.app import App
from ml.data.jobs import Job
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.bodies.jobs import JobAsked
from ml.service.discretion import discreet_job
from ml.service.gate import GuardedRoute, caller_of
from ml.service.kept_uploads import named
from ml.service.state import state_of
from ml.service.words import language_in, told_in

router = APIRouter(route_class=GuardedRoute, tags=["jobs"])
JobId = Annotated[int, Path(ge=1, lt=1 << 53)]


@router.post("/jobs", response_model=Job, status_code=202)
async def submit_job(request: Request, asked: JobAsked) -> Response:
    """Ask for work in the background; it outlives whoever asks."""
    service, principal = state_of(request), caller_of(request).principal
    owner = principal.id if principal else ""
    submit = service.app.jobs.submit
    job = await service.run(submit, asked.kind, asked.arguments, owner=owner, within=())
    return accepted(service.app, job)


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
    told = found if caller_of(request).runs_the_place else [discreet_job(each) for each in found]
    language = language_in(request.scope)
    return Answer(named(service.app, [told_in(each, language) for each in told]))


@router.get("/jobs/{job_id}", response_model=Job)
async def show_job(request: Request, job_id: JobId) -> Response:
    """Say how far a job is, and what came of it."""
    service = state_of(request)
    found = await service.run(service.app.jobs.get, job_id)
    told = found if caller_of(request).runs_the_place else discreet_job(found)
    return Answer(named(service.app, told_in(told, language_in(request.scope))))


@router.delete("/jobs/{job_id}", response_model=Job)
async def cancel_job(request: Request, job_id: JobId) -> Response:
    """Ask a job to stop; what it stored stays whole."""
    service = state_of(request)
    return Answer(named(service.app, await service.run(service.app.jobs.cancel, job_id)))


def accepted(app: App, job: Job) -> Response:
    """Answer with a job that was asked for, and where to look how far it is."""
    return Answer(named(app, job), 202, {"Location": f"/api/v1/jobs/{job.id}"})

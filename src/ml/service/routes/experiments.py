"""Experiments: planned, begun, widened, stopped and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response

from ml.experiments.analysis import Report
from ml.experiments.registry import Experiment
from ml.foundation.results import Result
from ml.service.answers import PAGED, Answer, page
from ml.service.bodies.base import Count, Loose, Name
from ml.service.bodies.experiments import OutcomeTold, ShareAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["experiments"])
Named = Annotated[Name, Path(description="of an experiment")]
_EXAMPLE = {
    "name": "louder-tail",
    "metric": "clicks",
    "variants": [{"name": "as-is"}, {"name": "bolder", "parameters": {"familiar_ratio": 0.2}}],
}


@dataclass(frozen=True, slots=True)
class HeldOut(Result):
    """The share of listeners whom no experiment touches."""

    share: float


@dataclass(frozen=True, slots=True)
class OutcomeStored(Result):
    """What became of an outcome.

    Parameters
    ----------
    stored : bool
        False while the listener's history is paused.
    at : str or None
        ISO 8601, UTC.
    """

    stored: bool
    at: str | None


@router.get("/experiments", response_model=list[Experiment], responses=PAGED)
async def list_experiments(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="experiments planned before this one")] = None,
) -> Response:
    """List the experiments, the newest first."""
    service = state_of(request)
    return page(request, await service.run(service.app.experiments.list), count, before=before)


@router.post("/experiments", response_model=Experiment, status_code=201)
async def create_experiment(request: Request, definition: Annotated[Loose, Body(examples=[_EXAMPLE])]) -> Response:
    """Write an experiment down; nobody is in it before it is started."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.create, definition), 201)


@router.get("/experiments/holdout", response_model=HeldOut)
async def experiment_holdout(request: Request) -> Response:
    """Give the share of listeners whom no experiment touches."""
    service = state_of(request)
    return Answer(HeldOut(await service.run(service.app.experiments.holdout)))


@router.put("/experiments/holdout", response_model=HeldOut)
async def set_experiment_holdout(request: Request, asked: ShareAsked) -> Response:
    """Set the share of listeners whom no experiment touches."""
    service = state_of(request)
    return Answer(HeldOut(await service.run(service.app.experiments.holdout, asked.share)))


@router.get("/experiments/{name}", response_model=Experiment)
async def show_experiment(request: Request, name: Named) -> Response:
    """Give an experiment."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.show, name))


@router.delete("/experiments/{name}", response_model=Experiment)
async def delete_experiment(request: Request, name: Named) -> Response:
    """Delete a draft."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.delete, name))


@router.get("/experiments/{name}/report", response_model=Report)
async def experiment_report(request: Request, name: Named) -> Response:
    """Say everything that can be said of an experiment now; its intervals hold whenever they are looked at."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.report, name))


@router.post("/experiments/{name}/start", response_model=Experiment)
async def start_experiment(request: Request, name: Named, asked: ShareAsked) -> Response:
    """Let a share of the layer's listeners in."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.start, name, share=asked.share))


@router.post("/experiments/{name}/ramp", response_model=Experiment)
async def ramp_experiment(request: Request, name: Named, asked: ShareAsked) -> Response:
    """Let more of the layer's listeners in."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.ramp, name, share=asked.share))


@router.post("/experiments/{name}/stop", response_model=Experiment)
async def stop_experiment(request: Request, name: Named) -> Response:
    """End an experiment; its listeners are answered as anybody."""
    service = state_of(request)
    return Answer(await service.run(service.app.experiments.stop, name))


@router.post("/outcomes", response_model=OutcomeStored, status_code=201)
async def record_outcome(request: Request, told: OutcomeTold) -> Response:
    """Store what a listener did that is no listen, such as a click."""
    service = state_of(request)
    given = told.given()
    given.pop("user_id", None)
    listener = caller_of(request).listener(told.user_id)
    moment = await service.run(service.app.experiments.record, listener, **given)
    at = None if moment is None else datetime.fromtimestamp(moment / 1000, UTC).isoformat()
    return Answer(OutcomeStored(moment is not None, at), 200 if moment is None else 201)

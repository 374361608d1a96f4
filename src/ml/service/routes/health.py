"""Whether the service lives, whether it can answer, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ml import __version__
from ml.foundation.errors import MLError
from ml.foundation.log import logger
from ml.foundation.outcomes import outcome_of
from ml.foundation.results import Result
from ml.service.answers import Answer
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["operation"])


@dataclass(frozen=True, slots=True)
class Health(Result):
    """Whether a process answers at all."""

    status: str
    version: str


@dataclass(frozen=True, slots=True)
class Readiness(Result):
    """Whether requests can be answered.

    Parameters
    ----------
    status : str
        ``"ready"``, or ``"not ready"``.
    store : str
        ``"ok"``, or what is wrong with the database.
    models : str or None
        The version that answers; None where there is none yet.
    """

    status: str
    store: str
    models: str | None


@router.get("/health", response_model=Health)
async def health() -> Response:
    """Tell that the process lives."""
    return Answer(Health("ok", __version__))


@router.get("/ready", response_model=Readiness, responses={503: {"model": Readiness}})
async def ready(request: Request) -> Response:
    """Tell whether the database answers, and which models do."""
    service = state_of(request)
    found = await service.run(_look, service)
    good = found.status == "ready" and not service.closing
    return Answer(found, 200 if good else 503)


def _look(service: object) -> Readiness:
    from ml.models import pointer  # late: NumPy and SciPy

    app = service.app  # type: ignore[attr-defined]
    try:
        app.workspace.store.fact("label")
        models = pointer.current(app.workspace.models)
    except MLError as error:
        logger.error("not ready: %s", error)
        return Readiness("not ready", outcome_of(error).title, None)  # anybody may ask: no folders, no servers
    return Readiness("ready", "ok", models)


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Give all counts as Prometheus reads them."""
    counters = state_of(request).counters
    return Response(counters.text(), headers={"Content-Type": counters.content_type, "Cache-Control": "no-store"})

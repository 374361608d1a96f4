"""What the workspace holds."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ml.app.results import AppStatus
from ml.service.answers import Answer
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["workspace"])


@router.get("/status", response_model=AppStatus)
async def workspace_status(request: Request) -> Response:
    """Say what the workspace holds, and how good its models are."""
    service = state_of(request)
    return Answer(await service.run(service.app.status))

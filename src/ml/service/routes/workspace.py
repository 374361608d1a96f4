"""What the workspace holds."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ml.app.results import AppStatus
from ml.data.workspace import DEMO
from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.service.answers import Answer
from ml.service.gate import GuardedRoute
from ml.service.state import state_of


@dataclass(frozen=True, slots=True)
class Begun(Result):
    """What answers in a moment.

    Parameters
    ----------
    label : str
        As the status of a workspace has it.
    """

    label: str


router = APIRouter(route_class=GuardedRoute, tags=["workspace"])


@router.get("/status", response_model=AppStatus)
async def workspace_status(request: Request) -> Response:
    """Say what the workspace holds, and how good its models are."""
    service = state_of(request)
    return Answer(await service.run(service.app.status))


@router.post("/workspace/begin", response_model=Begun, status_code=202)
async def begin_workspace(request: Request) -> Response:
    """Let the own workspace answer instead of the demo world; processes begin anew for it, accounts and keys stay."""
    service = state_of(request)
    if service.app.workspace.label != DEMO:
        raise BadInput(
            "your own workspace answers already",
            "import into it: ml import PATH, or the page /imports",
            code="workspace_there",
        )
    await service.run(service.app.begin)
    service.succession.leave_soon()
    return Answer(Begun("real"), 202)

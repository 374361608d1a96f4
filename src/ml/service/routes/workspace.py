"""What the workspace holds, and how it came there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ml.app.results import AppStatus
from ml.data.ingest import ImportRecord, UndoReport
from ml.service.answers import PAGED, Answer, page
from ml.service.bodies.base import Count
from ml.service.discretion import discreet_import
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["workspace"])


@router.get("/status", response_model=AppStatus)
async def workspace_status(request: Request) -> Response:
    """Say what the workspace holds, and how good its models are."""
    service = state_of(request)
    return Answer(await service.run(service.app.status))


@router.get("/imports", response_model=list[ImportRecord], responses=PAGED)
async def list_imports(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="imports before this one")] = None,
) -> Response:
    """List the imports, the newest first."""
    service = state_of(request)
    found = await service.run(service.app.imports)
    if not caller_of(request).runs_the_place:
        found = [discreet_import(each) for each in found]
    return page(request, found, count, before, by="import_id")


@router.post("/imports/{import_id}/undo", response_model=UndoReport)
async def undo_import(request: Request, import_id: Annotated[int, Path(ge=1, lt=1 << 53)]) -> Response:
    """Remove what an import brought."""
    service = state_of(request)
    return Answer(await service.run(service.app.undo_import, import_id))

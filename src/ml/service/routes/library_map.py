"""The library as a map: points with their names, genres and regions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.app import App
from ml.library_map import LibraryMap
from ml.library_map.atlas import MOST
from ml.library_map.results import By, Kind
from ml.service.answers import MARKED, packed, unless_known
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["map"])


@router.get("/map", response_model=LibraryMap, responses=MARKED)
async def library_map(
    request: Request,
    by: Annotated[By | None, Query(description="listening or sound; left out, what is there")] = None,
    kind: Annotated[Kind | None, Query(description="track or artist; left out, what is there")] = None,
    count: Annotated[int, Query(ge=1, le=MOST, description="points at most: the most played")] = MOST,
) -> Response:
    """Give the library as a map, column by column, the most played points first; POST /jobs lays it out."""
    service = state_of(request)
    return await service.run(_answered, request, service.app, by, kind, count)


def _answered(request: Request, app: App, by: By | None, kind: Kind | None, count: int) -> Response:
    return packed(request, unless_known(request, app.atlas.show(by=by, kind=kind, count=count)))

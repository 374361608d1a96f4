"""Albums by what their covers look like."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.intelligent_search.covers.results import CoverHit
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.audio import Picture
from ml.service.state import state_of
from ml.service.uploads import opened, received

router = APIRouter(route_class=GuardedRoute, tags=["search"])
Hits = Annotated[int, Query(ge=1, le=500)]


@router.get("/search/covers/colour", response_model=list[CoverHit])
async def covers_by_colour(
    request: Request,
    colour: Annotated[Name, Query(description="a name, English or German, or #3366cc")],
    count: Hits = 10,
) -> Response:
    """List the albums whose covers have most of a colour."""
    service = state_of(request)
    found = await service.run(service.app.cover_search.by_colour, colour, count)
    return Answer(caller_of(request).told(list(found)))


@router.get("/search/covers/mood", response_model=list[CoverHit])
async def covers_by_mood(
    request: Request, mood: Annotated[Name, Query(description="such as dark or warm")], count: Hits = 10
) -> Response:
    """List the albums whose covers' colours make a mood."""
    service = state_of(request)
    found = await service.run(service.app.cover_search.by_mood, mood, count)
    return Answer(caller_of(request).told(list(found)))


@router.post("/search/covers/alike", response_model=list[CoverHit])
async def covers_alike(request: Request, file: Picture, count: Hits = 10) -> Response:
    """List the albums whose covers mean the same as a picture, by the encoder of the settings."""
    service = state_of(request)
    async with received(file, "picture") as path:
        plain = await opened(service.opener, path, "picture")
        found = await service.run(service.app.cover_search.alike, plain, count)
    return Answer(caller_of(request).told(list(found)))

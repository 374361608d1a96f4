"""One box for words, misspellings and descriptions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.intelligent_search.results import SearchResults
from ml.service.answers import MARKED, Answer, unless_known
from ml.service.bodies.search import SearchAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["search"])


@router.post("/search", response_model=SearchResults)
async def search(request: Request, asked: SearchAsked) -> Response:
    """Search artists, albums and tracks."""
    service, caller = state_of(request), caller_of(request)
    given = asked.given()
    text = given.pop("text", "")
    given["user_id"] = caller.listener_if_any(asked.user_id)
    return Answer(caller.told(await service.run(service.app.search_engine.search, text, **given)))


@router.get("/search/suggest", response_model=SearchResults, responses=MARKED)
async def suggest(
    request: Request,
    text: Annotated[str, Query(max_length=500)],
    count: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Search while somebody types: the last word may go on."""
    service = state_of(request)
    found = await service.run(service.app.search_engine.suggest, text, count=count)
    return unless_known(request, caller_of(request).told(found))

"""What was searched for, what was chosen, and searches with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ml.foundation.results import Result
from ml.intelligent_search.history import Asked, Frequent, SavedSearch
from ml.intelligent_search.results import SearchResults
from ml.service.answers import PAGED, Answer, following
from ml.service.bodies.base import Count, Name
from ml.service.bodies.search import AgainAsked, Choice, SavedAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.policy import ANALYST
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["search"])
#: Whoever is told of no single listeners is told of texts that so many have searched for.
LEAST_LISTENERS = 3
Listener = Annotated[Name | None, Query(description="the listener; a listener's own key may leave it out")]
Whose = Annotated[Name | None, Query(description="whose; left out, nobody's, or a listener's own")]
Days = Annotated[float, Query(gt=0, le=36_500, description="of so many last days")]


@dataclass(frozen=True, slots=True)
class Forgotten(Result):
    """How many searches were forgotten."""

    forgotten: int


@router.get("/search/recent", response_model=list[Asked], responses=PAGED)
async def recent_searches(
    request: Request,
    user_id: Listener = None,
    count: Annotated[Count, Query()] = 25,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="searches before this one")] = None,
) -> Response:
    """List what a listener searched for, the newest first, each text once."""
    service, listener = state_of(request), caller_of(request).listener(user_id)
    found = await service.run(service.app.search_engine.recent, listener, count=count + 1, before=before)
    headers = {} if len(found) <= count else {"Link": following(request, before=found[count - 1].id)}
    return Answer(found[:count], headers=headers)


@router.delete("/search/recent", response_model=Forgotten)
async def forget_searches(request: Request, user_id: Listener = None) -> Response:
    """Forget all that a listener searched for."""
    service, listener = state_of(request), caller_of(request).listener(user_id)
    return Answer(Forgotten(await service.run(service.app.search_engine.forget, listener)))


@router.get("/search/trending", response_model=list[Frequent])
async def trending_searches(request: Request, days: Days = 7, count: Annotated[Count, Query()] = 25) -> Response:
    """List what most listeners searched for, and found; analysts are told what three have searched for at least."""
    service = state_of(request)
    trending = service.app.search_engine.trending
    return Answer(await service.run(trending, days=days, count=count, least=_least(request)))


@router.get("/search/unanswered", response_model=list[Frequent])
async def unanswered_searches(request: Request, days: Days = 30, count: Annotated[Count, Query()] = 25) -> Response:
    """List what nothing was found for, the most frequent first; analysts are told as of what is trending."""
    service = state_of(request)
    unanswered = service.app.search_engine.unanswered
    return Answer(await service.run(unanswered, days=days, count=count, least=_least(request)))


@router.post("/search/choices", status_code=204)
async def choose_hit(request: Request, told: Choice) -> Response:
    """Tell which hit of a search was chosen, so that the next search for the same words knows it."""
    service, listener = state_of(request), caller_of(request).listener_if_any(told.user_id)
    await service.run(service.app.search_engine.choose, told.search_id, told.hit, user_id=listener)
    return Response(status_code=204)


@router.get("/search/saved", response_model=list[SavedSearch])
async def saved_searches(request: Request, user_id: Whose = None) -> Response:
    """List the searches that have a name: a listener's, or those that are nobody's."""
    service = state_of(request)
    return Answer(await service.run(service.app.search_engine.saved, **_among(request, user_id)))


@router.post("/search/saved", response_model=SavedSearch, status_code=201)
async def save_search(request: Request, asked: SavedAsked) -> Response:
    """Keep a search under a name, to ask it again; one that whoever asks may not see does not make way."""
    service, given = state_of(request), asked.given()
    given["user_id"] = caller_of(request).listener_if_any(given.get("user_id"))
    save, name, text = service.app.search_engine.save, given.pop("name"), given.pop("text", "")
    return Answer(await service.run(save, name, text, replace=False, **given), 201)


@router.post("/search/saved/again", response_model=SearchResults)
async def ask_saved_search(request: Request, asked: AgainAsked) -> Response:
    """Ask a search that has a name."""
    service, among = state_of(request), _among(request, asked.user_id)
    found = await service.run(service.app.search_engine.again, asked.name, **among)
    return Answer(caller_of(request).told(found))


@router.delete("/search/saved", status_code=204)
async def delete_saved_search(request: Request, name: Annotated[Name, Query()], user_id: Whose = None) -> Response:
    """Take a search's name away."""
    service, among = state_of(request), _among(request, user_id)
    await service.run(service.app.search_engine.delete_saved, name, **among)
    return Response(status_code=204)


def _among(request: Request, user_id: str | None) -> dict[str, Any]:
    """Say among whose searches a name is looked for: a listener's, or nobody's."""
    return {"user_id": caller_of(request).listener_if_any(user_id), "unowned": True}


def _least(request: Request) -> int:
    principal = caller_of(request).principal
    return LEAST_LISTENERS if principal is not None and principal.role == ANALYST else 1

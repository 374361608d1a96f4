"""What counts as the same track or artist: seen, merged, split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.data.identity import Merge
from ml.foundation.results import Result
from ml.service.answers import PAGED, Answer, following
from ml.service.bodies.base import Count, Name
from ml.service.bodies.catalogue import MergeAsked, SplitAsked
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["catalogue"])


@dataclass(frozen=True, slots=True)
class Split(Result):
    """An item that stands for itself again."""

    item_id: str
    title: str


@router.get("/merges", response_model=list[Merge], responses=PAGED)
async def list_merges(
    request: Request,
    below: Annotated[float, Query(ge=0, le=1.01, description="only what is less certain than this")] = 1.01,
    count: Annotated[Count, Query()] = 50,
    after: Annotated[Name | None, Query(description="merged item to go on behind")] = None,
) -> Response:
    """List items that count as another, the least certain first."""
    service = state_of(request)
    found = await service.run(service.app.merges, below=below, limit=count + 1, after=after)
    headers = {} if len(found) <= count else {"Link": following(request, after=found[count - 1].item_id)}
    return Answer(found[:count], headers=headers)


@router.post("/merges", response_model=Merge, status_code=201)
async def merge_items(request: Request, asked: MergeAsked) -> Response:
    """Let one item count as another; the models follow with the next training."""
    service = state_of(request)
    return Answer(await service.run(service.app.merge, asked.one, asked.other), 201)


@router.post("/merges/split", response_model=Split)
async def split_item(request: Request, asked: SplitAsked) -> Response:
    """Let a merged item stand for itself again, with its own listens."""
    service = state_of(request)
    return Answer(Split(asked.item_id, await service.run(service.app.split, asked.item_id)))

"""What listeners do and say, as it happens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from ml.recommendation_engine.results import Recorded
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.bodies.events import EventTold, FeedbackTold, Told
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["events"])


@router.post("/events", response_model=Recorded, status_code=201)
async def record_event(request: Request, told: EventTold) -> Response:
    """Store a play, a skip or a seek; it is on the disk when the answer comes, and the next recommendation knows it."""
    return await _record(request, told)


@router.post("/feedback", response_model=Recorded, status_code=201)
async def record_feedback(request: Request, told: FeedbackTold) -> Response:
    """Store what a listener says about an item: likes, blocks, not now."""
    return await _record(request, told)


async def _record(request: Request, told: Told) -> Response:
    service = state_of(request)
    given: dict[str, Any] = told.given()
    given.pop("user_id", None)
    listener = caller_of(request).listener(told.user_id)
    recorded = await service.run(service.app.engine.record, listener, **given)
    return Answer(recorded, 201 if recorded.stored else 200)


@router.delete("/events/{event_id}", response_model=Recorded)
async def undo_event(
    request: Request,
    event_id: Annotated[int, Path(ge=1, lt=1 << 53)],
    user_id: Annotated[Name | None, Query()] = None,
) -> Response:
    """Take back an event; the next answer is as if it had never been."""
    service = state_of(request)
    listener = caller_of(request).listener(user_id)
    return Answer(await service.run(service.app.engine.undo, listener, event_id))

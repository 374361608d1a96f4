"""What is kept of a listener, and what they may say about that."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.recommendation_engine.results import HistoryState
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["listeners"])
Listener = Annotated[Name | None, Query(description="the listener; a listener's own key may leave it out")]


@router.get("/history", response_model=HistoryState)
async def history_state(request: Request, user_id: Listener = None) -> Response:
    """Tell whether what a listener plays is kept."""
    service = state_of(request)
    listener = caller_of(request).listener(user_id)
    return Answer(await service.run(service.app.engine.history_state, listener))


@router.post("/history/pause", response_model=HistoryState)
async def pause_history(request: Request, user_id: Listener = None) -> Response:
    """Keep nothing of what a listener plays from now on."""
    service = state_of(request)
    listener = caller_of(request).listener(user_id)
    return Answer(await service.run(service.app.engine.pause_history, listener))


@router.post("/history/resume", response_model=HistoryState)
async def resume_history(request: Request, user_id: Listener = None) -> Response:
    """Keep what a listener plays again."""
    service = state_of(request)
    listener = caller_of(request).listener(user_id)
    return Answer(await service.run(service.app.engine.resume_history, listener))

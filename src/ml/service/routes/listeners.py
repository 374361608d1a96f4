"""What is kept of a listener, and what they may say about that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from ml.data.listeners import Erased
from ml.foundation.errors import UnknownId
from ml.foundation.results import Result
from ml.recommendation_engine.results import HistoryState
from ml.service.answers import PRIVATE, Answer
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["listeners"])
Listener = Annotated[Name | None, Query(description="the listener; a listener's own key may leave it out")]
_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "All that is stored of the listener", "content": {"application/json": {"schema": {}}}}
}


@dataclass(frozen=True, slots=True)
class Listened(Result):
    """One listen of a track.

    Parameters
    ----------
    at : datetime
        UTC.
    item_id, title : str
    artist, album : str or None
    ms_played : int or None
    """

    at: datetime
    item_id: str
    title: str
    artist: str | None
    album: str | None
    ms_played: int | None


@dataclass(frozen=True, slots=True)
class Heard(Result):
    """The last listens of a listener, the newest first; and how many there are in all."""

    count: int
    listens: tuple[Listened, ...]


@router.get("/listens", response_model=Heard)
async def list_listens(
    request: Request, user_id: Listener = None, count: Annotated[int, Query(ge=1, le=1000)] = 25
) -> Response:
    """Give the last tracks that a listener heard."""
    service, caller = state_of(request), caller_of(request)
    listener = caller.listener(user_id)
    try:
        return Answer(await service.run(_heard, service, listener, count))
    except UnknownId:
        if not caller.bound:
            raise
        return Answer(Heard(0, ()))  # nothing is stored yet of the listener who asks


def _heard(service: ServiceState, listener: str, count: int) -> Heard:
    stretch = service.app.listens_between(listener, most=count)
    listens = (
        Listened(
            datetime.fromtimestamp(row["listened_at"] / 1000, UTC),
            row["item_id"],
            row["name"],
            row["credit"],
            row["album"],
            row["ms_played"],
        )
        for row in stretch.listens
    )
    return Heard(service.app.count_listens(listener), tuple(listens))


@router.get("/listeners/export", responses=_EXPORTED, response_class=Response)
async def export_listener(request: Request, user_id: Listener = None) -> Response:
    """Give all that is stored of a listener, as one JSON document that is made while it is sent."""
    service = state_of(request)
    listener = caller_of(request).listener(user_id)
    pieces = await service.run(service.app.export_listener, listener)
    sent = {"Cache-Control": PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return StreamingResponse(pieces, headers=sent, media_type="application/json")


@router.delete("/listeners", response_model=Erased)
async def erase_listener(
    request: Request,
    confirm: Annotated[Name, Query(description="the listener's id once more, in full: nothing brings them back")],
    user_id: Listener = None,
) -> Response:
    """Delete all that is stored of a listener, and give a receipt; who gets in as them does so no longer."""
    service, caller = state_of(request), caller_of(request)
    listener = caller.listener(user_id)
    caller.gone.append(await service.run(service.app.listener_key, listener))
    return Answer(await service.run(service.app.erase_listener, listener, confirm=confirm))


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

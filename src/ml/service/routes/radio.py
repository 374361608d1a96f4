"""A list that is planned while it plays. Nothing of it is kept here: whoever listens has its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from ml.foundation.results import Result
from ml.playlist_generator import PlaylistGenerator, PlaylistTrack
from ml.service.answers import Answer
from ml.service.bodies.radio import RadioAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.playlists import for_whom, run
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["playlists"])


@dataclass(frozen=True, slots=True)
class Playing(Result):
    """What a radio gives.

    Parameters
    ----------
    track : PlaylistTrack or None
        The next; None at the end.
    ahead : tuple of PlaylistTrack
        What is planned behind it, as long as nothing is skipped.
    notices : tuple of str
    state : dict
        To be sent back to go on.
    """

    track: PlaylistTrack | None
    ahead: tuple[PlaylistTrack, ...]
    notices: tuple[str, ...]
    state: dict[str, Any]


@router.post("/playlists/radio", response_model=Playing)
async def radio(request: Request, asked: RadioAsked) -> Response:
    """Begin a radio or go on with one: hear what became of its tracks, and give the next."""
    service, caller = state_of(request), caller_of(request)
    fields = for_whom(asked.asked, caller)
    return Answer(caller.told(await run(service, request, _next, service.app.playlists, asked, fields)))


def _next(generator: PlaylistGenerator, asked: RadioAsked, fields: dict[str, Any]) -> Playing:
    state = asked.state
    found = generator.radio(**fields) if state is None else generator.radio(state=state.state(fields))
    for each in asked.heard:
        tell = found.played if each.what == "played" else found.skipped
        tell(each.track_id, each.ms_played)
    track = found.next()
    return Playing(track, found.ahead, found.notices, found.state())

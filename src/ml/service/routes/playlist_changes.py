"""Lists that are handed in: looked at, edited, made longer or shorter, gone on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ml.playlist_generator import Choices, Extension, Playlist, Saved
from ml.service.answers import Answer
from ml.service.bodies.base import Tongue
from ml.service.bodies.playlists import (
    AppendAsked,
    EditAsked,
    ExtendAsked,
    ListGiven,
    ResizeAsked,
    ShowAsked,
)
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.playlists import for_whom, run
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["playlists"])


@router.get("/playlists/choices", response_model=Choices)
async def playlist_choices(request: Request, language: Annotated[Tongue, Query()] = "en") -> Response:
    """Tell what a playlist can be asked for: words, genres, arcs, and what is known of the tracks."""
    service = state_of(request)
    return Answer(await service.run(service.app.playlists.choices, language=language))


@router.post("/playlists/show", response_model=Playlist)
async def show_playlist(request: Request, asked: ShowAsked) -> Response:
    """Say of a list as it stands how it flows, and which of its constraints hold."""
    service = state_of(request)
    found = await run(service, request, service.app.playlists.show, _given(request, asked.playlist))
    return Answer(caller_of(request).told(found))


@router.post("/playlists/edit", response_model=Playlist)
async def edit_playlist(request: Request, asked: EditAsked) -> Response:
    """Pin, remove and keep tracks of a list, and make the rest anew."""
    service = state_of(request)
    edit, remove = service.app.playlists.edit, asked.remove or ()
    playlist = _given(request, asked.playlist)
    found = await run(service, request, edit, playlist, pin=asked.pin, remove=remove, keep=asked.keep, seed=asked.seed)
    return Answer(caller_of(request).told(found))


@router.post("/playlists/resize", response_model=Playlist)
async def resize_playlist(request: Request, asked: ResizeAsked) -> Response:
    """Make a list longer or shorter; what was played of it stays."""
    service = state_of(request)
    resize, played = service.app.playlists.resize, asked.played or 0
    playlist = _given(request, asked.playlist)
    found = await run(service, request, resize, playlist, minutes=asked.minutes, count=asked.count, played=played)
    return Answer(caller_of(request).told(found))


@router.post("/playlists/extend", response_model=Extension)
async def extend_playlist(request: Request, asked: ExtendAsked) -> Response:
    """Find tracks to go on with behind a list, or behind a stored one."""
    service, caller = state_of(request), caller_of(request)
    more = for_whom(asked.asked, caller)
    playlist = asked.playlist if isinstance(asked.playlist, str) else _given(request, asked.playlist)
    how = {"minutes": asked.minutes, "count": asked.count, "threshold": asked.threshold}
    extend: Callable[..., Extension] = service.app.playlists.extend
    found = await run(service, request, extend, playlist, **how, **_no_length(more))
    return Answer(caller.told(found))


@router.post("/playlists/append", response_model=Saved)
async def append_playlist(request: Request, asked: AppendAsked) -> Response:
    """Write tracks behind a stored list, or the whole under another name."""
    service = state_of(request)
    extension = {"playlist_id": asked.playlist_id, "added": [{"track_id": each} for each in asked.tracks]}
    return Answer(await run(service, request, service.app.playlists.append, extension, name=asked.name))


def _given(request: Request, playlist: ListGiven) -> dict[str, Any]:
    return playlist.told(for_whom(playlist.request, caller_of(request)))


def _no_length(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out lengths of what comes: they are said beside."""
    return {name: value for name, value in fields.items() if name not in {"minutes", "count"}}

"""Playlists: made, put in order, led from one track to another, written as files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ml.app import App
from ml.data.exporters.playlists import write_playlist
from ml.playlist_generator import Playlist, Reordering
from ml.playlist_generator.entries import entries
from ml.playlist_generator.naming import NOBODY, read_by
from ml.service.answers import Answer
from ml.service.bodies.playlists import ExportAsked, OrderAsked, PathAsked, PlaylistAsked
from ml.service.gate import Caller, GuardedRoute, caller_of
from ml.service.policy import LISTENER, TRUSTED
from ml.service.state import ServiceState, state_of

P = ParamSpec("P")
R = TypeVar("R")
router = APIRouter(route_class=GuardedRoute, tags=["playlists"])
_MEDIA = {
    "m3u8": "application/vnd.apple.mpegurl",
    "xspf": "application/xspf+xml",
    "jspf": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_CONTENT: dict[str, dict[str, Any]] = {kind: {} for kind in _MEDIA.values()}


@router.post("/playlists/generate", response_model=Playlist)
async def generate_playlist(request: Request, asked: PlaylistAsked) -> Response:
    """Make a playlist whose constraints hold, with reasons; what cannot be had is named."""
    service = state_of(request)
    fields = for_whom(asked, caller_of(request))
    found = await run(service, request, service.app.playlists.generate, **fields)
    return Answer(caller_of(request).told(found))


@router.post("/playlists/path", response_model=Playlist)
async def playlist_path(request: Request, asked: PathAsked) -> Response:
    """Make a list that leads from one track to another."""
    service = state_of(request)
    more = {} if asked.language is None else {"language": asked.language}
    found = await run(service, request, service.app.playlists.path, asked.start, asked.end, count=asked.count, **more)
    return Answer(caller_of(request).told(found))


@router.post("/playlists/reorder", response_model=Reordering)
async def reorder_playlist(request: Request, asked: OrderAsked) -> Response:
    """Put tracks in the order in which they lead to each other best."""
    service = state_of(request)
    given = asked.given()
    found = await run(service, request, service.app.playlists.reorder, given.pop("tracks"), **given)
    return Answer(caller_of(request).told(found))


@router.post(
    "/playlists/export", response_class=Response, responses={200: {"content": {kind: {} for kind in _MEDIA.values()}}}
)
async def export_playlist(request: Request, asked: ExportAsked) -> Response:
    """Make a playlist, or take tracks in their order, and give it as a file that players read."""
    service = state_of(request)
    fields = for_whom(asked.playlist, caller_of(request))
    body, left_out = await run(service, request, _written, service.app, fields, asked)
    name = quote(f"{asked.title}.{asked.form}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    headers["X-Left-Out"] = str(left_out)  # of a form that lists files: tracks that have none
    return Response(body, media_type=_MEDIA[asked.form], headers=headers)


async def run(service: ServiceState, request: Request, verb: Callable[P, R], *args: P.args, **given: P.kwargs) -> R:
    """Run a verb, which may read the stored playlists that whoever asks may know of."""
    principal = caller_of(request).principal
    if principal is not None and principal.role in TRUSTED:
        return await service.run(verb, *args, **given)
    key = principal.user_key if principal is not None and principal.role == LISTENER else None
    with read_by(NOBODY if key is None else key):
        return await service.run(verb, *args, **given)


def for_whom(given: PlaylistAsked | None, caller: Caller) -> dict[str, Any]:
    """Give the fields of a request, with the listeners that whoever asks may ask for."""
    asked = PlaylistAsked.model_validate({}) if given is None else given
    fields = asked.fields()
    if asked.user_ids is not None:
        fields["user_ids"] = [caller.listener(each) for each in asked.user_ids]
    user_id = caller.listener_if_any(asked.user_id) if asked.user_id is not None or caller.bound else None
    if user_id is not None and asked.user_ids is None:
        fields["user_id"] = user_id
    return fields


def _written(app: App, fields: dict[str, Any], asked: ExportAsked) -> tuple[bytes, int]:
    if asked.tracks is None:
        playlist = app.playlists.generate(**fields)
    else:
        playlist = app.playlists.show({"tracks": [{"track_id": each} for each in asked.tracks]})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"list.{asked.form}"
        written = write_playlist(entries(playlist), file, name=asked.title)
        return file.read_bytes(), len(written.left_out)

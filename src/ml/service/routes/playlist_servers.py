"""Playlists on the servers that the service's environment names; a request can name no other."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ml.app import App
from ml.app.playlists import Pulled
from ml.data.playlist_servers import Pushed, RemotePlaylist
from ml.service.answers import Answer
from ml.service.bodies.playlists import PullAsked, PushAsked, ServerKind
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["playlists"])


@router.get("/playlists/servers/{server}", response_model=list[RemotePlaylist])
async def list_server_playlists(request: Request, server: ServerKind) -> Response:
    """List the playlists of a server."""
    service = state_of(request)
    return Answer(await service.run(_listed, service.app, server))


@router.post("/playlists/push", response_model=Pushed)
async def push_playlist(request: Request, asked: PushAsked) -> Response:
    """Send a stored playlist to a server: a new one, or the one of the same title is changed to be the same."""
    service = state_of(request)
    return Answer(await service.run(_pushed, service.app, asked))


@router.post("/playlists/pull", response_model=Pulled)
async def pull_playlist(request: Request, asked: PullAsked) -> Response:
    """Fetch a playlist from a server into the workspace; fetching it again updates it."""
    service = state_of(request)
    return Answer(await service.run(_pulled, service.app, asked))


def _listed(app: App, server: ServerKind) -> list[RemotePlaylist]:
    return app.playlist_server(server).playlists()


def _pushed(app: App, asked: PushAsked) -> Pushed:
    server = app.playlist_server(asked.server)
    # A name is looked for in the store and nowhere else: it may not be the path of a file.
    return app.push_playlist(asked.name, server, title=asked.title, public=asked.public, files=False)


def _pulled(app: App, asked: PullAsked) -> Pulled:
    return app.pull_playlist(asked.name, app.playlist_server(asked.server))

"""The routes of Subsonic that a player needs for telling what it plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response

from ml.foundation.errors import BadInput
from ml.service.gate import Caller, caller_of
from ml.service.state import state_of
from ml.service.subsonic import SubsonicRoute, one, parameters_of, respond

router = APIRouter(route_class=SubsonicRoute)
F = TypeVar("F", bound=Callable[..., Any])
_LONGEST_NAME = 500
EXTENSIONS = ({"name": "apiKeyAuthentication", "versions": [1]}, {"name": "formPost", "versions": [1]})


def _called(name: str) -> Callable[[F], F]:
    """Let a function answer under a name of the protocol, in both spellings, asked in both ways."""

    def register(function: F) -> F:
        for path in (f"/rest/{name}", f"/rest/{name}.view"):
            router.add_api_route(path, function, methods=["GET", "POST"])
        return function

    return register


@_called("ping")
async def subsonic_ping(request: Request) -> Response:
    """Tell that the key is good."""
    return await respond(request)


@_called("getLicense")
async def subsonic_license(request: Request) -> Response:
    """Tell that nothing has to be bought."""
    return await respond(request, {"license": {"valid": True}})


@_called("getOpenSubsonicExtensions")
async def subsonic_extensions(request: Request) -> Response:
    """Tell what of OpenSubsonic is understood."""
    return await respond(request, {"openSubsonicExtensions": list(EXTENSIONS)})


@_called("tokenInfo")
async def subsonic_token_info(request: Request) -> Response:
    """Tell whose the key is."""
    caller = caller_of(request)
    assert caller.principal is not None
    name = caller.listener_if_any(None) or caller.principal.name
    return await respond(request, {"tokenInfo": {"username": name}})


@_called("scrobble")
async def subsonic_scrobble(request: Request) -> Response:
    """Store listens of tracks of the catalogue, all or none; what is just playing is looked up and let go."""
    service, sent = state_of(request), await parameters_of(request)
    one(sent, "id")
    tracks, device = sent["id"], sent.get("c", [""])[0]
    listener = _listener(caller_of(request), sent)
    if sent.get("submission", ["true"])[0].lower() == "false":
        await service.run(service.app.track_keys, tracks)
    else:
        heard = list(zip(tracks, _times(sent, len(tracks)), strict=True))
        await service.run(service.app.scrobble_tracks, listener, heard, device=device)
    return await respond(request)


def _listener(caller: Caller, sent: Mapping[str, list[str]]) -> str:
    """Say whose listens these are: those of the key's listener, else of the user who is named."""
    if caller.bound:
        return caller.listener(None)
    name = one(sent, "u")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadInput(f"u = {name[:_LONGEST_NAME]!a} is no name of a user")
    return caller.listener(f"subsonic:{name}")


def _times(sent: Mapping[str, list[str]], number: int) -> list[int | None]:
    """Read when each began, UTC milliseconds."""
    texts = sent.get("time", [])
    if not texts:
        return [None] * number
    if len(texts) != number:
        raise BadInput(f"{number} ids and {len(texts)} times: send one time for each id, or none")
    try:
        return [int(text) for text in texts]
    except ValueError:
        raise BadInput("time has to be milliseconds since 1970") from None

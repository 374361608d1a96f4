"""Playlists that are kept, and requests that they are made of again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Query, Request, Response

from ml.data.identity import find_user
from ml.foundation.errors import BadInput
from ml.playlist_generator.live.recipes import Recipe
from ml.playlist_generator.live.refreshing import Refreshed
from ml.playlist_generator.live.saving import Saved
from ml.playlist_generator.naming import NOBODY, read_by
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.bodies.playlists import RecipeAsked, RefreshAsked, SaveAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.playlists import for_whom
from ml.service.state import ServiceState, state_of

P = ParamSpec("P")
R = TypeVar("R")
router = APIRouter(route_class=GuardedRoute, tags=["playlists"])
Whose = Annotated[Name | None, Query(description="whose; left out, nobody's, or a listener's own")]
Named = Annotated[Name, Query(description="of a recipe")]


@router.post("/playlists", response_model=Saved, status_code=201)
async def save_playlist(request: Request, asked: SaveAsked) -> Response:
    """Keep tracks as a list under a name, in place of one's own of that name."""
    service, listener = state_of(request), caller_of(request).listener_if_any(asked.user_id)
    playlist = {"tracks": [{"track_id": each} for each in asked.tracks]}
    save = service.app.playlists.save
    return Answer(await _for(service, listener, save, playlist, asked.name, user_id=listener), 201)


@router.get("/playlists/recipes", response_model=list[Recipe])
async def list_recipes(request: Request, user_id: Whose = None) -> Response:
    """List the recipes by name, and how many lists each came to."""
    service, listener = state_of(request), caller_of(request).listener_if_any(user_id)
    return Answer(await _for(service, listener, service.app.playlists.recipes))


@router.post("/playlists/recipes", response_model=Recipe, status_code=201)
async def save_recipe(request: Request, asked: RecipeAsked) -> Response:
    """Keep a request under a name, to make lists of it day by day or week by week."""
    service = state_of(request)
    if asked.playlist.user_ids is not None:
        raise BadInput("a recipe for several listeners", "give user_id, or leave both out: it is one listener's")
    fields: dict[str, Any] = for_whom(asked.playlist, caller_of(request))
    how = {"rhythm": asked.rhythm, "avoid": asked.avoid, "replace": asked.replace}
    save: Callable[..., Recipe] = service.app.playlists.save_recipe
    return Answer(await _for(service, fields.get("user_id"), save, asked.name, **how, **fields), 201)


@router.post("/playlists/recipes/refresh", response_model=Refreshed)
async def refresh_recipe(request: Request, asked: RefreshAsked) -> Response:
    """Give a recipe's list of a day or week, which is kept, and say what is new in it."""
    service, caller = state_of(request), caller_of(request)
    listener = caller.listener_if_any(asked.user_id)
    refresh = service.app.playlists.refresh
    return Answer(caller.told(await _for(service, listener, refresh, asked.name, on=asked.on, again=asked.again)))


@router.delete("/playlists/recipes", response_model=Recipe)
async def delete_recipe(
    request: Request,
    name: Named,
    user_id: Whose = None,
    lists: Annotated[bool, Query(description="whether the lists that it came to go too")] = False,
) -> Response:
    """Forget a recipe."""
    service, listener = state_of(request), caller_of(request).listener_if_any(user_id)
    return Answer(await _for(service, listener, service.app.playlists.delete_recipe, name, lists=lists))


async def _for(
    service: ServiceState, listener: str | None, verb: Callable[P, R], *args: P.args, **given: P.kwargs
) -> R:
    """Run a verb that changes nothing but what is a listener's, or nobody's."""
    key = NOBODY if listener is None else await service.run(_key, service, listener)
    with read_by(key):
        return await service.run(verb, *args, **given)


def _key(service: ServiceState, listener: str) -> int:
    with service.app.workspace.store.read() as connection:
        return find_user(connection, listener)

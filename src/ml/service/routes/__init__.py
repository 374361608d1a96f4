"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter, params
from fastapi.routing import APIRoute

from ml.service.routes import (
    audio,
    audio_stream,
    audit,
    events,
    experiments,
    health,
    jobs,
    keys,
    library_map,
    listenbrainz,
    listeners,
    models,
    playlists,
    recommendations,
    search,
    sessions,
    subsonic,
    workspace,
)

_MODULES = (
    *(health, recommendations, events, listeners, search, audio, audio_stream),
    *(playlists, library_map, experiments, models, workspace, jobs, sessions, keys, audit),
)
ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in _MODULES)
#: The paths of routes that files are sent to.
UPLOADS = frozenset(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    and any(isinstance(each.field_info, params.File) for each in route.dependant.body_params)
)
#: Of other protocols, with the paths under which their players look for them.
FOREIGN: tuple[tuple[str, APIRouter], ...] = (
    ("", subsonic.router),
    ("", listenbrainz.router),
    ("", listenbrainz.tokens),
    # Where Maloja has them, whose users have set up their players so.
    ("/apis/listenbrainz", listenbrainz.router),
    ("/apis/listenbrainz", listenbrainz.tokens),
)

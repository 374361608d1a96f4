"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter, params
from fastapi.routing import APIRoute

from ml.service.routes import (
    audio,
    audio_library,
    audio_stream,
    audit,
    covers,
    events,
    experiments,
    health,
    identities,
    imports,
    jobs,
    keys,
    library_map,
    listenbrainz,
    listeners,
    models,
    own_sessions,
    playlist_changes,
    playlist_servers,
    playlists,
    radio,
    recipes,
    recommendations,
    search,
    searches,
    second_factor,
    sessions,
    subsonic,
    tracks,
    workspace,
)

_MODULES = (
    *(health, recommendations, events, listeners),
    *(search, searches, covers, tracks, audio, audio_library, audio_stream),
    *(playlists, playlist_changes, recipes, radio, playlist_servers),
    *(library_map, experiments, models, workspace, identities, imports, jobs),
    *(sessions, own_sessions, second_factor, keys, audit),
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
#: What the paths begin with of routes that wait for other servers, or send all that is stored of somebody: they may
#: take longer than others. Whoever asks waits for the answer, which no job would give them sooner.
LONG = ("/playlists/servers/", "/playlists/push", "/playlists/pull", "/listeners/export")
#: Of other protocols, with the paths under which their players look for them.
FOREIGN: tuple[tuple[str, APIRouter], ...] = (
    ("", subsonic.router),
    ("", listenbrainz.router),
    ("", listenbrainz.tokens),
    # Where Maloja has them, whose users have set up their players so.
    ("/apis/listenbrainz", listenbrainz.router),
    ("/apis/listenbrainz", listenbrainz.tokens),
)

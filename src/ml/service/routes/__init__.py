"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter

from ml.service.routes import (
    audio,
    audio_stream,
    audit,
    events,
    experiments,
    health,
    keys,
    listeners,
    models,
    playlists,
    recommendations,
    search,
    sessions,
    workspace,
)

_MODULES = (
    *(health, recommendations, events, listeners, search, audio, audio_stream),
    *(playlists, experiments, models, workspace, sessions, keys, audit),
)
ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in _MODULES)

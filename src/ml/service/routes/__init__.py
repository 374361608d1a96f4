"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter

from ml.service.routes import (
    audio,
    audio_stream,
    events,
    experiments,
    health,
    listeners,
    models,
    playlists,
    recommendations,
    search,
    workspace,
)

_MODULES = (
    *(health, recommendations, events, listeners, search, audio, audio_stream),
    *(playlists, experiments, models, workspace),
)
ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in _MODULES)

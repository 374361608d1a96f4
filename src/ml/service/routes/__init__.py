"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter

from ml.service.routes import (
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

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (health, recommendations, events, listeners, search, playlists, experiments, models, workspace)
)

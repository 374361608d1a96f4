"""The routes, one noun a module."""

from __future__ import annotations

from fastapi import APIRouter

from ml.service.routes import events, health, listeners, recommendations, search

ROUTERS: tuple[APIRouter, ...] = tuple(module.router for module in (health, recommendations, events, listeners, search))

"""The stairwell: builds everything from the settings, once. The only place that knows everybody."""

from __future__ import annotations

from ml.app.app import RECIPE, App
from ml.app.results import AppStatus, Search, Trained

__all__ = ["RECIPE", "App", "AppStatus", "Search", "Trained"]

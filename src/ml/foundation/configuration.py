"""The settings of this process: read once, at the first question."""

from __future__ import annotations

import threading

from ml.foundation.settings import Settings

_lock = threading.Lock()
_settings: Settings | None = None


def current() -> Settings:
    """Give the settings that ``ml.ML_CONFIG`` shows; every caller gets the same object.

    Raises
    ------
    SettingsError
        At the first call, if a file or variable says what is not allowed.
    """
    global _settings  # noqa: PLW0603  # what Python code changes here, everybody is meant to see
    with _lock:
        if _settings is None:
            _settings = Settings.load()
        return _settings


def forget() -> None:
    """Read files and environment anew at the next question."""
    global _settings  # noqa: PLW0603
    with _lock:
        _settings = None

"""What a process of ours that is started in the background is given: our settings, and our imports."""

from __future__ import annotations

import os
import sys

import orjson

from ml.foundation.section import Section
from ml.foundation.settings import Settings, variable_name


def environment(settings: Settings) -> dict[str, str]:
    """Give the environment of a process that shall have the same settings, and import from where this one does.

    Settings that are defaults are left out, so that a file of settings in the workspace goes on to be read.

    Examples
    --------
    >>> settings = Settings()
    >>> settings.recommendation_engine.num_factors = 8
    >>> environment(settings)["ML_RECOMMENDATION_ENGINE__NUM_FACTORS"]
    '8'
    """
    ours = {
        variable_name(name, key): _text(section[key])
        for name, section in settings.items()
        if isinstance(section, Section)
        for key in section
        if section.origin(key) != "default"
    }
    return {**os.environ, **ours, "PYTHONPATH": os.pathsep.join(part or os.curdir for part in sys.path)}


def _text(value: object) -> str:
    """Write a value as :meth:`~ml.foundation.settings.Settings.load` reads it."""
    return orjson.dumps(value).decode() if isinstance(value, list | bool) else str(value)

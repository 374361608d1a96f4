"""The logger ``ml``: silent in a library, on stderr for the command line."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from ml.foundation.errors import SettingsError, did_you_mean

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

logger = logging.getLogger("ml")
# A library leaves it to its host what to do with its messages.
logger.addHandler(logging.NullHandler())


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stderr`` is at that moment, not at the moment of set-up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base class keeps an attribute
        return sys.stderr


def setup(level: str = "WARNING") -> None:
    """Send the messages of ``ml`` to stderr; calling again changes the level.

    Parameters
    ----------
    level : str
        One of :data:`LEVELS`, in any case.

    Raises
    ------
    SettingsError
        If there is no such level.
    """
    if level.upper() not in LEVELS:
        raise SettingsError(f"unknown log level {level!r}", did_you_mean(level.upper(), LEVELS))
    if not any(isinstance(handler, _Stderr) for handler in logger.handlers):
        handler = _Stderr()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
        logger.addHandler(handler)
    logger.setLevel(level.upper())

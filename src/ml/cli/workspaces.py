"""Which workspace a command works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ml.app import App
from ml.foundation import configuration
from ml.foundation.errors import EmptyWorkspace


@contextmanager
def own() -> Iterator[App]:
    """Open the workspace of the settings, also while it is empty."""
    app = App(configuration.current())
    try:
        yield app
    finally:
        app.close()


@contextmanager
def answering() -> Iterator[App]:
    """Open the workspace that answers: the one of the settings, or the demo world while that is empty."""
    app = App.of_settings(configuration.current())
    try:
        yield app
    finally:
        app.close()


@contextmanager
def serving(*, new: bool = False) -> Iterator[App]:
    """Open the workspace whose service is meant: the one that answers, else the settings' own, empty as it is.

    Parameters
    ----------
    new : bool
        Whether one may come into being by that.

    Raises
    ------
    EmptyWorkspace
        If there is none.
    """
    try:
        app = App.of_settings(configuration.current())
    except EmptyWorkspace:
        app = App(configuration.current())
        if not new and not app.workspace.is_there:
            raise
    try:
        yield app
    finally:
        app.close()


@contextmanager
def playing() -> Iterator[App]:
    """Open the workspace that has something to play: the one of the settings too where files were only scanned."""
    app = App(configuration.current())
    if app.workspace.is_bare():
        app.close()
        app = App.of_settings(configuration.current())
    try:
        yield app
    finally:
        app.close()

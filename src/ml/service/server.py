"""Starting and stopping the processes that answer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.foundation import configuration
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.extras import extra
from ml.foundation.paths import expanded
from ml.foundation.service_settings import Service
from ml.foundation.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ml.app import App


def build() -> FastAPI:
    """Build the application in a process that answers."""
    from ml.service.application import create

    return create(workspace_of(configuration.current()))


def workspace_of(settings: Settings) -> App:
    """Open what is served: the workspace of the settings, or the demo world while that is empty and there is one."""
    from ml.app import App

    try:
        return App.of_settings(settings)
    except EmptyWorkspace:
        return App(settings)


def set_up_link(app: App) -> str | None:
    """Make the link by which the first admin is made; None where there is one.

    The token is behind the ``#``, so that no server is sent it with the address, and no log has it.
    """
    invitations = app.access.invitations
    if not invitations.setup_is_due():
        return None
    _, token = invitations.set_up()
    return f"{address(app.settings.service)}/setup#{token}"


def address(settings: Service) -> str:
    """Give the address of the service, as a browser takes it.

    >>> address(Service())
    'http://127.0.0.1:8000'
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.certificate else 'http'}://{host}:{settings.port}"


def serve(settings: Service) -> None:
    """Answer until the process is told to stop.

    Raises
    ------
    BadInput
        If a certificate lacks its key, or one of the files is not there.
    """
    with extra("service"):
        import uvicorn
    options = _tls(settings)
    with _counted_together(settings.workers):
        uvicorn.run(
            "ml.service.server:build",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_graceful_shutdown=settings.shutdown_s,
            **options,
        )


def _tls(settings: Service) -> dict[str, Any]:
    """Give the files of the encryption, if any."""
    if not settings.certificate and not settings.private_key:
        return {}
    found = {}
    for name, text in (("certificate", settings.certificate), ("private_key", settings.private_key)):
        path = expanded(text) if text else None
        if path is None or not path.is_file():
            said = f"service.{name} = {text!r}: no such file" if text else f"service.{name} is not set"
            raise BadInput(said, "encryption needs both: service.certificate and service.private_key, PEM files")
        found[name] = str(path)
    return {"ssl_certfile": found["certificate"], "ssl_keyfile": found["private_key"]}


@contextmanager
def _counted_together(workers: int) -> Iterator[None]:
    """Let several processes be counted together."""
    if workers == 1:
        yield
        return
    from ml.service.counters import SHARED

    with tempfile.TemporaryDirectory(prefix="ml-counts-") as folder:
        os.environ[SHARED] = str(Path(folder))
        try:
            yield
        finally:
            del os.environ[SHARED]

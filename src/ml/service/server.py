"""Starting and stopping the processes that answer."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ml.foundation import configuration, log
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.extras import extra
from ml.foundation.heap import keep_lean
from ml.foundation.paths import expanded
from ml.foundation.service_settings import Service
from ml.foundation.settings import Settings

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from ml.app import App


#: Connections that wait to be taken.
_WAITING = 2048
#: Seconds after which a process that says nothing is taken for hung, and replaced; one that is dead is seen at once.
#: On a machine with too much to do, a process that reads its models may be silent for longer than the usual five.
_SILENT_S = 30
#: Bytes of a message of a WebSocket, and messages that are read before they are wanted, for each socket.
_LARGEST_MESSAGE, _MOST_MESSAGES = 1 << 20, 4


def build() -> FastAPI:
    """Build the application in a process that answers."""
    keep_lean()  # before libraries start threads of their own
    from ml.service.application import create

    settings = configuration.current()
    log.setup(settings.compute.log_level)  # a process of several has none of what the command set up
    return create(workspace_of(settings))


def workspace_of(settings: Settings) -> App:
    """Open what is served: the workspace of the settings, or the demo world while that is empty and there is one."""
    from ml.app import App

    try:
        return App.of_settings(settings)
    except EmptyWorkspace:
        return App(settings)


def set_up_link(app: App, address: str) -> str | None:
    """Make the link by which the first admin is made; None where there is one.

    The token is behind the ``#``, so that no server is sent it with the address, and no log has it.
    """
    invitations = app.access.invitations
    if not invitations.setup_is_due():
        return None
    _, token = invitations.set_up()
    return f"{address}/setup#{token}"


class Listening:
    """An address that is taken, and what answers there.

    It is taken before anything else is begun, so that what cannot be had is said at once, and a free port is known.

    Parameters
    ----------
    settings : Service

    Raises
    ------
    BadInput
        If the address cannot be had, or the files of the encryption cannot be used.
    """

    def __init__(self, settings: Service) -> None:
        self._settings = settings
        self._tls = _tls(settings)
        self._socket = _taken(settings)

    @property
    def address(self) -> str:
        """The address, as a browser takes it."""
        return address_of(self._settings, self._socket.getsockname()[1])

    def answer(self) -> None:
        """Answer until the process is told to stop."""
        with extra("service"):
            from uvicorn.supervisors import Multiprocess
        workers = self._settings.workers
        with _counted_together(workers):
            if workers > 1:
                Multiprocess(self._config("ml.service.server:build"), sockets=[self._socket]).run()
            else:
                with suppress(KeyboardInterrupt):
                    while self._alone():
                        pass

    def _alone(self) -> bool:
        """Answer with this process; tell whether it is to begin anew, for another workspace."""
        import uvicorn

        service = build()  # what is wrong with the workspace is said here
        server, succession = uvicorn.Server(self._config(service)), service.state.service.succession
        taken = self._socket

        def leave() -> None:
            self._socket = taken.dup()  # who comes meanwhile waits; the server closes the other
            server.should_exit = True

        succession.leave = leave
        server.run(sockets=[taken])
        return bool(succession.is_due)

    def _config(self, service: FastAPI | str) -> uvicorn.Config:
        import uvicorn

        settings = self._settings
        return uvicorn.Config(
            service,
            factory=isinstance(service, str),
            workers=settings.workers,
            loop="ml.service.accepting:new_loop",
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=True,
            proxy_headers=False,
            ws_max_size=_LARGEST_MESSAGE,
            ws_max_queue=_MOST_MESSAGES,
            timeout_graceful_shutdown=settings.shutdown_s,
            timeout_worker_healthcheck=_SILENT_S,
            **self._tls,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def address_of(settings: Service, port: int) -> str:
    """Give the address of a service.

    >>> address_of(Service(), 8000)
    'http://127.0.0.1:8000'
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.certificate else 'http'}://{host}:{port}"


def _taken(settings: Service) -> socket.socket:
    """Take the address."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((settings.host, settings.port))
        # Listening from now on: what asks before the processes are there waits instead of being refused.
        taken.listen(_WAITING)
    except OSError as error:
        taken.close()
        where, why = f"{settings.host}, port {settings.port}", error.strerror or str(error)
        hint = "choose another: ml serve --port 0 takes a free one; --host names an address of this machine"
        raise BadInput(f"cannot listen at {where}: {why}", hint) from None
    taken.set_inheritable(True)
    return taken


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
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found["certificate"], found["private_key"], password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise BadInput(
            f"the certificate and its key cannot be used: {reason}",
            "both have to be PEM files, the key without a password and the one that belongs to the certificate",
        ) from None
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

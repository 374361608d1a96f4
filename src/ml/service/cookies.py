"""The cookie of a session: over TLS, one that no other host and no unencrypted answer can set."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

#: Plain, and over TLS: a browser takes a name that begins so from this host only, encrypted, and for all paths.
PLAIN, SECURE = "ml_session", "__Host-ml_session"


def is_encrypted(connection: HTTPConnection) -> bool:
    """Tell whether whoever asks does so over TLS, at this service or at a proxy that is trusted."""
    return connection.url.scheme in {"https", "wss"}


def shown(connection: HTTPConnection) -> str:
    """Give the token of the session that a browser shows; empty where it shows none."""
    return connection.cookies.get(SECURE if is_encrypted(connection) else PLAIN, "")


def give(connection: HTTPConnection, response: Response, token: str) -> None:
    """Have a browser keep the token of a session; it ends with the browser, or by the store."""
    secure = is_encrypted(connection)
    name = SECURE if secure else PLAIN
    response.set_cookie(name, token, path="/", httponly=True, samesite="strict", secure=secure)


def take(connection: HTTPConnection, response: Response) -> None:
    """Have a browser forget the token of its session."""
    secure = is_encrypted(connection)
    name = SECURE if secure else PLAIN
    response.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=secure)

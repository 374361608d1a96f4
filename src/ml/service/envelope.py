"""Around every request: its id, its limits, its time, what is counted and what is logged."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Collection, Mapping
from typing import Any, Protocol

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml.foundation.log import logger
from ml.foundation.phrase import Language, Phrase, plain_number
from ml.service.arrival import has_own_name
from ml.service.problems import SMALLER, fault, problem
from ml.service.words import language_in

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
#: Counted by their names; a stranger's inventions are one.
_DAY_S = 86_400
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET"})
#: Sent with everything (OWASP's secure headers); pages add a policy of their own.
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The search listens; nothing else of a device is any page's business.
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(self), midi=(), payment=()",
}


class Counts(Protocol):
    """What counts requests."""

    def request(self, operation: str, method: str, status: int, seconds: float) -> None:
        """Count one that was answered."""


class Envelope:
    """What surrounds every request.

    Parameters
    ----------
    app : ASGIApp
    counts : Counts
    hsts_days : int
        For which browsers are to ask over TLS only.
    timeout_s : float
        After which a request is given up; its work may go on for a moment.
    max_body, max_upload : int
        Bytes of a body, and of one that brings files.
    uploads : collection of str
        The paths that files are brought to.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        counts: Counts,
        hsts_days: int,
        timeout_s: float,
        max_body: int,
        max_upload: int,
        uploads: Collection[str],
    ) -> None:
        self._app, self._counts, self._timeout_s, self._uploads = app, counts, timeout_s, uploads
        self._max_body, self._max_upload = max_body, max_upload
        self._hsts = f"max-age={hsts_days * _DAY_S}; includeSubDomains" if hsts_days else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        scope["ml.request_id"] = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        if scope["type"] == "websocket":
            try:
                await self._app(scope, receive, send)
            finally:
                self._tell(scope, 0, time.perf_counter() - started)
            return
        sent = _Sent(send, scope, self._hsts)
        try:
            await self._within_limits(scope, headers, receive, sent)
        finally:
            self._tell(scope, sent.status, time.perf_counter() - started)

    async def _within_limits(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, sent: _Sent) -> None:
        # Only what is read in pieces may be long: any other body is held in memory as a whole.
        uploading = scope["path"] in self._uploads and headers.get(b"content-type", b"").startswith(b"multipart/")
        most = self._max_upload if uploading else self._max_body
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            said = problem(413, detail=_more_than(most), hint=SMALLER, language=language_in(scope))
            await said(scope, receive, sent)
            return
        limit = asyncio.timeout(self._timeout_s)
        try:
            async with limit:
                await self._app(scope, _Bounded(receive, most), sent)
        except Exception as error:
            if sent.status:  # part of the answer is on its way: all that is left is to cut it off
                raise
            # Here and not outside: what goes wrong is counted, and answered with the same headers, as anything else.
            if isinstance(error, TimeoutError) and limit.expired():
                late = Phrase(_GIVEN_UP, {"s": plain_number(self._timeout_s)})
                more: dict[str, Any] = {"hint": _LATER, "code": "timeout", "language": language_in(scope)}
                answer = problem(503, _TOO_LONG, detail=late, **more)
            else:
                answer = fault(scope, error)
            await answer(scope, receive, sent)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        operation = getattr(route, "name", "") or "none"
        given = scope.get("method", "WEBSOCKET")  # whose status is 0: it has none of its own
        method = given if given in _METHODS else "other"
        self._counts.request(operation, method, status, seconds)
        if logger.isEnabledFor(20):
            # The route's name and not the path: paths hold ids of listeners.
            line: dict[str, Any] = {"request_id": scope["ml.request_id"], "operation": operation, "status": status}
            line |= {"method": method, "ms": round(seconds * 1000, 2), "caller": _id_of(scope)}
            logger.info("%s", orjson.dumps(line).decode())


class _Bounded:
    """Takes no more of a body than is allowed, whatever its length was said to be."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._left = receive, most, most

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(413, _more_than(self._most), {"Connection": "close"})
        return message


class _Sent:
    """Adds the headers of every answer, and remembers its status."""

    def __init__(self, send: Send, scope: Scope, hsts: str) -> None:
        self._send, self._scope, self._hsts, self.status = send, scope, hsts, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._scope["ml.request_id"]
            encrypted = self._scope["scheme"] == "https"  # which a proxy may have told by now
            # Of localhost it would hold for every other service of this machine too.
            if encrypted and self._hsts and has_own_name(Headers(scope=self._scope).get("host", "")):
                headers["Strict-Transport-Security"] = self._hsts
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


_TOO_LONG = Phrase({"en": "The answer took too long", "de": "Die Antwort hat zu lange gedauert"})
_GIVEN_UP: Mapping[Language, str] = {"en": "it was given up after {s} s", "de": "nach {s} s wurde sie aufgegeben"}
_LATER = Phrase(
    {"en": "ask for less, or try again later", "de": "verlange weniger, oder versuche es später noch einmal"}
)


def _more_than(most: int) -> Phrase:
    texts: dict[Language, str] = {
        "en": "more than {most} bytes; service.max_body and service.max_upload set the limits",
        "de": "mehr als {most} Bytes; service.max_body und service.max_upload setzen die Grenzen",
    }
    return Phrase(texts, {"most": most})


def _id_of(scope: Scope) -> str | None:
    """Give the id of whoever asked, which is no name."""
    caller = scope.get("ml.caller")
    return caller.principal.id if caller is not None and caller.principal is not None else None

"""Questions to a server over HTTP, answered in JSON; nothing but the standard library.

Conventions
-----------
- No error names more of an address than scheme, host and path: queries and headers hold secrets.
- A redirection is not followed, since it would carry secrets to where nobody sent them.
- Every question ends: a server that is silent for the limit of time, or takes longer than it for its answer, is given
  up, and so is an answer without end.
- Certificates are checked; of a server that signs its own, ``SSL_CERT_FILE`` names the certificate.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

import orjson

from ml.foundation.errors import BadInput, ServerError

#: Bytes of the longest answer.
MAX_BYTES = 64 << 20
_BLOCK = 64 << 10
_AGENT = "spotify-ai-agent-ml"
_LOCAL = ("localhost", "127.0.0.1", "::1")

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.

    Parameters
    ----------
    status : int
    document : Any
        The JSON; None where the answer is none.
    headers : mapping
        Names in lower case.
    """

    status: int
    document: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Server:
    """An address that questions go to.

    Parameters
    ----------
    scheme, host : str
    port : int or None
    folder : str
        What stands before every path, without a slash at its end.
    timeout_s : float
        The limit for one question.
    """

    scheme: str
    host: str
    port: int | None
    folder: str
    timeout_s: float = 10.0

    @classmethod
    def at(cls, address: str, *, timeout_s: float = 10.0) -> Self:
        """Read an address.

        >>> Server.at("https://music.example:4533/navidrome/").place
        'music.example:4533/navidrome'

        Raises
        ------
        BadInput
            If it is none, or holds a password.
        """
        hint = "write it as https://music.example or http://192.168.1.5:4533"
        try:
            parts = urlsplit(address.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise BadInput("the server's address cannot be read", hint) from None
        if parts.username is not None or parts.password is not None:
            raise BadInput(f"the address of {host} holds a password", "leave it out: passwords have ways of their own")
        if parts.scheme not in ("http", "https") or not host:
            raise BadInput(f"{address.strip()[:200]!r} is no address of a server", hint)
        if parts.query or parts.fragment:
            raise BadInput(f"{parts.scheme}://{host}: no address of a server ends in a query", hint)
        if not 0 < timeout_s <= 600:
            raise BadInput(f"{timeout_s:g} s is no time to wait", "give seconds up to 600")
        return cls(parts.scheme, host, port, quote(parts.path.rstrip("/"), safe="/%"), timeout_s)

    @property
    def place(self) -> str:
        """Host, port where one is given, and folder: what tells this server from others."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}{self.folder}" if self.port else f"{host}{self.folder}"

    @property
    def address(self) -> str:
        """The address."""
        return f"{self.scheme}://{self.place}"

    @property
    def open_to_listeners(self) -> bool:
        """Whether what is sent goes unencrypted over a network."""
        return self.scheme == "http" and self.host not in _LOCAL

    def get(self, path: str, parameters: Parameters = (), *, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask by GET; see :meth:`_ask`."""
        query = f"?{urlencode(list(parameters))}" if parameters else ""
        return self._ask("GET", path, query, None, dict(headers or {}))

    def post_form(self, path: str, parameters: Parameters) -> Answer:
        """Send a form, as a page would."""
        body = urlencode(list(parameters)).encode()
        return self._ask("POST", path, "", body, {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, path: str, document: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self._ask("POST", path, "", orjson.dumps(document), sent)

    def _ask(self, method: str, path: str, query: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Ask once.

        Raises
        ------
        ServerError
            If the server is away, too slow, not to be trusted, or answers with a redirection or without end.
        """
        where = f"{self.address}{path}"
        deadline = time.monotonic() + self.timeout_s
        connection = self._connection()
        try:
            connection.request(method, f"{self.folder}{path}{query}", body, {"User-Agent": _AGENT, **headers})
            with connection.getresponse() as response:
                content = _read(response, deadline, where, self.timeout_s)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            # `from None`: the system's own words may hold the query.
            raise self._fault(error, where) from None
        finally:
            connection.close()
        if 300 <= response.status < 400:
            target = urlsplit(response.getheader("Location") or "")
            to = f" to {target.scheme}://{target.hostname}{target.path}" if target.hostname else ""
            raise ServerError(f"{where}: the server sends on{to}", "give the address that it sends to")
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, _parsed(content), names)

    def _connection(self) -> http.client.HTTPConnection:
        if self.scheme == "http":
            return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout_s)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout_s, context=context)

    def _fault(self, error: Exception, where: str) -> ServerError:
        if isinstance(error, TimeoutError):
            return ServerError(
                f"{where}: no answer within {self.timeout_s:g} s", "try again, or wait longer: --timeout"
            )
        if isinstance(error, socket.gaierror):
            return ServerError(f"{self.host}: no server of this name", "check the address, and the network")
        if isinstance(error, ssl.SSLCertVerificationError):
            hint = "of a server that signs its own, name the certificate: SSL_CERT_FILE=FILE"
            return ServerError(f"{where}: its certificate is not trusted ({error.verify_message})", hint)
        if isinstance(error, ConnectionRefusedError):
            return ServerError(f"{where}: nothing answers there", "check address and port, and that the server runs")
        if isinstance(error, ssl.SSLError):
            return ServerError(f"{where}: no encrypted connection", "is it an http:// address?")
        if isinstance(error, OSError) and error.strerror:
            return ServerError(f"{where}: cannot be reached ({error.strerror})", "check the address, and the network")
        return ServerError(f"{where}: answers in no HTTP that can be read", "check address and port")


def _read(response: http.client.HTTPResponse, deadline: float, where: str, limit_s: float) -> bytes:
    parts, size = [], 0
    while block := response.read1(_BLOCK):
        size += len(block)
        parts.append(block)
        if size > MAX_BYTES:
            raise ServerError(f"{where}: an answer of more than {MAX_BYTES >> 20} MiB", "check the address")
        if time.monotonic() > deadline:
            raise ServerError(f"{where}: the answer takes longer than {limit_s:g} s", "wait longer: --timeout")
    return b"".join(parts)


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None

"""The two clients: what differs between asking at once and awaiting."""

from __future__ import annotations

import asyncio
import ssl
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ml import __version__
from ml.client.admitting import Admitting
from ml.client.asking import PREFIX, Ask, understood, wait_s
from ml.client.curating import Curating
from ml.client.keeping import Keeping
from ml.client.listening import Listening
from ml.client.running import Running
from ml.client.verbs import Many, Nothing, One, Raw
from ml.foundation.errors import BadInput, ServerError
from ml.foundation.extras import extra
from ml.foundation.http import Server

if TYPE_CHECKING:
    import httpx

Object = dict[str, Any]
#: Where the answer holds what a session sends along with everything that changes something.
_BEGIN = frozenset(
    {"/session", "/invitation", "/session/password"} | {f"/session/second-factor{end}" for end in ("", "/removal")}
)


class AllVerbs(
    Listening[One, Many, Raw, Nothing],
    Keeping[One, Many, Raw, Nothing],
    Curating[One, Many, Raw, Nothing],
    Running[One, Many, Raw, Nothing],
    Admitting[One, Many, Raw, Nothing],
):
    """Every operation."""


class _Asking(ABC):
    """What both clients are made of: see :class:`Client`."""

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        timeout_s: float = 30.0,
        retries: int = 2,
        certificate: Path | None = None,
    ) -> None:
        with extra("client"):
            import httpx
        if retries < 0:
            raise BadInput(f"retries = {retries}", "give 0 or more")
        self._lost: type[Exception] = httpx.TransportError
        self._server = Server.at(address, timeout_s=timeout_s)
        self._retries = retries
        headers = {"User-Agent": f"ml/{__version__}"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._options: dict[str, Any] = {
            "base_url": f"{self._server.address}{PREFIX}",
            "headers": headers,
            "timeout": timeout_s,
            # Where nothing is encrypted, reading all certificates would be all that takes time.
            "verify": self._server.scheme == "https" and _trusted(certificate),
        }
        self._http = self._opened()

    @abstractmethod
    def _opened(self) -> Any:
        """Open what asks."""

    def _wait_s(self, ask: Ask, tries: int, response: httpx.Response | None) -> float | None:
        """Say how long to wait before asking again; None where it is not to be asked again."""
        return wait_s(ask, tries, response) if tries <= self._retries else None

    def _no_answer(self, error: Exception) -> ServerError:
        said = str(error) or type(error).__name__
        return ServerError(
            f"{self._server.address}: no answer: {said}", "is `ml serve` running there, and reached from here?"
        )

    def _kept(self, ask: Ask, answer: Any) -> Any:
        """Keep what a session has to send along."""
        if ask.path in _BEGIN and ask.method != "DELETE" and isinstance(answer, dict) and answer.get("csrf"):
            self._http.headers["X-CSRF-Token"] = answer["csrf"]
        return answer


def _trusted(certificate: Path | None) -> ssl.SSLContext:
    if certificate is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=certificate)
    except OSError as error:
        raise BadInput(
            f"{certificate}: {error.strerror or error}", "give the server's certificate, a PEM file"
        ) from None


class Client(_Asking, AllVerbs[Object, list[Object], bytes, None]):
    """Asks the service, and waits for the answer.

    Parameters
    ----------
    address : str
        Of the service, such as ``https://music.example``.
    key : str, optional
        As ``ml access add-key`` makes it; without one, :meth:`log_in` begins a session.
    timeout_s : float
        For one try.
    retries : int
        How often to ask again what can be asked twice, where the service is busy (429, 503) or does not answer; after
        as many seconds as it says, else after 0.25, 0.5, 1 … s.
    certificate : Path, optional
        PEM file of a server that signs its own.

    Raises
    ------
    BadInput
        If the address is none.
    MissingExtra
        If httpx is not installed.

    Examples
    --------
    >>> with Client("http://127.0.0.1:8000", key="ml_…") as ml:  # doctest: +SKIP
    ...     ml.recommend(user_id="demo:user_10000", count=5)["tracks"]
    """

    def _opened(self) -> httpx.Client:
        import httpx

        return httpx.Client(**self._options)

    def _asked(self, ask: Ask) -> Any:
        tries = 0
        while True:
            tries += 1
            try:
                response = self._http.request(**ask.sent())
            except self._lost as error:
                wait = self._wait_s(ask, tries, None)
                if wait is None:
                    raise self._no_answer(error) from None
            else:
                wait = self._wait_s(ask, tries, response)
                if wait is None:
                    return self._kept(ask, understood(ask, response))
            time.sleep(wait)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Asking, AllVerbs[Awaitable[Object], Awaitable[list[Object]], Awaitable[bytes], Awaitable[None]]):
    """Asks the service; what :class:`Client` gives is awaited here.

    Parameters
    ----------
    address, key, timeout_s, retries, certificate
        As of :class:`Client`.

    Examples
    --------
    >>> async with AsyncClient("http://127.0.0.1:8000", key="ml_…") as ml:  # doctest: +SKIP
    ...     (await ml.recommend(user_id="demo:user_10000", count=5))["tracks"]
    """

    def _opened(self) -> httpx.AsyncClient:
        import httpx

        return httpx.AsyncClient(**self._options)

    async def _asked(self, ask: Ask) -> Any:
        tries = 0
        while True:
            tries += 1
            try:
                response = await self._http.request(**ask.sent())
            except self._lost as error:
                wait = self._wait_s(ask, tries, None)
                if wait is None:
                    raise self._no_answer(error) from None
            else:
                wait = self._wait_s(ask, tries, response)
                if wait is None:
                    return self._kept(ask, understood(ask, response))
            await asyncio.sleep(wait)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

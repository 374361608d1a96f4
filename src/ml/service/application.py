"""The application: routes, the gate before them, the envelope around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware

from ml import __version__
from ml.app import App
from ml.foundation.phrase import Phrase
from ml.foundation.sizes import parse_size
from ml.service import problems
from ml.service.arrival import Arrival
from ml.service.console import pages
from ml.service.described import describe, name_of
from ml.service.envelope import Envelope
from ml.service.routes import FOREIGN, ROUTERS, UPLOADS
from ml.service.shares import TooMany
from ml.service.state import ServiceState
from ml.service.words import language_in

PREFIX = "/api/v1"


def create(app: App) -> FastAPI:
    """Make the service of one workspace.

    Parameters
    ----------
    app : ml.app.App
        Closed when the service ends.
    """
    settings = app.settings.service
    state = ServiceState(app)

    @asynccontextmanager
    async def living(_application: FastAPI) -> AsyncIterator[None]:
        await state.begin()
        watching = asyncio.create_task(state.succession.watch()) if state.succession.is_expected else None
        yield
        if watching is not None:
            watching.cancel()
        state.closing = True
        await state.close()

    service = FastAPI(
        title="ml",
        version=__version__,
        description="Music intelligence on your own catalogue, listening history and audio files.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=living,
        generate_unique_id_function=name_of,
        redirect_slashes=False,  # it would send keys to whatever the request says this host is called, unencrypted too
    )
    service.state.service = state
    service.state.paths = _paths()
    problems.add_to(service)
    service.add_exception_handler(TooMany, _too_many)
    service.add_exception_handler(HTTPStatus.NOT_FOUND, _not_found)
    for router in ROUTERS:
        service.include_router(router, prefix=PREFIX)
    for prefix, router in FOREIGN:
        service.include_router(router, prefix=prefix, include_in_schema=False)
    service.include_router(pages.router)
    describe(service)
    if settings.cors_origins:
        service.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", "X-API-Key", "X-Request-ID"],
        )
    service.add_middleware(Arrival, settings=settings)
    service.add_middleware(
        Envelope,
        counts=state.counters,
        timeout_s=settings.timeout_s,
        hsts_days=settings.hsts_days,
        max_body=parse_size(settings.max_body),
        max_upload=parse_size(settings.max_upload),
        uploads={f"{PREFIX}{path}" for path in UPLOADS},
    )
    return service


def _paths() -> dict[str, frozenset[str]]:
    """Give all paths of the API, with what can be done there: for whoever asks for another."""
    found: dict[str, frozenset[str]] = {}
    for route in (each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute)):
        path = f"{PREFIX}{route.path}"
        found[path] = found.get(path, frozenset()) | (route.methods or set())
    return found


async def _not_found(request: Request, error: Exception) -> Response:
    """Answer where nothing is: somebody with a browser with a page, everybody else with a problem."""
    looks = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    is_page = not request.url.path.startswith(("/api/", "/console/"))
    return await (pages.unknown(request) if looks and is_page else problems.of_http(request, error))


async def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    hint = Phrase({"en": "ask again in {s} s", "de": "frag in {s} s wieder"}, {"s": error.wait_s})
    headers = {"Retry-After": str(error.wait_s)}
    return problems.problem(429, hint=hint, language=language_in(request.scope), headers=headers)

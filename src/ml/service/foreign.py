"""Routes of other protocols: behind the same gate, keys where their players send them, errors in their words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from ml.foundation.errors import MLError
from ml.service.gate import KEY, GuardedRoute, header_token
from ml.service.shares import TooMany

Refused = MLError | TooMany | RequestValidationError


class ForeignRoute(GuardedRoute, ABC):
    """A guarded route of another protocol."""

    async def key(self, request: Request) -> str | None:  # noqa: ARG002
        """Find the key that was sent elsewhere than in headers; None where none was.

        Raises
        ------
        MLError
        """
        return None

    @abstractmethod
    async def refused(self, request: Request, error: Refused) -> Response:
        """Say what is wrong as the protocol does."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put both around the gate."""
        guarded = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                # Never the cookie of a browser: players write by GET, which any page can make a browser do.
                request.scope[KEY] = await self.key(request) or header_token(request) or ""
                return await guarded(request)
            except (MLError, TooMany, RequestValidationError) as error:
                return await self.refused(request, error)

        return answered

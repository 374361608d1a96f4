"""What all routes of a process share."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from starlette.requests import HTTPConnection

from ml.app import App
from ml.foundation.errors import Forbidden, NotAuthenticated
from ml.service.counters import Counters
from ml.service.gate import Authenticates, Caller, Gate
from ml.service.limits import RateLimit
from ml.service.uploads import WIDTH

if TYPE_CHECKING:
    from ml.audio_analysis.hands.processes import Processes

P = ParamSpec("P")
R = TypeVar("R")


class TooMany(Exception):
    """A caller asks faster than they may.

    Parameters
    ----------
    wait_s : int
        After how many seconds they may ask again.
    """

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class ServiceState:
    """One workspace, and the gate before it.

    Parameters
    ----------
    app : ml.app.App
    keys : Authenticates
    """

    def __init__(self, app: App, keys: Authenticates) -> None:
        self.app = app
        self.counters = Counters()
        self._gate = Gate(keys)
        self._limit = RateLimit(app.settings.service.rate_per_minute)
        self.closing = False

    async def admit(self, request: HTTPConnection, operation: str) -> Caller:
        """Let in who may.

        Raises
        ------
        NotAuthenticated, Forbidden, TooMany
        """
        try:
            caller = self._gate.admit(request, operation)
        except (NotAuthenticated, Forbidden) as error:
            self.counters.denied(type(error).__name__)
            raise
        if caller.principal is not None:
            request.scope["ml.caller"] = caller.principal.id
            wait_s = self._limit.wait_s(caller.principal.id)
            if wait_s:
                raise TooMany(math.ceil(wait_s))
        return caller

    async def tell(self, caller: Caller, request: HTTPConnection, result: str) -> None:
        """Write down what somebody did, where the policy wants it."""

    @cached_property
    def opener(self) -> Processes:
        """Who opens what strangers send; its processes start when there is something to open."""
        from ml.audio_analysis.hands.limits import Limits
        from ml.audio_analysis.hands.processes import Processes  # late: SciPy's filters take half a second to import

        return Processes(WIDTH, Limits())

    async def close(self) -> None:
        """End what runs, in order; requests under way have been answered."""
        if "opener" in self.__dict__:
            await asyncio.to_thread(self.opener.close)
        await asyncio.to_thread(self.app.close)

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb in a worker thread."""
        return await self.app.pool.run(function, *args, **kwargs)


def state_of(request: HTTPConnection) -> ServiceState:
    """Give what the routes of this process share."""
    found: Any = request.app.state.service
    return found  # type: ignore[no-any-return]

"""What all routes of a process share."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from starlette.requests import HTTPConnection

from ml.app import App
from ml.data.audit import AuditLog
from ml.data.identity import find_user
from ml.foundation.errors import AmbiguousId, BadInput, Forbidden, NotAuthenticated, UnknownId
from ml.service.counters import Counters
from ml.service.gate import Caller, Gate
from ml.service.kept_answers import KeptAnswers
from ml.service.limits import RateLimit
from ml.service.policy import RULES
from ml.service.uploads import WIDTH

if TYPE_CHECKING:
    from ml.audio_analysis.hands.processes import Processes

#: Refusals that are written down.
REFUSALS_PER_MINUTE = 600
#: Log-ins from one address.
TRIES_PER_MINUTE = 60
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
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.counters = Counters()
        self.closing = False
        self.answers = KeptAnswers(app.settings.caching)
        self._gate = Gate(app.access)
        self._limit = RateLimit(app.settings.service.rate_per_minute)
        self._refusals = RateLimit(REFUSALS_PER_MINUTE)
        self._tries = RateLimit(TRIES_PER_MINUTE)

    async def admit(self, request: HTTPConnection, operation: str) -> Caller:
        """Let in who may; that somebody was refused is written down.

        Raises
        ------
        NotAuthenticated, Forbidden, TooMany
        """
        try:
            caller = self._gate.admit(request, operation)
        except (NotAuthenticated, Forbidden) as error:
            self.counters.denied(type(error).__name__)
            await self._tell_refused(request, operation)
            raise
        if caller.principal is not None:
            wait_s = self._limit.wait_s(caller.principal.id)
        else:
            # Checking a password costs as much as a hundred other answers.
            wait_s = self._tries.wait_s(request.client.host if request.client else "") if caller.rule.audited else 0.0
        if wait_s:
            raise TooMany(math.ceil(wait_s))
        return caller

    async def tell(self, caller: Caller, request: HTTPConnection, result: str) -> None:
        """Write down what somebody did, where the policy wants it; it is on the disk when this returns.

        Raises
        ------
        DiskFull, StoreError
            If it cannot be written down: nobody is answered then.
        """
        if not caller.rule.audited or self.audit is None:
            return
        if caller.rule.own and caller.subject is None and result == "ok":
            return  # it was about nobody
        await self._written(request, caller, caller.rule.audited, result)

    async def _tell_refused(self, request: HTTPConnection, operation: str) -> None:
        """Write down a refusal; of many in a row, few, so that nobody fills the disk by being refused."""
        if self.audit is not None and not self._refusals.wait_s(""):
            what = RULES[operation].audited or operation
            await self._written(request, request.scope.get("ml.caller"), what, "denied")

    async def _written(self, request: HTTPConnection, caller: Caller | None, what: str, result: str) -> None:
        assert self.audit is not None
        principal = caller.principal if caller else None
        ticket = self.audit.record_soon(
            who=principal.id if principal else "nobody",
            role=principal.role if principal else "",
            what=what,
            whom=self._key_of(caller),
            how="console" if principal is not None and principal.kind == "session" else "api",
            request=request.scope.get("ml.request_id", ""),
            result=result,
        )
        await ticket.durable()

    def _key_of(self, caller: Caller | None) -> int | None:
        """Give the key of the listener of whom somebody asked, where anything is stored of them."""
        if caller is None or caller.subject is None:
            return None
        if caller.bound and caller.principal is not None:
            return caller.principal.user_key
        try:
            with self.app.workspace.store.read() as connection:
                return find_user(connection, caller.subject)
        except (UnknownId, AmbiguousId, BadInput):
            return None

    @property
    def audit(self) -> AuditLog | None:
        """The audit log; None where the settings leave it out."""
        return self.app.audit

    @cached_property
    def opener(self) -> Processes:
        """Who opens what strangers send; its processes start when there is something to open."""
        from ml.audio_analysis.hands.limits import Limits
        from ml.audio_analysis.hands.processes import Processes  # late: SciPy's filters take half a second to import

        return Processes(WIDTH, Limits())

    async def begin(self) -> None:
        """Take the audit log, without which nothing may be done, and see to jobs that a dead runner left behind.

        Raises
        ------
        DiskFull, StoreError
            If nothing could be written down.
        """
        if self.audit is not None:
            await asyncio.to_thread(self.audit.open)
        await asyncio.to_thread(self.app.jobs.look_after)

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

"""What all routes of a process share."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection
from starlette.requests import HTTPConnection

from ml.app import App
from ml.data.audit import AuditLog, Ticket
from ml.data.identity import find_user
from ml.foundation.errors import AmbiguousId, BadInput, Forbidden, MLError, NotAuthenticated, UnknownId
from ml.foundation.log import logger
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
#: Passwords that wait to be checked; whoever comes after is sent away.
MOST_PASSWORDS = 16
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
        self.sounds = 0  # that arrive at this moment
        self.answers = KeptAnswers(app.settings.caching)
        self._gate = Gate(app.access)
        self._limit = RateLimit(app.settings.service.rate_per_minute)
        self._refusals = RateLimit(REFUSALS_PER_MINUTE)
        self._tries = RateLimit(TRIES_PER_MINUTE)
        self._hashing, self._waiting = asyncio.Semaphore(1), 0

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
        for ticket in self._told(caller, request, result):
            await ticket.durable()

    def tell_soon(self, caller: Caller, request: HTTPConnection, result: str) -> None:
        """Do as :meth:`tell` does on the way out of what was broken off, where nothing can be waited for."""
        try:
            self._told(caller, request, result)
        except MLError as error:
            logger.error("request %s: not written down: %s", request.scope.get("ml.request_id", ""), error)

    def _told(self, caller: Caller, request: HTTPConnection, result: str) -> list[Ticket]:
        """Hand over the records of a request, one for each listener of whom it was."""
        if not caller.rule.audited or self.audit is None:
            return []
        if caller.rule.own and not caller.subjects and result == "ok":
            return []  # it was about nobody
        whom = self._keys_of(caller) or [None]
        return [self._record(request, caller, caller.rule.audited, result, each) for each in whom]

    async def _tell_refused(self, request: HTTPConnection, operation: str) -> None:
        """Write down a refusal; of many in a row, few, so that nobody fills the disk by being refused."""
        caller: Caller | None = request.scope.get("ml.caller")
        # Whoever is known has a share of their own: strangers cannot hide them by being refused themselves.
        known = caller.principal.id if caller is not None and caller.principal is not None else ""
        if self.audit is not None and not self._refusals.wait_s(known):
            what = RULES[operation].audited or operation
            await self._record(request, caller, what, "denied", None).durable()

    def _record(
        self, request: HTTPConnection, caller: Caller | None, what: str, result: str, whom: int | None
    ) -> Ticket:
        assert self.audit is not None
        principal = caller.principal if caller else None
        return self.audit.record_soon(
            who=principal.id if principal else "nobody",
            role=principal.role if principal else "",
            what=what,
            whom=whom,
            how="console" if principal is not None and principal.kind == "session" else "api",
            request=request.scope.get("ml.request_id", ""),
            result=result,
        )

    def _keys_of(self, caller: Caller) -> list[int | None]:
        """Give the keys of the listeners of whom somebody asked; None where nothing is stored of one."""
        principal = caller.principal
        # A listener's first event makes their key, after they were let in.
        if caller.bound and principal is not None and principal.user_key is not None:
            return [principal.user_key] * len(caller.subjects)
        if all(each in caller.keys for each in caller.subjects):
            return [caller.keys[each] for each in caller.subjects]
        with self.app.workspace.store.read() as connection:
            return [_key_of(connection, each) for each in caller.subjects]

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

    async def run_hashing(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what makes the hash of a password: one at a time, so that trying passwords leaves threads for answers.

        Raises
        ------
        TooMany
            If many wait already.
        """
        if self._waiting >= MOST_PASSWORDS:
            raise TooMany(1)
        self._waiting += 1
        try:
            async with self._hashing:
                return await self.run(function, *args, **kwargs)
        finally:
            self._waiting -= 1


def _key_of(connection: Connection, listener: str) -> int | None:
    try:
        return find_user(connection, listener)
    except (UnknownId, AmbiguousId, BadInput):
        return None


def state_of(request: HTTPConnection) -> ServiceState:
    """Give what the routes of this process share."""
    found: Any = request.app.state.service
    return found  # type: ignore[no-any-return]

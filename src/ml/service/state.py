"""What all routes of a process share."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection
from starlette.requests import HTTPConnection

from ml.app import App
from ml.data.audit import AuditLog, Deed, Ticket
from ml.data.identity import find_user
from ml.foundation.errors import AmbiguousId, BadInput, Forbidden, MLError, NotAuthenticated, UnknownId
from ml.foundation.log import logger
from ml.foundation.sizes import parse_size
from ml.foundation.workers import WorkerPool, quiet_blas
from ml.service.arrival import household_of
from ml.service.counters import Counters
from ml.service.gate import Caller, Gate
from ml.service.kept_answers import KeptAnswers
from ml.service.kept_sounds import KeptSounds
from ml.service.limits import RateLimit, SharedLimit
from ml.service.policy import RULES
from ml.service.shares import Shares, TooMany
from ml.service.succession import Succession
from ml.service.uploads import WIDTH

if TYPE_CHECKING:
    from ml.audio_analysis.hands.processes import Processes

#: Refusals that are written down.
REFUSALS_PER_MINUTE = 600
#: Log-ins from one address.
TRIES_PER_MINUTE = 60
#: Passwords that wait to be checked; whoever comes after is sent away.
MOST_PASSWORDS = 16
#: Sounds that a process hears at a time, and of one caller: each is held in memory while it arrives.
MOST_SOUNDS, SOUNDS_OF_ONE = 16, 4
P = ParamSpec("P")
R = TypeVar("R")


#: Who asks in this task, as whom threads are counted.
_ASKING: ContextVar[str] = ContextVar("ml.asking", default="")


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
        self.succession = Succession(app)
        self.gate = Gate(
            app.access,
            admins_need_a_factor=app.settings.access.second_factor == "admins",
            key_of=self._key_of if self.succession.is_expected else None,
        )
        settings = app.settings.service
        # One thread more than a caller may take.
        self._pool = WorkerPool(app.settings.compute.workers + 1)
        self._shares = Shares(self._pool, settings.waiting_per_caller)
        self._quiet = ExitStack()
        self._sounds: dict[str, int] = {}
        self._limit = self._limit_of("requests", settings.rate_per_minute, each=settings.rate_per_minute)
        # What guards passwords holds for all processes together, whether they know of each other or not.
        self._tries = self._limit_of("tries", TRIES_PER_MINUTE, each=TRIES_PER_MINUTE / settings.workers)
        self._refusals = RateLimit(REFUSALS_PER_MINUTE / settings.workers)
        self._hashing, self._waiting = asyncio.Semaphore(1), 0

    async def admit(self, request: HTTPConnection, operation: str) -> Caller:
        """Let in who may; that somebody was refused is written down.

        Raises
        ------
        NotAuthenticated, Forbidden, TooMany
        """
        try:
            caller = self.gate.admit(request, operation)
        except (NotAuthenticated, Forbidden) as error:
            self.counters.denied(type(error).__name__)
            await self._tell_refused(request, operation)
            raise
        who, wait_s = _name_of(caller, request), 0.0
        if caller.principal is not None:
            wait_s = await _waited(self._limit, who)
        elif caller.rule.audited:
            # Checking a password costs as much as a hundred other answers.
            wait_s = await _waited(self._tries, who)
        if wait_s:
            raise TooMany(math.ceil(wait_s))
        _ASKING.set(who)
        return caller

    def _limit_of(self, name: str, per_minute: float, *, each: float) -> RateLimit | SharedLimit:
        """Give what counts callers: for all processes where they share something, else each for itself."""
        own, shared = RateLimit(each), self.answers.shared
        return own if shared is None else SharedLimit(name, per_minute, shared, own)

    @contextmanager
    def sound(self, caller: Caller) -> Iterator[bool]:
        """Count a sound that arrives over a socket; tell whether there is room for it."""
        who = caller.principal.id if caller.principal is not None else ""
        room = sum(self._sounds.values()) < MOST_SOUNDS and self._sounds.get(who, 0) < SOUNDS_OF_ONE
        self._sounds[who] = self._sounds.get(who, 0) + room
        try:
            yield room
        finally:
            self._sounds[who] -= room
            if not self._sounds[who]:
                del self._sounds[who]

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
        if caller.rule.own and not (caller.subjects or caller.rule.changes) and result == "ok":
            return []  # it was about nobody, and is as it was
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
        deed = Deed(
            principal.id if principal else "nobody",
            what,
            "console" if principal is not None and principal.kind == "session" else "api",
            role=principal.role if principal else "",
            whom=whom,
            request=request.scope.get("ml.request_id", ""),
            result=result,
        )
        return self.audit.record_soon(deed)

    def _keys_of(self, caller: Caller) -> list[int | None]:
        """Give the keys of the listeners of whom somebody asked; None where nothing is stored of one."""
        principal = caller.principal
        if caller.gone:
            return [*caller.gone]
        # A listener's first event makes their key, after they were let in.
        if caller.bound and principal is not None and principal.user_key is not None:
            return [principal.user_key] * len(caller.subjects)
        if all(each in caller.keys for each in caller.subjects):
            return [caller.keys[each] for each in caller.subjects]
        with self.app.workspace.store.read() as connection:
            return [_key_of(connection, each) for each in caller.subjects]

    def _key_of(self, listener: str) -> int | None:
        """Find a listener's key in what is served."""
        with self.app.workspace.store.read() as connection:
            return _key_of(connection, listener)

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

    @cached_property
    def kept_sounds(self) -> KeptSounds:
        """What is made of scanned files once, to be drawn and to be played."""
        most = parse_size(self.app.settings.service.max_kept)
        return KeptSounds(self.app.workspace.indexes / "sounds", lambda: self.opener, most)

    async def begin(self) -> None:
        """Take the audit log, without which nothing may be done, and see to jobs that a dead runner left behind.

        Raises
        ------
        DiskFull, StoreError
            If nothing could be written down.
        """
        # Held for good: to limit BLAS anew for each answer takes a tenth of what an answer does.
        self._quiet.enter_context(quiet_blas(self._pool.workers))
        if self.audit is not None:
            await asyncio.to_thread(self.audit.open)
        await asyncio.to_thread(self.app.jobs.look_after)

    async def close(self) -> None:
        """End what runs, in order; requests under way have been answered."""
        opener: Processes | None = self.__dict__.pop("opener", None)  # whoever begins again gets another
        if opener is not None:
            await asyncio.to_thread(opener.close)
        await asyncio.to_thread(self._pool.close)
        self._quiet.close()
        await asyncio.to_thread(self.app.close)

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb in a worker thread, of which nobody who asks takes all.

        Raises
        ------
        TooMany
            If much of whoever asks waits already.
        """
        return await self._shares.run(_ASKING.get(), partial(function, *args, **kwargs))

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


def _name_of(caller: Caller, request: HTTPConnection) -> str:
    """Give as whom somebody is counted: who is known by their id, strangers by where they are."""
    if caller.principal is not None:
        return caller.principal.id
    return household_of(request.client.host) if request.client else ""


async def _waited(limit: RateLimit | SharedLimit, caller: str) -> float:
    return await limit.wait_s(caller) if isinstance(limit, SharedLimit) else limit.wait_s(caller)


def _key_of(connection: Connection, listener: str) -> int | None:
    try:
        return find_user(connection, listener)
    except (UnknownId, AmbiguousId, BadInput):
        return None


def state_of(request: HTTPConnection) -> ServiceState:
    """Give what the routes of this process share."""
    found: Any = request.app.state.service
    return found  # type: ignore[no-any-return]

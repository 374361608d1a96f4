"""The gate: who asks, whether they may, and that it is written down. Every route goes through it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from ml.data.access import Access, Principal
from ml.foundation.errors import AmbiguousId, BadInput, Forbidden, MLError, NotAuthenticated, UnknownId
from ml.service import cookies
from ml.service.answers import without_places
from ml.service.policy import ADMIN, LISTENER, RULES, SETTING_UP, TRUSTED, Rule

#: Of the session of a browser, where that is not over TLS, and where its pages send the other half of it.
COOKIE, CSRF_HEADER = cookies.PLAIN, "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Results in the audit log: what is about to be done, and what is not allowed.
BEGUN, DENIED = "begun", "denied"
#: Where a route of another protocol leaves the key that was sent; nothing else counts there then.
KEY = "ml.key"
_HOW = "send a key: Authorization: Bearer ml_…; `ml access add-key` makes one"


@dataclass(slots=True)
class Caller:
    """Who asks, and what they may ask for.

    Parameters
    ----------
    principal : Principal or None
        None where the operation is open to everybody.
    rule : Rule
    operation : str
    subjects : list of str
        The listeners of whom it turned out to be, once each.
    keys : dict of str to int
        Those of their keys that were met on the way; they need not be looked up again.
    gone : list of int
        Their keys, where nobody can look them up any more when it is written down.
    """

    principal: Principal | None
    rule: Rule
    operation: str
    subjects: list[str] = field(default_factory=list, init=False)
    keys: dict[str, int] = field(default_factory=dict, init=False)
    gone: list[int] = field(default_factory=list, init=False)

    @property
    def bound(self) -> bool:
        """Whether whoever asks is a listener, who may ask for themself only."""
        return self.principal is not None and self.principal.role == LISTENER

    def told(self, found: Any) -> Any:
        """Give of a result what whoever asks may know: a listener not where files lie."""
        return without_places(found) if self.bound else found

    @property
    def runs_the_place(self) -> bool:
        """Whether whoever asks may know what there is to be known of everybody."""
        return self.principal is not None and self.principal.role == ADMIN

    def regarding(self, user_id: str) -> None:
        """Note of whom something is that is not theirs, such as what was written down of them."""
        self.subjects.append(user_id)

    def listener(self, user_id: str | None) -> str:
        """Say for whom something is asked, which has to be allowed.

        Parameters
        ----------
        user_id : str or None
            As it was sent; None means whoever asks.

        Raises
        ------
        Forbidden
            If it is somebody else than the listener who asks, or whoever asks may not know of single listeners.
        BadInput
            If nobody is named and whoever asks is no listener.
        """
        found = self.listener_if_any(user_id)
        if found is None:
            raise BadInput(
                "user_id is missing", 'say for which listener, such as "demo:user_10000"', code="listener_missing"
            )
        return found

    def listener_if_any(self, user_id: str | None) -> str | None:
        """Say for whom something is asked, if for anybody, which has to be allowed."""
        if not self.rule.own:
            raise RuntimeError(f"the policy does not say that {self.operation} speaks of a listener")
        if self.bound:
            own = self.principal.user_id if self.principal else None
            if own is None or user_id not in {None, own}:
                raise Forbidden("a listener may ask for themself only", "leave user_id out", code="own_only")
            user_id = own
        elif user_id is not None and self.principal is not None and self.principal.role not in TRUSTED:
            raise Forbidden(
                f"the role {self.principal.role!r} may not ask for single listeners",
                "leave user_id out",
                code="no_single_listeners",
                values={"role": self.principal.role},
            )
        if user_id is not None and user_id not in self.subjects:
            self.subjects.append(user_id)
        return user_id


class Gate:
    """Lets in who may.

    Parameters
    ----------
    access : Access
    admins_need_a_factor : bool
        Whether admins are let in with a password alone only to set up more.
    key_of : callable, optional
        Finds the key of a listener in what is served, where that is another workspace than the one of ``access``.
    """

    def __init__(
        self,
        access: Access,
        *,
        admins_need_a_factor: bool = False,
        key_of: Callable[[str], int | None] | None = None,
    ) -> None:
        self._access, self._admins_need_a_factor, self._key_of = access, admins_need_a_factor, key_of

    def admit(self, request: HTTPConnection, operation: str) -> Caller:
        """Tell who asks, if they may.

        Raises
        ------
        NotAuthenticated
        Forbidden
        """
        rule = RULES[operation]
        if not rule.roles:
            return Caller(None, rule, operation)
        principal = self._principal(request)
        if self._key_of is not None and principal.user_id is not None:
            principal = replace(principal, user_key=self._key_of(principal.user_id))
        caller = Caller(principal, rule, operation)
        request.scope["ml.caller"] = caller
        if principal.role not in rule.roles or (rule.scope and not principal.may(rule.scope)):
            raise Forbidden(
                f"{principal.name!r} may not do this: {operation.replace('_', ' ')}",
                "ask an admin for it",
                code="not_yours",
                values={"name": principal.name},
            )
        if operation not in SETTING_UP and self.lacks_a_factor(principal):
            raise Forbidden(
                "admins need a second factor here", "set one up: the console's page /account", code="factor_needed"
            )
        return caller

    def lacks_a_factor(self, principal: Principal) -> bool:
        """Tell whether somebody has to set up a second factor first."""
        needs = self._admins_need_a_factor and principal.kind == "session" and principal.role == ADMIN
        return needs and not principal.second_factor

    def _principal(self, request: HTTPConnection) -> Principal:
        """Tell who asks: by a key, else by the session of a browser."""
        token = _token(request)
        if token is not None:
            return self._access.keys.authenticate(token)
        cookie = cookies.shown(request)
        if not cookie:
            raise NotAuthenticated("no key was sent", _HOW, code="no_key")
        found = self._access.sessions.authenticate(cookie)
        # A page of another site can make a browser send the cookie, and not this.
        if request.scope["type"] == "websocket":
            # The only place where a page can put something when it opens a socket; elsewhere addresses end in logs.
            self._access.sessions.check_csrf(cookie, request.query_params.get("csrf", ""))
        elif request.scope["method"] not in _SAFE:
            self._access.sessions.check_csrf(cookie, request.headers.get(CSRF_HEADER, ""))
        return found


def _token(request: HTTPConnection) -> str | None:
    if KEY in request.scope:
        return str(request.scope[KEY])
    return header_token(request)


def header_token(request: HTTPConnection) -> str | None:
    """Find the key that was sent in a header."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    # ListenBrainz's players say "Token".
    if kind.lower() in {"bearer", "token"} and token.strip():
        return token.strip()
    return request.headers.get("x-api-key", "").strip() or None


class GuardedRoute(APIRoute):
    """A route that is entered by the gate only."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the gate before the route's function."""
        answer, operation = super().get_route_handler(), self.name
        if operation not in RULES:
            raise RuntimeError(f"{operation}: no line in ml.service.policy says who may call it")

        async def guarded(request: Request) -> Response:
            service = request.app.state.service
            caller = await service.admit(request, operation)
            request.state.caller = caller
            if caller.rule.begun:
                await service.tell(caller, request, BEGUN)
            try:
                response = await answer(request)
            except (RequestValidationError, HTTPException) as error:
                if caller.rule.begun:
                    await service.tell(caller, request, f"error:{type(error).__name__}")
                raise  # it was not even read: nothing was done
            except MLError as error:
                # What a verb refuses is a refusal as well as what the gate does.
                refused = isinstance(error, Forbidden)
                await service.tell(caller, request, DENIED if refused else f"error:{type(error).__name__}")
                raise _discreet(caller, error) from None
            except BaseException as error:
                # Broken off by a fault, a time limit or a stop: what was begun may be done all the same, or half.
                service.tell_soon(caller, request, f"error:{type(error).__name__}")
                raise
            if caller.rule.own and caller.bound and not caller.subjects:
                raise RuntimeError(f"{operation} did not say of which listener it speaks")
            await service.tell(caller, request, "ok" if response.status_code < 400 else f"error:{response.status_code}")
            return response

        return guarded


def _discreet(caller: Caller, error: MLError) -> MLError:
    """Leave out of an error for a listener whom it names else: it helps with other ids where theirs is not known."""
    of_names = caller.bound and isinstance(error, UnknownId | AmbiguousId)
    if of_names and any(repr(own) in error.message for own in caller.subjects):
        hint = "nothing is stored of you yet; that begins with the first play you tell"
        return type(error)(error.message, hint, code="nothing_of_you")
    return error


async def admit_socket(socket: WebSocket, operation: str) -> Caller:
    """Let in who may open a WebSocket, as :class:`GuardedRoute` does with requests.

    Raises
    ------
    NotAuthenticated, Forbidden, ml.service.shares.TooMany
    """
    service = socket.app.state.service
    caller: Caller = await service.admit(socket, operation)
    await service.tell(caller, socket, "ok")
    return caller


def caller_of(request: Request) -> Caller:
    """Give who the gate let in."""
    found: Caller = request.state.caller
    return found

"""Who is logged in: sessions of browsers, and the links that accounts are made by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ml.data.access import Invitation, Principal
from ml.data.access.accounts import Account
from ml.foundation.errors import Forbidden, NotAuthenticated
from ml.foundation.results import Result
from ml.service import cookies
from ml.service.answers import Answer
from ml.service.bodies.access import Acceptance, Link, LogIn, PasswordChange
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["sessions"])


@dataclass(frozen=True, slots=True)
class Who(Result):
    """Who asks.

    Parameters
    ----------
    id, name, role : str
    scopes : tuple of str
    user_id : str or None
        Of the listener that they are.
    csrf : str or None
        What pages send along with everything that changes something; None where a key asks.
    """

    id: str
    name: str
    role: str
    scopes: tuple[str, ...]
    user_id: str | None
    csrf: str | None


@dataclass(frozen=True, slots=True)
class SetUp(Result):
    """Whether there is no admin yet."""

    due: bool


@router.get("/setup", response_model=SetUp)
async def setup_state(request: Request) -> Response:
    """Tell whether the first account is still to be made, by the link that `ml serve` prints."""
    service = state_of(request)
    return Answer(SetUp(await service.run(service.app.access.invitations.setup_is_due)))


@router.post("/session", response_model=Who, status_code=201)
async def log_in(request: Request, asked: LogIn) -> Response:
    """Begin a session: a cookie, and the token that pages send along."""
    service = state_of(request)
    verify = service.app.access.accounts.verify
    account = await service.run_hashing(verify, asked.name, asked.password, asked.code)
    return await begun(request, service, account)


@router.post("/invitation", response_model=Who, status_code=201, responses={204: {"description": "log in now"}})
async def accept_invitation(request: Request, asked: Acceptance) -> Response:
    """Make the account of a link, and begin a session; a link for another password of an account that has a second
    factor begins none.
    """
    service = state_of(request)
    accept = service.app.access.invitations.accept
    account = await service.run_hashing(accept, asked.token, name=asked.name, password=asked.password)
    factor = await service.run(service.app.access.second_factors.state, account.id)
    return Response(status_code=204) if factor.on else await begun(request, service, account)


@router.post("/invitation/look", response_model=Invitation)
async def look_at_invitation(request: Request, asked: Link) -> Response:
    """Tell what a link would make; it stays as it is. Its token is a secret, and in no address therefore."""
    service = state_of(request)
    return Answer(await service.run(service.app.access.invitations.look_at, asked.token))


@router.get("/session", response_model=Who)
async def who_asks(request: Request) -> Response:
    """Tell who asks, and what they may."""
    principal = caller_of(request).principal
    assert principal is not None
    cookie = cookies.shown(request)
    csrf = state_of(request).app.access.sessions.csrf_token(cookie) if principal.kind == "session" else None
    return Answer(_who(principal, csrf))


@router.delete("/session", status_code=204)
async def log_out(request: Request) -> Response:
    """End the session."""
    service = state_of(request)
    await service.run(service.app.access.sessions.close, cookies.shown(request))
    return without_cookie(request, Response(status_code=204))


@router.put("/session/password", response_model=Who)
async def change_password(request: Request, asked: PasswordChange) -> Response:
    """Change one's own password; every session of the account ends, and a new one begins."""
    service, person = state_of(request), person_of(request)
    await shown_again(service, person, asked.old, asked.code)
    account = await service.run_hashing(service.app.access.accounts.set_password, person.name, asked.new)
    return await begun(request, service, account, 200)


def person_of(request: Request) -> Principal:
    """Give who is logged in.

    Raises
    ------
    Forbidden
        If a key asks.
    """
    principal = caller_of(request).principal
    if principal is None or principal.kind != "session":
        raise Forbidden("a key has no password", "log in, or: ml access password NAME", code="no_password")
    return principal


def account_id_of(person: Principal) -> int:
    """Give the number of the account of who is logged in."""
    return int(person.id.removeprefix("account:"))


async def shown_again(service: ServiceState, person: Principal, password: str, code: str | None = None) -> None:
    """Have somebody who is logged in show once more that it is them.

    Raises
    ------
    Forbidden
        If what they show is not right.
    """
    try:
        await service.run_hashing(service.app.access.accounts.verify, person.name, password, code)
    except NotAuthenticated as error:
        # Whoever asks is known: a page that took this for the end of the session would send them away.
        raise Forbidden(error.message, error.hint) from None


def without_cookie(request: Request, response: Response) -> Response:
    """Have a browser forget its session."""
    cookies.take(request, response)
    return response


async def begun(
    request: Request,
    service: ServiceState,
    account: Account,
    status: int = 201,
    told: Callable[[str | None], Result] | None = None,
) -> Response:
    """Begin a session of an account, and answer with who that is, or with something else.

    Parameters
    ----------
    told : callable, optional
        Makes the answer of the token that pages send along.
    """
    sessions = service.app.access.sessions
    _, token, csrf = await service.run(sessions.open, account)
    principal = await service.run(sessions.authenticate, token)
    caller_of(request).principal = principal  # the audit log names who came in
    response = Answer(_who(principal, csrf) if told is None else told(csrf), status)
    cookies.give(request, response, token)
    return response


def _who(principal: Principal, csrf: str | None) -> Who:
    scopes = tuple(sorted(principal.scopes))
    return Who(principal.id, principal.name, principal.role, scopes, principal.user_id, csrf)

"""Who is logged in: sessions of browsers, and the links that accounts are made by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ml.data.access import Invitation, Principal
from ml.data.access.accounts import Account
from ml.foundation.errors import Forbidden, NotAuthenticated
from ml.foundation.results import Result
from ml.service.answers import Answer
from ml.service.bodies.access import Acceptance, LogIn, PasswordChange
from ml.service.gate import COOKIE, GuardedRoute, caller_of
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
    account = await service.run_hashing(service.app.access.accounts.verify, asked.name, asked.password)
    return await _begun(request, service, account)


@router.post("/invitation", response_model=Who, status_code=201)
async def accept_invitation(request: Request, asked: Acceptance) -> Response:
    """Make the account of a link, and begin a session."""
    service = state_of(request)
    accept = service.app.access.invitations.accept
    account = await service.run_hashing(accept, asked.token, name=asked.name, password=asked.password)
    return await _begun(request, service, account)


@router.get("/invitation", response_model=Invitation)
async def look_at_invitation(request: Request, token: Annotated[str, Query(max_length=200)]) -> Response:
    """Tell what a link would make; it stays as it is."""
    service = state_of(request)
    return Answer(await service.run(service.app.access.invitations.look_at, token))


@router.get("/session", response_model=Who)
async def who_asks(request: Request) -> Response:
    """Tell who asks, and what they may."""
    principal = caller_of(request).principal
    assert principal is not None
    cookie = request.cookies.get(COOKIE, "")
    csrf = state_of(request).app.access.sessions.csrf_token(cookie) if principal.kind == "session" else None
    return Answer(_who(principal, csrf))


@router.delete("/session", status_code=204)
async def log_out(request: Request) -> Response:
    """End the session."""
    service = state_of(request)
    await service.run(service.app.access.sessions.close, request.cookies.get(COOKIE, ""))
    return without_cookie(Response(status_code=204))


@router.put("/session/password", response_model=Who)
async def change_password(request: Request, asked: PasswordChange) -> Response:
    """Change one's own password; every session of the account ends, and a new one begins."""
    service, principal = state_of(request), caller_of(request).principal
    if principal is None or principal.kind != "session":
        raise Forbidden("a key has no password", "log in, or: ml access password NAME")
    accounts = service.app.access.accounts
    try:
        await service.run_hashing(accounts.verify, principal.name, asked.old)
    except NotAuthenticated as error:
        # Whoever asks is known: a page that took this for the end of the session would send them away.
        raise Forbidden(error.message, error.hint) from None
    account = await service.run_hashing(accounts.set_password, principal.name, asked.new)
    return await _begun(request, service, account, 200)


def without_cookie(response: Response) -> Response:
    """Have a browser forget its session."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _begun(request: Request, service: ServiceState, account: Account, status: int = 201) -> Response:
    sessions = service.app.access.sessions
    _, token, csrf = await service.run(sessions.open, account)
    principal = await service.run(sessions.authenticate, token)
    caller_of(request).principal = principal  # the audit log names who came in
    response = Answer(_who(principal, csrf), status)
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return response


def _who(principal: Principal, csrf: str | None) -> Who:
    scopes = tuple(sorted(principal.scopes))
    return Who(principal.id, principal.name, principal.role, scopes, principal.user_id, csrf)

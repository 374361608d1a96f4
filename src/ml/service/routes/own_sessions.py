"""One's own sessions: where somebody is logged in, and the ways to end that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ml.data.access.accounts import Account
from ml.foundation.errors import UnknownId
from ml.foundation.results import Result
from ml.service import cookies
from ml.service.answers import Answer
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.sessions import without_cookie
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["sessions"])


@dataclass(frozen=True, slots=True)
class OwnSession(Result):
    """A session of whoever asks.

    Parameters
    ----------
    id : str
    created_at, seen_at, ends_at : datetime
        UTC; the second to the minute, the third whatever happens in it.
    here : bool
        Whether it is the one that asks.
    """

    id: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Ended(Result):
    """How many sessions were ended."""

    ended: int


@router.get("/sessions", response_model=list[OwnSession])
async def list_sessions(request: Request) -> Response:
    """List where one is logged in, the newest first; programs with a key have no sessions."""
    service = state_of(request)
    return Answer(await service.run(_listed, service, request))


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(request: Request, session_id: Annotated[Name, Path()]) -> Response:
    """End one of one's own sessions, from its next request on."""
    service = state_of(request)
    if not await service.run(_ended, service, request, session_id):
        raise UnknownId(f"no session {session_id!r} of yours", "GET /sessions lists them", code="session_unknown")
    return Response(status_code=204)


@router.delete("/sessions", response_model=Ended)
async def end_sessions(
    request: Request, others: Annotated[bool, Query(description="whether the one that asks goes on")] = False
) -> Response:
    """End all of one's own sessions: log out everywhere."""
    service = state_of(request)
    answer = Answer(Ended(await service.run(_all_ended, service, request, others)))
    return answer if others else without_cookie(request, answer)


def _account(service: ServiceState, request: Request) -> Account | None:
    """Find the account of whoever asks; None where a key asks."""
    principal = caller_of(request).principal
    if principal is None or principal.kind != "session":
        return None
    return service.app.access.accounts.find(principal.name)


def _here(service: ServiceState, request: Request) -> str | None:
    return service.app.access.sessions.id_of(cookies.shown(request))


def _listed(service: ServiceState, request: Request) -> list[OwnSession]:
    account = _account(service, request)
    if account is None:
        return []
    here, found = _here(service, request), service.app.access.sessions.list(account)
    return [OwnSession(one.id, one.created_at, one.seen_at, one.ends_at, one.id == here) for one in reversed(found)]


def _ended(service: ServiceState, request: Request, session_id: str) -> bool:
    account = _account(service, request)
    return account is not None and service.app.access.sessions.end(account, session_id)


def _all_ended(service: ServiceState, request: Request, others: bool) -> int:
    account = _account(service, request)
    if account is None:
        return 0
    return service.app.access.sessions.close_all(account, but=_here(service, request) if others else None)

"""Keys of programs, accounts of people, and links that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ml.data.access import Account, Invitation, Key
from ml.foundation.errors import UnknownId
from ml.foundation.results import Result
from ml.service.answers import PAGED, Answer, page
from ml.service.bodies.access import InvitationAsked, KeyAsked, RotationAsked
from ml.service.bodies.base import Count, Name
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["access"])
Id = Annotated[Name, Path()]


@dataclass(frozen=True, slots=True)
class NewKey(Result):
    """A key, and its token, which is given now and never again."""

    key: Key
    token: str


@dataclass(frozen=True, slots=True)
class NewInvitation(Result):
    """A link: its token is given now and never again."""

    invitation: Invitation
    token: str


@router.get("/keys", response_model=list[Key], responses=PAGED)
async def list_keys(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[Name | None, Query(description="id of a key: those made before it")] = None,
) -> Response:
    """List the keys, the newest first; revoked ones too."""
    service = state_of(request)
    found = await service.run(service.app.access.keys.list, last=count + 1, before=before)
    return page(request, found[::-1], count)


@router.post("/keys", response_model=NewKey, status_code=201)
async def create_key(request: Request, asked: KeyAsked) -> Response:
    """Make a key for a program."""
    service = state_of(request)
    expires = None if asked.expires_at is None else round(asked.expires_at.timestamp() * 1000)
    made = await service.run(
        service.app.access.keys.create,
        asked.name,
        role=asked.role,
        scopes=asked.scopes,
        user_id=asked.user_id,
        expires_at_ms=expires,
    )
    return Answer(NewKey(*made), 201)


@router.post("/keys/{key_id}/rotate", response_model=NewKey)
async def rotate_key(request: Request, key_id: Id, asked: RotationAsked) -> Response:
    """Give a key a new secret."""
    service = state_of(request)
    return Answer(NewKey(*await service.run(service.app.access.keys.rotate, key_id, overlap_s=asked.overlap_s)))


@router.delete("/keys/{key_id}", response_model=Key)
async def revoke_key(request: Request, key_id: Id) -> Response:
    """Make a key invalid, from the next request on, in every process."""
    service = state_of(request)
    return Answer(await service.run(service.app.access.keys.revoke, key_id))


@router.get("/accounts", response_model=list[Account], responses=PAGED)
async def list_accounts(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="accounts made before this one")] = None,
) -> Response:
    """List the accounts, the newest first."""
    service = state_of(request)
    return page(request, list(reversed(await service.run(service.app.access.accounts.list))), count, before=before)


@router.post("/accounts/{name}/disable", response_model=Account)
async def disable_account(request: Request, name: Id) -> Response:
    """Let nobody in by an account any more; its sessions end."""
    service = state_of(request)
    return Answer(await service.run(service.app.access.accounts.disable, name))


@router.post("/accounts/{name}/enable", response_model=Account)
async def enable_account(request: Request, name: Id) -> Response:
    """Let an account in again."""
    service = state_of(request)
    return Answer(await service.run(service.app.access.accounts.enable, name))


@router.get("/invitations", response_model=list[Invitation], responses=PAGED)
async def list_invitations(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[Name | None, Query(description="id of a link: those made before it")] = None,
) -> Response:
    """List the links that can be accepted, the newest first."""
    service = state_of(request)
    return page(request, list(reversed(await service.run(service.app.access.invitations.list))), count, before=before)


@router.post("/invitations", response_model=NewInvitation, status_code=201)
async def invite(request: Request, asked: InvitationAsked) -> Response:
    """Make a link that makes one account."""
    service = state_of(request)
    made = await service.run(service.app.access.invitations.invite, role=asked.role, user_id=asked.user_id)
    return Answer(NewInvitation(*made), 201)


@router.delete("/invitations/{invitation_id}", status_code=204)
async def withdraw_invitation(request: Request, invitation_id: Id) -> Response:
    """Make a link void."""
    service = state_of(request)
    if not await service.run(service.app.access.invitations.withdraw, invitation_id):
        raise UnknownId(f"no invitation {invitation_id!r}", "GET /invitations lists them", code="invitation_unknown")
    return Response(status_code=204)

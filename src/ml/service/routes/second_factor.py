"""A code of an app beside the password: set up, taken away, and taken away by an admin for who has lost it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ml.data.access import NewFactor, Principal, SecondFactor
from ml.foundation.errors import Forbidden
from ml.foundation.results import Result
from ml.service.answers import Answer
from ml.service.bodies.access import CodeShown, PasswordAndCode, PasswordShown
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.qr import QrCode, qr_of
from ml.service.routes.sessions import Who, account_id_of, begun, person_of, shown_again
from ml.service.state import ServiceState, state_of

Told = Callable[[str | None], Result]
router = APIRouter(route_class=GuardedRoute, tags=["sessions"])


@dataclass(frozen=True, slots=True)
class NewFactorShown(NewFactor):
    """A secret for an app, and its link as an app on another device can see it.

    Parameters
    ----------
    secret, link : str
        As they were made.
    qr : QrCode
        Of the link.
    """

    qr: QrCode


@dataclass(frozen=True, slots=True)
class RecoveryCodes(Result):
    """What to write down: each gets somebody in once, in the place of a code of the app.

    Parameters
    ----------
    codes : tuple of str
    csrf : str
        What pages send along from now on.
    """

    codes: tuple[str, ...]
    csrf: str


@router.get("/session/second-factor", response_model=SecondFactor)
async def second_factor_state(request: Request) -> Response:
    """Tell whether one is asked for more than a password."""
    service, principal = state_of(request), caller_of(request).principal
    if principal is None or principal.kind != "session":
        return Answer(SecondFactor(on=False, recovery_codes=0))  # a key has neither
    return Answer(await service.run(service.app.access.second_factors.state, account_id_of(principal)))


@router.post("/session/second-factor", response_model=NewFactorShown, status_code=201)
async def begin_second_factor(request: Request, asked: PasswordShown) -> Response:
    """Draw a secret for an app; it counts once a code of it was shown."""
    service, person = state_of(request), person_of(request)
    if service.app.settings.access.second_factor == "off":
        raise Forbidden(
            "second factors are not offered here",
            "whoever runs the service: access.second_factor",
            code="factor_not_offered",
        )
    await shown_again(service, person, asked.password)
    begin = service.app.access.second_factors.begin
    made = await service.run(begin, account_id_of(person), person.name)
    return Answer(NewFactorShown(made.secret, made.link, qr_of(made.link)), 201)


@router.put("/session/second-factor", response_model=RecoveryCodes)
async def confirm_second_factor(request: Request, asked: CodeShown) -> Response:
    """Take the secret into use by a code of it; the other sessions of the account end."""
    service, person = state_of(request), person_of(request)
    codes = await service.run(service.app.access.second_factors.confirm, account_id_of(person), asked.code)
    return await _again(request, service, person, lambda csrf: RecoveryCodes(codes, csrf or ""))


@router.post("/session/second-factor/removal", response_model=Who)
async def remove_second_factor(request: Request, asked: PasswordAndCode) -> Response:
    """Be asked for the password only from now on; the other sessions of the account end."""
    service, person = state_of(request), person_of(request)
    await shown_again(service, person, asked.password, asked.code)
    await service.run(service.app.access.second_factors.remove, account_id_of(person))
    return await _again(request, service, person, None)


@router.delete("/accounts/{name}/second-factor", response_model=SecondFactor)
async def reset_second_factor(request: Request, name: Annotated[Name, Path()]) -> Response:
    """Ask an account for its password only, where somebody has lost app and codes; its sessions end."""
    service = state_of(request)
    return Answer(await service.run(_reset, service, name))


def _reset(service: ServiceState, name: str) -> SecondFactor:
    access = service.app.access
    account = access.accounts.find(name)
    access.second_factors.remove(account.id)
    access.sessions.close_all(account)
    return access.second_factors.state(account.id)


async def _again(request: Request, service: ServiceState, person: Principal, told: Told | None) -> Response:
    """End all sessions of an account, and begin one."""
    account = await service.run(service.app.access.accounts.find, person.name)
    await service.run(service.app.access.sessions.close_all, account)
    return await begun(request, service, account, 200, told)

"""The sets of models, and which of them answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from ml.foundation.results import Result
from ml.models.listing import KnownSet
from ml.service.answers import MARKED, Answer, unless_known
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["models"])
Version = Annotated[Name, Path(description="of a set of models")]


@dataclass(frozen=True, slots=True)
class InUse(Result):
    """The set of models that answers from now on."""

    version: str


@dataclass(frozen=True, slots=True)
class Untuned(Result):
    """How many files of settings were removed."""

    removed: int


@router.delete("/tuning", response_model=Untuned)
async def forget_tuning(
    request: Request,
    kind: Annotated[Literal["track", "artist"] | None, Query(description="left out, both")] = None,
) -> Response:
    """Let the default settings of models hold again; searches for better ones stay, and go on where they were."""
    service = state_of(request)
    return Answer(Untuned(await service.run(service.app.forget_tuning, kind)))


@router.get("/models", response_model=list[KnownSet], responses=MARKED)
async def list_models(request: Request) -> Response:
    """List the sets of models, the newest first."""
    service = state_of(request)
    return unless_known(request, await service.run(service.app.model_sets))


@router.get("/models/{version}", response_model=dict[str, Any], responses=MARKED)
async def model_card(request: Request, version: Version) -> Response:
    """Give the card of a set: what it learned from, how, and how well it does."""
    service = state_of(request)
    return unless_known(request, await service.run(service.app.model_card, version))


@router.post("/models/rollback", response_model=InUse)
async def roll_back_models(request: Request) -> Response:
    """Let the set answer that did before this one."""
    service = state_of(request)
    return Answer(InUse(await service.run(service.app.rollback)))


@router.post("/models/{version}/promote", response_model=InUse)
async def promote_models(request: Request, version: Version) -> Response:
    """Let a set of models answer from now on, in every process."""
    service = state_of(request)
    await service.run(service.app.promote, version)
    return Answer(InUse(version))

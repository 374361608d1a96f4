"""Recommendations, and why they are what they are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from ml.recommendation_engine.explanation_results import Explanation, MainParameters
from ml.recommendation_engine.onboarding import Onboarding
from ml.recommendation_engine.results import Recommendations, SimilarItems
from ml.recommendation_engine.stamps import key_in
from ml.service.answers import MARKED, Answer, encode, unless_known
from ml.service.bodies.base import Count, Name, Tongue
from ml.service.bodies.recommendations import (
    BatchAsked,
    ExplanationAsked,
    OnboardingAsked,
    RecommendationsAsked,
    StrangerAsked,
)
from ml.service.gate import GuardedRoute, caller_of
from ml.service.kept_answers import KeptAnswers
from ml.service.state import ServiceState, state_of

router = APIRouter(route_class=GuardedRoute, tags=["recommendations"])


@router.post("/recommendations", response_model=Recommendations)
async def recommend(request: Request, asked: RecommendationsAsked) -> Response:
    """Recommend to one listener, with reasons."""
    service = state_of(request)
    caller = caller_of(request)
    listener = caller.listener(asked.user_id)
    given = asked.given()
    given.pop("user_id", None)
    stamp = service.app.engine.stamp(listener)
    if stamp is None:
        return Answer(await service.run(service.app.engine.recommend, listener, **given))
    caller.keys[listener] = key_in(stamp)
    # What was asked stands in the answer, so that the listener's key does not suffice.
    key = KeptAnswers.key("recommend", (listener, *stamp), given)
    body = service.answers.get(key)
    if body is None and service.answers.shared is not None:
        body = await service.run(service.answers.get_shared, key)
    if body is None:
        body = await service.run(_recommended, service, listener, given, key)
    return Answer.of_bytes(body)


def _recommended(service: ServiceState, listener: str, given: dict[str, Any], key: str) -> bytes:
    body = encode(service.app.engine.recommend(listener, **given))
    service.answers.put(key, body)
    return body


@router.post("/recommendations/batch", response_model=list[Recommendations])
async def recommend_batch(request: Request, asked: BatchAsked) -> Response:
    """Recommend to several listeners, in their order."""
    service = state_of(request)
    given = asked.given()
    listeners = [caller_of(request).listener(each) for each in given.pop("user_ids")]
    return Answer(await service.app.engine.process_recommendations_batch(listeners, **given))


@router.post("/recommendations/stranger", response_model=Recommendations)
async def recommend_stranger(request: Request, asked: StrangerAsked) -> Response:
    """Recommend to somebody of whom nothing is stored, from what they say of themselves; nothing of it is kept."""
    service = state_of(request)
    return Answer(await service.run(service.app.engine.recommend_from, **asked.given()))


@router.post("/onboarding", response_model=Onboarding)
async def onboard(request: Request, asked: OnboardingAsked) -> Response:
    """Ask a stranger about the next artists, and recommend by the answers so far; nothing is kept."""
    service = state_of(request)
    given = asked.given()
    answers = [(each.item_id, each.answer) for each in given.pop("answers", ())]
    return Answer(await service.run(service.app.engine.onboard, answers, **given))


@router.post("/explanations", response_model=Explanation)
async def explain(request: Request, asked: ExplanationAsked) -> Response:
    """Say why an item stands where it stands for a listener, whether or not it would be shown."""
    service = state_of(request)
    given = asked.given()
    given.pop("user_id", None)
    listener = caller_of(request).listener(asked.user_id)
    return Answer(await service.run(service.app.engine.explain, listener, **given))


@router.get("/recommendations/parameters", response_model=MainParameters, responses=MARKED)
async def main_parameters(request: Request, language: Annotated[Tongue | None, Query()] = None) -> Response:
    """State by what recommendations are ranked, how strongly, and where a listener can change it."""
    service = state_of(request)
    return unless_known(request, await service.run(service.app.engine.main_parameters, language=language))


@router.get("/similar", response_model=SimilarItems, responses=MARKED)
async def similar(
    request: Request,
    item_id: Annotated[Name, Query(description="outside id or exact name")],
    count: Annotated[Count, Query()] = 10,
    kind: Annotated[Literal["track", "artist"] | None, Query()] = None,
) -> Response:
    """Find what goes with a track or an artist."""
    service = state_of(request)
    found = await service.run(service.app.engine.similar, item_id, count=count, kind=kind)
    return unless_known(request, found)

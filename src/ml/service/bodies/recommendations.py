"""Questions for recommendations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ml.service.bodies.base import Body, Count, Loose, Name, Tongue, shown


class Dial(Body):
    """What can be asked of every recommendation."""

    count: Count = 10
    algorithm: Name | None = Field(None, description="model that finds the new items")
    familiar_ratio: float | None = Field(None, ge=0, le=1, description="0 only new items, 1 only what is known")
    max_per_artist: int | None = Field(None, ge=1, le=1000)
    reasons: int | None = Field(None, ge=0, le=10, description="listens that explain each new item")
    context: Loose = Field(default_factory=dict, description="the situation: mood, activity, time_of_day …")
    preferences: Loose = Field(default_factory=dict, description="genres, language, years, energy_level …")
    strict: bool = Field(False, description="no lesser algorithm instead")
    language: Tongue | None = Field(None, description="of reasons and notices")
    profiling: bool | None = Field(None, description="false reads nothing that is known of the listener")
    exposure: Loose | None = Field(None, description="shares of the new items by group of artists")


class RecommendationsAsked(Dial):
    """Whom to recommend what to."""

    model_config = shown({"user_id": "demo:user_10000", "count": 5, "context": {"activity": "workout"}})

    user_id: Name | None = Field(None, description="the listener; a listener's own key may leave it out")


class BatchAsked(Dial):
    """Several listeners at once."""

    model_config = shown({"user_ids": ["demo:user_10000", "demo:user_10001"], "count": 5})

    user_ids: list[Name] = Field(min_length=1, max_length=1000)


class StrangerAsked(Body):
    """What somebody says of themself of whom nothing is stored."""

    model_config = shown({"likes": ["demo:track/1"], "count": 5})

    likes: list[Name] = Field(default_factory=list, max_length=200)
    dislikes: list[Name] = Field(default_factory=list, max_length=200)
    genres: list[Name] = Field(default_factory=list, max_length=100)
    country: Name | None = None
    age: int | None = Field(None, ge=0, le=120)
    count: Count = 10
    max_per_artist: int | None = Field(None, ge=1, le=1000)
    context: Loose = Field(default_factory=dict)
    preferences: Loose = Field(default_factory=dict)
    language: Tongue | None = None


class Answered(Body):
    """An answer to one question of an interview."""

    item_id: Name
    answer: Literal["like", "dislike", "unknown"]


class OnboardingAsked(Body):
    """Where an interview stands."""

    model_config = shown({"answers": [{"item_id": "demo:artist/1", "answer": "like"}], "questions": 3})

    answers: list[Answered] = Field(default_factory=list, max_length=200)
    genres: list[Name] = Field(default_factory=list, max_length=100)
    country: Name | None = None
    age: int | None = Field(None, ge=0, le=120)
    questions: int = Field(5, ge=1, le=50)
    count: Count = 10
    language: Tongue | None = None


class ExplanationAsked(Body):
    """Which item, for whom."""

    model_config = shown({"user_id": "demo:user_10000", "item_id": "demo:track/1"})

    user_id: Name | None = None
    item_id: Name
    algorithm: Name | None = None
    context: Loose = Field(default_factory=dict)
    preferences: Loose = Field(default_factory=dict)
    language: Tongue | None = None
    profiling: bool | None = None

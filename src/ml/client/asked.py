"""What can be asked: the fields of the requests, held to the OpenAPI document by a test. What is left out is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Required, TypedDict

Tongue = Literal["en", "de"]
Role = Literal["admin", "analyst", "service", "listener"]
#: From and to; None is without bound.
Bounds = Sequence[float | None]


class Dial(TypedDict, total=False):
    """What can be asked of every recommendation."""

    count: int
    algorithm: str
    familiar_ratio: float
    max_per_artist: int
    reasons: int
    context: Mapping[str, Any]
    preferences: Mapping[str, Any]
    strict: bool
    language: Tongue
    profiling: bool
    exposure: Mapping[str, Any]


class RecommendationsAsked(Dial, total=False):
    """Whom to recommend what to."""

    user_id: str


class BatchAsked(Dial, total=False):
    """Several listeners at once."""

    user_ids: Required[Sequence[str]]


class Answered(TypedDict, total=False):
    """An answer to one question of an interview."""

    item_id: Required[str]
    answer: Required[Literal["like", "dislike", "unknown"]]


class StrangerAsked(TypedDict, total=False):
    """What somebody says of themself of whom nothing is stored."""

    likes: Sequence[str]
    dislikes: Sequence[str]
    genres: Sequence[str]
    country: str
    age: int
    count: int
    max_per_artist: int
    context: Mapping[str, Any]
    preferences: Mapping[str, Any]
    language: Tongue


class OnboardingAsked(TypedDict, total=False):
    """Where an interview stands."""

    answers: Sequence[Answered]
    genres: Sequence[str]
    country: str
    age: int
    questions: int
    count: int
    language: Tongue


class ReadingAsked(TypedDict, total=False):
    """How a file is to be read, where it does not say so itself.

    ``columns`` says which column of a table is what: ``{"user": "userId", "title": "song"}``, or, where no name holds a
    comma, ``user=userId,title=song``.
    """

    kind: str
    user: str
    columns: Mapping[str, str] | str
    item_kind: Literal["track", "artist"]
    source: str
    delimiter: str
    encoding: str
    private_in_profile: bool


class ImportAsked(ReadingAsked, total=False):
    """How a file is to be imported."""

    again: bool


class ExplanationAsked(TypedDict, total=False):
    """Which item, for whom."""

    user_id: str
    item_id: Required[str]
    algorithm: str
    context: Mapping[str, Any]
    preferences: Mapping[str, Any]
    language: Tongue
    profiling: bool


class EventTold(TypedDict, total=False):
    """What somebody heard."""

    user_id: str
    item_id: Required[str]
    at: datetime
    language: Tongue
    event: Literal["play", "skip", "seek"]
    ms_played: int
    to_ms: int
    device: str
    activity: str


class FeedbackTold(TypedDict, total=False):
    """What somebody says about an item."""

    user_id: str
    item_id: Required[str]
    at: datetime
    language: Tongue
    event: Required[
        Literal["like", "dislike", "not_now", "add_to_playlist", "block", "unblock", "hide_artist", "show_artist"]
    ]
    until: datetime


class SearchAsked(TypedDict, total=False):
    """How it is looked for."""

    count: int
    offset: int
    kinds: Sequence[str]
    genres: Sequence[str]
    not_genres: Sequence[str]
    languages: Sequence[str]
    years: Bounds
    bpm: Bounds
    duration_s: Bounds
    energy: Bounds
    keys: Sequence[str]
    clean: bool
    understand: bool
    sort: str
    facets: Sequence[str]
    user_id: str
    language: Tongue


class SavedAsked(SearchAsked, total=False):
    """A search that is kept under a name."""

    name: Required[str]
    text: str


class PlaylistAsked(TypedDict, total=False):
    """One playlist."""

    theme: str
    mood: str
    activity: str
    time_of_day: str
    genres: Sequence[str]
    tags: Sequence[str]
    not_genres: Sequence[str]
    not_tags: Sequence[str]
    seeds: Sequence[str]
    away: Sequence[str]
    user_id: str
    user_ids: Sequence[str]
    vetoes: Mapping[str, Any]
    fairness: Literal["leximin", "proportional", "average"]
    familiar_ratio: float
    minutes: float
    count: int
    tolerance_s: float
    years: tuple[int, int]
    languages: Sequence[str]
    explicit: bool
    instrumental: bool
    bpm: tuple[float, float]
    energy: tuple[float, float]
    loudness_lufs: tuple[float, float]
    keys: Sequence[int | str]
    artist_gap: int
    album_gap: int
    max_per_artist: int
    include: Sequence[str]
    exclude: Sequence[str]
    pins: Mapping[str, str]
    not_played_days: float
    shares: Mapping[str, Any]
    arc: str | Sequence[float]
    weights: Mapping[str, Any]
    effort: Literal["fast", "best"]
    seed: int
    variety: float
    files_only: bool
    language: Tongue

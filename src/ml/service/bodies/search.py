"""What is looked for."""

from __future__ import annotations

from pydantic import Field

from ml.service.bodies.base import Body, Count, Name, Tongue, shown


class SearchAsked(Body):
    """What is looked for."""

    model_config = shown({"text": "ruhige Klaviermusik ohne Gesang", "count": 5})

    text: str = Field("", max_length=20_000)
    count: Count = 10
    offset: int = Field(0, ge=0, le=10_000)
    kinds: list[Name] | None = None
    genres: list[Name] | None = None
    not_genres: list[Name] | None = None
    languages: list[Name] | None = None
    years: list[float | None] | None = Field(None, min_length=2, max_length=2)
    bpm: list[float | None] | None = Field(None, min_length=2, max_length=2)
    duration_s: list[float | None] | None = Field(None, min_length=2, max_length=2)
    energy: list[float | None] | None = Field(None, min_length=2, max_length=2)
    keys: list[Name] | None = None
    clean: bool | None = None
    understand: bool | None = None
    sort: Name | None = None
    facets: list[Name] | None = None
    user_id: Name | None = None
    language: Tongue | None = None

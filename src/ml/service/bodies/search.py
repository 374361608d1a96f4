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


class SavedAsked(SearchAsked):
    """A search that is kept under a name."""

    model_config = shown({"name": "Sunday morning", "text": "calm piano", "count": 5})

    name: Name


class AgainAsked(Body):
    """A search that has a name."""

    model_config = shown({"name": "Sunday morning"})

    name: Name
    user_id: Name | None = Field(None, description="whose it is; left out, nobody's, or a listener's own")


class Choice(Body):
    """Which hit of a search was chosen."""

    model_config = shown({"search_id": 1, "hit": "demo:track/1"})

    search_id: int = Field(ge=1, lt=1 << 53)
    hit: Name
    user_id: Name | None = Field(None, description="whose search it was")

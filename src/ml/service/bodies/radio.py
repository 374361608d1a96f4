"""Where a radio stands, and what became of what it gave."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ml.playlist_generator import PlaylistTrack
from ml.service.bodies.base import Body, Name, shown
from ml.service.bodies.playlists import PlaylistAsked


class RadioEvent(Body):
    """What became of a track."""

    track_id: Name
    what: Literal["given", "played", "skipped"]
    ms: int | None = Field(None, ge=0, lt=1 << 53)


class RadioState(Body):
    """Where a radio stands, as an answer gave it."""

    request: PlaylistAsked
    events: list[RadioEvent] = Field(default_factory=list, max_length=2000)
    ahead: list[PlaylistTrack] = Field(default_factory=list, max_length=100)
    minutes: float | None = Field(None, gt=0, le=1440)
    count: int | None = Field(None, ge=1, le=500)
    since: int = Field(0, ge=0, le=2000)

    def state(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Give it as the verb takes it, for whom it may be."""
        lists = {"events": [each.model_dump() for each in self.events], "ahead": [one.to_dict() for one in self.ahead]}
        return {"request": fields, "minutes": self.minutes, "count": self.count, "since": self.since, **lists}


class Heard(Body):
    """A track that was played or skipped."""

    track_id: Name
    what: Literal["played", "skipped"]
    ms_played: int | None = Field(None, ge=0, lt=1 << 53, description="left out, wholly")


class RadioAsked(Body):
    """A radio that begins, or goes on."""

    model_config = shown({"playlist": {"mood": "calm", "seed": 3}})

    playlist: PlaylistAsked | None = Field(None, description="to begin: what is asked; without a length it never ends")
    state: RadioState | None = Field(None, description="to go on: the state that the last answer gave")
    heard: list[Heard] = Field(default_factory=list, max_length=100, description="since then, in order")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.playlist is None) == (self.state is None):
            raise ValueError("give playlist to begin a radio, or state to go on with one")
        return self

    @property
    def asked(self) -> PlaylistAsked:
        """What the radio plays."""
        found = self.playlist if self.state is None else self.state.request
        assert found is not None
        return found

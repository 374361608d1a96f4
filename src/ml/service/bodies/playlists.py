"""What playlists are asked for, and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ml.service.bodies.base import Body, Name, Tongue, shown

#: Names of tracks, artists, genres.
Names = list[Name]
Range = tuple[float, float]


class PlaylistAsked(Body):
    """One playlist; the fields are those of :class:`ml.playlist_generator.PlaylistRequest`."""

    model_config = shown(
        {"theme": "rainy Sunday, French, no vocals", "minutes": 60},
        {"mood": "energetic", "count": 20, "genres": ["rock"], "arc": "peak", "max_per_artist": 1},
    )

    theme: Name | None = Field(None, description="anything of the following in words, English or German")
    mood: Name | None = None
    activity: Name | None = None
    time_of_day: Name | None = None
    genres: Names | None = None
    tags: Names | None = None
    not_genres: Names | None = None
    not_tags: Names | None = None
    seeds: Names | None = Field(None, description="tracks, artists or stored playlists that it is to be like")
    away: Names | None = Field(None, description="what it is to be unlike")
    user_id: Name | None = Field(None, description="whose taste counts")
    user_ids: Names | None = Field(None, description="several whose tastes count, 2 to 15")
    vetoes: Mapping[Name, Names] | None = None
    fairness: Literal["leximin", "proportional", "average"] | None = None
    familiar_ratio: float | None = Field(None, ge=0, le=1)
    minutes: float | None = Field(None, gt=0, le=1440)
    count: int | None = Field(None, ge=1, le=500)
    tolerance_s: float | None = Field(None, ge=0)
    years: tuple[int, int] | None = None
    languages: Names | None = None
    explicit: bool | None = None
    instrumental: bool | None = None
    bpm: Range | None = None
    energy: Range | None = None
    loudness_lufs: Range | None = None
    keys: list[int | Name] | None = Field(None, description="places of the Camelot wheel, such as 8A")
    artist_gap: int | None = Field(None, ge=0, le=500)
    album_gap: int | None = Field(None, ge=0, le=500)
    max_per_artist: int | None = Field(None, ge=1, le=500)
    include: Names | None = None
    exclude: Names | None = None
    pins: Mapping[int, Name] | None = None
    not_played_days: float | None = Field(None, gt=0)
    shares: Mapping[Name, Range | float] | None = None
    arc: Name | list[float] | None = Field(None, description="how energy goes: peak, wave, …, or numbers")
    weights: Mapping[Name, float] | None = None
    effort: Literal["fast", "best"] | None = None
    seed: int | None = Field(None, ge=0, lt=1 << 53)
    variety: float | None = Field(None, ge=0, le=1)
    files_only: bool | None = None
    language: Tongue | None = None

    def fields(self) -> dict[str, Any]:
        """Give what was asked, but for whose taste counts."""
        given = {name: value for name, value in self.given().items() if value is not None}
        return {name: value for name, value in given.items() if name not in {"user_id", "user_ids"}}


class ExportAsked(Body):
    """A playlist that is made, or is there, and is written as a file."""

    model_config = shown(
        {"playlist": {"count": 10}, "title": "Sunday", "form": "xspf"},
        {"tracks": ["demo:track/2", "demo:track/1"], "title": "Sunday", "form": "csv"},
    )

    playlist: PlaylistAsked | None = Field(None, description="what is asked of it")
    tracks: Names | None = Field(None, min_length=1, max_length=500, description="instead: its tracks, in order")
    title: Name
    form: Literal["m3u8", "xspf", "jspf", "csv"] = "m3u8"

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.playlist is None) == (self.tracks is None):
            raise ValueError("give playlist, what is asked of it, or tracks, which are in it")
        return self


class TrackGiven(BaseModel):
    """A track of a list that is handed in; what else an answer said of it is not needed."""

    model_config = ConfigDict(extra="ignore")

    track_id: Name


class ListGiven(BaseModel):
    """A list that an answer gave, as it was or changed by hand; only its tracks and its request are read."""

    model_config = ConfigDict(extra="ignore")

    tracks: list[TrackGiven] = Field(min_length=1, max_length=500)
    request: PlaylistAsked | None = None

    def told(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give it as the verbs take it, made for whom it may be."""
        return {"tracks": [{"track_id": each.track_id} for each in self.tracks], "request": dict(fields)}


_LIST: dict[str, Any] = {
    "tracks": [{"track_id": "demo:track/1"}, {"track_id": "demo:track/2"}],
    "request": {"count": 2},
}


class ShowAsked(Body):
    """A list to be looked at as it stands."""

    model_config = shown({"playlist": _LIST})

    playlist: ListGiven


class EditAsked(Body):
    """What of a list is pinned, removed and kept; the rest is made anew."""

    model_config = shown({"playlist": _LIST, "remove": ["demo:track/1"]})

    playlist: ListGiven
    pin: Mapping[int, Name] | None = Field(None, description="tracks by position, from 1")
    remove: Names | None = Field(None, description="tracks that go, and do not come back")
    keep: Names | None = Field(None, description="tracks that stay, while all others are made anew")
    seed: int | None = Field(None, ge=0, lt=1 << 53)


class ResizeAsked(Body):
    """Another length."""

    model_config = shown({"playlist": _LIST, "count": 3})

    playlist: ListGiven
    minutes: float | None = Field(None, gt=0, le=1440)
    count: int | None = Field(None, ge=1, le=500)
    played: int | None = Field(None, ge=0, le=500, description="so many of its tracks were played, and stay")


class ExtendAsked(Body):
    """What to go on with."""

    model_config = shown({"playlist": _LIST, "count": 2})

    playlist: ListGiven | Name = Field(description="a list, or the name of a stored one")
    minutes: float | None = Field(None, gt=0, le=1440, description="so much more")
    count: int | None = Field(None, ge=1, le=500, description="so many tracks more")
    threshold: float | None = Field(None, ge=0, le=1, description="only what is so much like a track of the list")
    asked: PlaylistAsked | None = Field(None, description="of what comes, instead of what the list was made with")


class AppendAsked(Body):
    """What is written behind a stored list."""

    model_config = shown({"playlist_id": "ml:Sunday", "tracks": ["demo:track/1"], "name": "Long Sunday"})

    playlist_id: Name
    tracks: Names = Field(min_length=1, max_length=500)
    name: Name | None = Field(None, description="keeps the whole under this name, and leaves the list as it is")


class OrderAsked(Body):
    """Tracks to be put in a better order."""

    model_config = shown({"tracks": ["demo:track/1", "demo:track/2"], "arc": "wave"})

    tracks: Names = Field(min_length=2, max_length=500)
    arc: Name | list[float] | None = None
    language: Tongue | None = None


class PathAsked(Body):
    """From one track to another, each step a small one."""

    model_config = shown({"start": "demo:track/1", "end": "demo:track/2", "count": 5})

    start: Name
    end: Name
    count: int = Field(10, ge=3, le=100)
    language: Tongue | None = None


class SaveAsked(Body):
    """Tracks to be kept as a list."""

    model_config = shown({"name": "Sunday", "tracks": ["demo:track/1", "demo:track/2"]})

    name: Name
    tracks: Names = Field(min_length=1, max_length=500)
    user_id: Name | None = Field(None, description="whose it is; left out, nobody's, or a listener's own")


class RecipeAsked(Body):
    """A request that lists are made of again and again."""

    model_config = shown({"name": "my day", "playlist": {"mood": "calm", "count": 5}})

    name: Name
    playlist: PlaylistAsked
    rhythm: Literal["daily", "weekly"] = "daily"
    avoid: int = Field(1, ge=0, le=52, description="of so many of the last lists it takes no track")
    replace: bool = Field(False, description="whether one of the name makes way")


class RefreshAsked(Body):
    """A recipe, and a day of its list's time."""

    model_config = shown({"name": "my day"})

    name: Name
    user_id: Name | None = Field(None, description="whose recipe; left out, nobody's, or a listener's own")
    on: date | None = Field(None, description="left out, today in UTC")
    again: bool = Field(False, description="whether to make the list anew though it is there")


#: Of servers of playlists: where they are, only the service's own environment says.
ServerKind = Literal["subsonic", "listenbrainz"]


class PushAsked(Body):
    """A stored playlist that is sent to a server."""

    model_config = shown({"name": "Sunday", "server": "subsonic"})

    name: Name = Field(description="of the playlist, or its outside id")
    server: ServerKind
    title: Name | None = Field(None, description="another one, there")
    public: bool = Field(False, description="whether others may see one that is created there")


class PullAsked(Body):
    """A playlist that is fetched from a server."""

    model_config = shown({"name": "Sunday", "server": "subsonic"})

    name: Name = Field(description="title or id of the playlist there")
    server: ServerKind

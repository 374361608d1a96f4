"""Lists that somebody hands in: a result, its JSON, or the name of a stored one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist

Given = Playlist | Mapping[str, Any]


def ids_of(playlist: Given) -> tuple[str, ...]:
    """Give the outside ids of a list's tracks, in order.

    Raises
    ------
    BadInput
        If it is no playlist.
    """
    if isinstance(playlist, Playlist):
        return tuple(track.track_id for track in playlist.tracks)
    given: object = playlist
    tracks = given.get("tracks") if isinstance(given, Mapping) else None
    if not isinstance(tracks, list | tuple):
        raise BadInput("this is no playlist: it has no tracks", "give what generate() gave, or its JSON")
    found = [track.get("track_id") if isinstance(track, Mapping | Result) else None for track in tracks]
    wrong = next((place for place, one in enumerate(found, start=1) if not isinstance(one, str) or not one), None)
    if wrong is not None:
        raise BadInput(f"track {wrong} of the playlist has no track_id", "give what generate() gave, or its JSON")
    return tuple(str(one) for one in found)


def request_of(playlist: Given, **changed: Any) -> PlaylistRequest:
    """Give what a list was made from, some of it changed.

    A new length in minutes takes the place of one in tracks, and the other way round.

    Raises
    ------
    BadInput
    """
    before: object = playlist.request if isinstance(playlist, Playlist) else playlist.get("request") or {}
    if not isinstance(before, Mapping):
        raise BadInput("the playlist's request is no mapping", "give what generate() gave, or its JSON")
    asked = {str(name): value for name, value in before.items()}
    for one, other in (("minutes", "count"), ("count", "minutes")):
        if changed.get(one) is not None:
            asked.pop(other, None)
    return PlaylistRequest.of(**asked | {name: value for name, value in changed.items() if value is not None})


def is_whole(value: object) -> bool:
    """Tell whether something is a whole number; truth values are none.

    >>> is_whole(3), is_whole(True), is_whole(3.0)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)

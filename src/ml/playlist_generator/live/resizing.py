"""A list made longer or shorter, or planned anew to another end."""

from __future__ import annotations

from ml.foundation.errors import BadInput
from ml.playlist_generator.live.given import Given, ids_of, is_whole, request_of
from ml.playlist_generator.live.planning import Around, Desk, impossible
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.words import say


def resize(
    desk: Desk, playlist: Given, *, minutes: float | None = None, count: int | None = None, played: int = 0
) -> Playlist:
    """Plan a list to another length.

    Parameters
    ----------
    desk : Desk
    playlist : Playlist or mapping
    minutes : float, optional
        Of the whole, what was played included.
    count : int, optional
    played : int
        So many tracks from the beginning have been played and stay; pins ahead stay too, and of the others those that
        still suit as well as others do.

    Raises
    ------
    BadInput
        If neither length is given or both are, more was played than there is, or what was played is longer already.
    """
    ids = ids_of(playlist)
    if (minutes is None) == (count is None):
        raise BadInput("a new length is minutes or a number of tracks", "give one of them: minutes=…, or count=…")
    if not is_whole(played) or not 0 <= played <= len(ids):
        raise BadInput(f"played = {played!r}", f"give a whole number from 0 to {len(ids)}: the list has so many tracks")
    request = request_of(playlist, minutes=minutes, count=count)
    rows = desk.rows(ids)
    held = [row for row in rows[:played] if row is not None]
    ahead = {row for row in rows[played:] if row is not None}
    durations = desk.tracks.ground.duration_ms
    passed_ms = int(durations[held].sum()) if held else 0
    too_long = request.minutes is not None and passed_ms > request.minutes * 60_000 + request.tolerance_s * 1000
    if too_long or (request.count is not None and len(held) > request.count):
        raise BadInput(
            f"{len(held)} tracks of {passed_ms / 60_000:.1f} minutes were played already",
            "ask for at least as much: the length is that of the whole list",
        )
    gone = played - len(held)
    around = Around(
        places=dict(enumerate(held)),
        name="played",
        fit={"stay": desk.within(ahead)} if ahead else {},
        notices=(say("gone", n=gone),) if gone else (),
    )
    found = desk.plan(request, around)
    if found is None:
        raise impossible()
    return found.playlist

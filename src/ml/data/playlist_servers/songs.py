"""The song of a Subsonic server that an entry of a playlist is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ml.data.identity.candidates import DURATION_TOLERANCE_MS
from ml.data.identity.names import main_credit, main_title, match_key
from ml.data.importers.playlist_entry import PlaylistEntry

#: Gives the songs that a server finds for some words.
Search = Callable[[str], Sequence[dict[str, Any]]]


def text_of(value: Any) -> str | None:
    """Take what a server gives as a text, if it is one and holds something."""
    return value.strip() or None if isinstance(value, str) else None


def entry_of(song: dict[str, Any], outside_id: str) -> PlaylistEntry:
    """Read a song; its path is the server's own affair and not taken."""
    isrcs = song.get("isrc")
    seconds = song.get("duration")
    return PlaylistEntry(
        title=text_of(song.get("title")),
        artist=text_of(song.get("artist")),
        album=text_of(song.get("album")),
        duration_ms=seconds * 1000 if isinstance(seconds, int) and 0 < seconds < 10**9 else None,
        isrc=next((text for one in (isrcs if isinstance(isrcs, list) else [isrcs]) if (text := text_of(one))), None),
        mbid=(text_of(song.get("musicBrainzId")) or "").lower() or None,
        outside_ids=(outside_id,),
    )


def find_song(entry: PlaylistEntry, search: Search) -> str | None:
    """Find the id of the song that an entry is: by ISRC, MusicBrainz id, or names and length, in this order.

    Titles are searched together with the artist first, then alone. Of recordings of one name, the one of the same
    length is taken; one whose length differs by more than three seconds is another.
    """
    if not entry.title:
        return None
    title, artist = main_title(entry.title), main_credit(entry.artist or "")
    for words in dict.fromkeys((f"{title} {artist}".strip(), title)):
        ranked = [(rank, at, song) for at, song in enumerate(search(words)) if (rank := _rank(entry, song)) is not None]
        if ranked:
            return str(min(ranked, key=lambda one: one[:2])[2]["id"])
    return None


def _rank(entry: PlaylistEntry, song: dict[str, Any]) -> int | None:
    """Say how surely a song is an entry, 0 the surest; None where it is not."""
    other = entry_of(song, "song:id")
    if entry.isrc and entry.isrc == other.isrc:
        return 0
    if entry.mbid and entry.mbid == other.mbid:
        return 1
    if not _named_alike(entry, other, _artists(song)):
        return None
    if entry.duration_ms is None or other.duration_ms is None:
        return 3
    return 2 if abs(entry.duration_ms - other.duration_ms) <= DURATION_TOLERANCE_MS + 500 else None


def _artists(song: dict[str, Any]) -> Iterable[str]:
    several = song.get("artists")
    named = [one.get("name") for one in several if isinstance(one, dict)] if isinstance(several, list) else []
    yield from filter(None, map(text_of, (*named, song.get("artist"), song.get("displayArtist"))))


def _named_alike(entry: PlaylistEntry, other: PlaylistEntry, artists: Iterable[str]) -> bool:
    wanted = match_key("track", entry.title or "", entry.artist)
    if not other.title:
        return False
    if not entry.artist:
        return wanted == match_key("track", other.title, None)
    return any(wanted == match_key("track", other.title, artist) for artist in artists)

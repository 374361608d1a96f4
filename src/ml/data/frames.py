"""The frames that pass between a reader of foreign files and the store.

An importer, the demo world and a program that records a listen all speak these
columns. They are *described* things: the outside ids and names that a file gives.
Turning descriptions into keys is the work of :mod:`ml.data.identity`.

Conventions
-----------
- Outside ids are ``source:id`` strings (``spotify:track:4uLU…``, ``hetrec:user/2``).
- Times are UTC in milliseconds since 1970 (``Int64``); durations are ``_ms``.
- A frame may leave out any column it has nothing for; :func:`conform` adds them as nulls.
- ``line`` is the line (or entry) of the file that a row came from, counted from 1, so that
  a row refused later can still be named. It may be null.
- ``kind`` is ``"track"`` or ``"artist"``; null means track. For an artist, ``title`` is
  the name and ``artist`` is null.
"""

from __future__ import annotations

import polars as pl

Schema = dict[str, pl.DataType]

S, N, B, F = pl.String(), pl.Int64(), pl.Boolean(), pl.Float64()

#: How any row names the item that it is about.
ITEM: Schema = {
    "kind": S,  # "track" | "artist"
    "item_id": S,  # outside id, or null where the source has none
    "title": S,  # the track's title, or the artist's name
    "artist": S,  # the credit as it was written: "A feat. B & C"
    "album": S,
    "duration_ms": N,
    "isrc": S,
    "mbid": S,  # MusicBrainz recording id (track) or artist id (artist)
}

#: One row a listen with a date.
LISTENS: Schema = ITEM | {
    "line": N,
    "user_id": S,
    "listened_at": N,  # when the listen *started*
    "precision_ms": N,  # 1000 where the source gives seconds, 60000 for minutes; null means 1000
    "ms_played": N,
    "skipped": B,
    "incognito": B,  # a private session: kept, but outside the profile
    "shuffle": B,
    "reason_start": S,
    "reason_end": S,
    "device": S,
    "activity": S,
    "artist_mbids": pl.List(pl.String()),  # one for each credited artist, where the source gives them
}

#: One row a listener and an item with a total and no dates; a total replaces the one it repeats.
COUNTS: Schema = ITEM | {"line": N, "user_id": S, "plays": N}

#: One row an item of a catalogue.
ITEMS: Schema = ITEM | {
    "line": N,
    "year": N,
    "language": S,  # ISO 639-1
    "explicit": B,
    "country": S,  # of an artist
    "genres": pl.List(pl.String()),
    "artist_mbids": pl.List(pl.String()),
}

#: One row a tag on an item, by a listener where ``user_id`` is given.
TAGS: Schema = ITEM | {"line": N, "tag": S, "user_id": S, "tagged_at": N}

#: One row a feature of a track's sound: ``tempo_bpm``, ``energy`` in [0, 1], …
FEATURES: Schema = ITEM | {"line": N, "extractor": S, "version": S, "feature": S, "value": F}

#: One row a listener's profile: personal data, kept apart from the listens.
PROFILES: Schema = {
    "line": N,
    "user_id": S,
    "name": S,
    "gender": S,  # as the source writes it, lower case
    "age": N,
    "country": S,
    "registered_at": N,
}

#: One row a friendship; stored in both directions.
FRIENDS: Schema = {"line": N, "user_id": S, "friend_id": S}

#: One row an entry of a playlist, in order of ``position`` from 0.
PLAYLISTS: Schema = ITEM | {
    "line": N,
    "playlist_id": S,
    "playlist": S,  # its name
    "user_id": S,  # its owner, or null
    "position": N,
    "path": S,  # the file that an M3U names, resolved against the playlist's folder
}

#: One row an audio file on disk.
FILES: Schema = ITEM | {
    "line": N,
    "path": S,  # absolute
    "content_hash": S,  # of the sound alone: tags and artwork left out
    "size_bytes": N,
    "modified_at": N,
    "track_gain_db": F,  # ReplayGain
    "album_gain_db": F,
    "artwork": S,  # "embedded", or the absolute path of the folder's picture
    "lyrics": S,
    "lyrics_synced": B,
}

#: Every frame by name, in the order in which a batch is loaded.
FRAMES: dict[str, Schema] = {
    "profiles": PROFILES,
    "items": ITEMS,
    "files": FILES,
    "listens": LISTENS,
    "counts": COUNTS,
    "tags": TAGS,
    "features": FEATURES,
    "friends": FRIENDS,
    "playlists": PLAYLISTS,
}


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Give a frame exactly the columns of a schema, in its order.

    Missing columns become nulls; a column the schema does not know is a fault of the
    importer.

    Raises
    ------
    ValueError
        If the frame has a column that the schema does not name.

    Examples
    --------
    >>> conform(pl.DataFrame({"user_id": ["a"], "friend_id": ["b"]}), FRIENDS).columns
    ['line', 'user_id', 'friend_id']
    """
    unknown = set(frame.columns) - set(schema)
    if unknown:
        raise ValueError(f"columns no schema knows: {sorted(unknown)}")
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    )

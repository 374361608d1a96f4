"""Where something is stored of a listener, by their key."""

from __future__ import annotations

from ml.data.schema import (
    blocks,
    drafts,
    exposures,
    feedback,
    listens,
    outcomes,
    play_counts,
    playlist_recipes,
    playlists,
    subjects,
    tags,
)

#: Tables with a column ``user_key``, as an export calls them. What is long is read in pages along the primary key.
OWN = {
    "listens": listens,
    "play_counts": play_counts,
    "feedback": feedback,
    "blocks": blocks,
    "tags": tags,
    "exposures": exposures,
    "drafts": drafts,
    "outcomes": outcomes,
}
#: Those that are read and erased in ways of their own: profile, playlists with their entries, recipes; and friendships,
#: which are of two.
APART = {"profile": subjects, "playlists": playlists, "playlist_recipes": playlist_recipes}

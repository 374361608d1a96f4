"""Playlists whose constraints hold, and whose tracks lead to each other.

:class:`PlaylistGenerator` (``EnhancedPlaylistGenerator`` is its second name) makes lists of the tracks of a workspace.

Conventions
-----------
- What is asked is either a *demand*, which holds or is said not to (length, gaps, bounds, genres, shares), or says how
  well a track *suits* (mood, activity, seeds, taste), or how the list *flows* (transitions, arc).
- A list costs the weighed mean of what its tracks lack in fit, of its transitions and of its distance from the arc, in
  [0, 1]. With ``effort="best"`` the answer has a bound that no list of the considered tracks is below.
- Demands that cannot be met together are named, as few as that, with what would have to give.
- The same seed, data and request give the same list.
- Tempo in BPM, loudness in LUFS, lengths of lists in minutes, of tracks in seconds.
"""

from ml.playlist_generator.choices import Choice, Choices
from ml.playlist_generator.generator import PlaylistGenerator
from ml.playlist_generator.holding.conflicts import Conflict, Relaxation
from ml.playlist_generator.live.differences import Change, Difference
from ml.playlist_generator.live.extending import Extension
from ml.playlist_generator.live.radio import Radio
from ml.playlist_generator.live.recipes import Recipe
from ml.playlist_generator.live.refreshing import Refreshed
from ml.playlist_generator.live.saving import Saved
from ml.playlist_generator.parts import GeneratorParts, Scores, Tastes
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Constraint, ListenerShare, Playlist, PlaylistTrack, Reordering

EnhancedPlaylistGenerator = PlaylistGenerator

__all__ = [
    "Change",
    "Choice",
    "Choices",
    "Conflict",
    "Constraint",
    "Difference",
    "EnhancedPlaylistGenerator",
    "Extension",
    "GeneratorParts",
    "ListenerShare",
    "Playlist",
    "PlaylistGenerator",
    "PlaylistRequest",
    "PlaylistTrack",
    "Radio",
    "Recipe",
    "Refreshed",
    "Relaxation",
    "Reordering",
    "Saved",
    "Scores",
    "Tastes",
]

"""Single tracks: what is known of one, where it can be heard, what it is like.

Conventions
-----------
- A track is named by an outside id or its exact name; a scanned file that is no item of the catalogue by ``file:`` and
  the hash of its sound.
- Nothing here speaks of listeners: plays are those of everybody together.

Verbs
-----
``facts``, ``file``, ``analysis``, ``similar`` of :class:`Tracks`.
"""

from ml.app.tracks.results import (
    Bands,
    Envelope,
    SimilarToTrack,
    SimilarTracks,
    TrackAnalysis,
    TrackFacts,
)
from ml.app.tracks.tracks import Tracks

__all__ = ["Bands", "Envelope", "SimilarToTrack", "SimilarTracks", "TrackAnalysis", "TrackFacts", "Tracks"]

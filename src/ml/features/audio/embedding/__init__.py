"""One vector for a whole track: what it sounds like, for similarity and for models that learn labels.

Conventions
-----------
- The vector is made of named blocks (:data:`BLOCKS`), each from curves that the one pass has collected anyway; nothing
  in it was learnt from anybody's recordings.
- It does not change with gain, and next to nothing of it with length or key: levels are beside the track's own, chroma
  is described by what transposition leaves alone. Tempo and the spectrum are meant to change it.
- Numbers have the units of what they measure. Whoever compares tracks standardises them first.
- Silence, and less than :data:`SHORTEST_S` of sound, has no vector.
- :data:`VERSION` rises with every change of a value or of a place.
"""

from ml.features.audio.embedding.embedding import BLOCKS, SHORTEST_S, SIZE, VERSION, block_of, track_embedding

__all__ = ["BLOCKS", "SHORTEST_S", "SIZE", "VERSION", "block_of", "track_embedding"]

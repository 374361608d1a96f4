"""The library as a map: every track or artist a point, near what is listened to by the same people, or sounds alike.

Conventions
-----------
- A map is *by* ``"listening"``, by the vectors of a model that is in use, or by ``"sound"``, by the embeddings of
  analysed files, and of one *kind*, ``"track"`` or ``"artist"``. What has no vector has no place, and is counted.
- It is laid out once and kept in the folder ``indexes/map``, one file for each, with the version of what its vectors
  came from. A map of other models than those in use is stale, says so, and is shown all the same.
- What is said of a point (name, genre, year, tempo) is read from the store when the map is looked at.
- Points come in the order of plays, the most played first; places are whole numbers from 0 to 65,535, to one scale.
- A *region* is where points are dense, found at three grains; its name is what sets its points apart.
"""

from ml.library_map.atlas import BY, KINDS, Atlas
from ml.library_map.parts import MapParts, Sounds
from ml.library_map.results import Built, Choice, LibraryMap, Region

__all__ = ["BY", "KINDS", "Atlas", "Built", "Choice", "LibraryMap", "MapParts", "Region", "Sounds"]

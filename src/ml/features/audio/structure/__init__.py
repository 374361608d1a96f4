"""Where a sound turns to other material, and where the same comes again.

A sound is cut at its beats (:mod:`~ml.features.audio.structure.units`); a checkerboard kernel along the diagonal of the
similarity of all beats finds where it changes (Foote, "Automatic audio segmentation using a measure of audio novelty",
2000); what lies between is clustered, and the likeliest path through the clusters draws the borders anew.

Conventions
-----------
- Units are stretches between edges, in seconds, about a beat each; what is said of them has one row a unit.
- Memory grows by a few hundred bytes a unit, and there are at most
  :data:`~ml.features.audio.structure.units.MOST_UNITS` or so.
"""

from ml.features.audio.structure.materials import Materials, find_materials
from ml.features.audio.structure.units import Units, describe, unit_edges

__all__ = ["Materials", "Units", "describe", "find_materials", "unit_edges"]

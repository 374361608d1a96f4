"""Exposure of groups of artists: who is head and tail, and rankings that give a group its share.

Conventions
-----------
- The *head* are the most popular artists that take a fifth of what is heard, the *tail* the least popular that take a
  fifth, *mid* is between. What is heard is counted in pairs of a listener and an item, so that nobody's repeats count.
- A bound is on the share of places; the amortised form is on the share of exposure, discounted by the place.
- What is asked for may be out of reach: then as much as there is is given, and whoever asks is told.
"""

from __future__ import annotations

from ml.models.exposure.bounds import Bound, Placed, constrained, rerank
from ml.models.exposure.prices import Priced, amortise
from ml.models.exposure.tiers import TIERS, tiers

__all__ = ["TIERS", "Bound", "Placed", "Priced", "amortise", "constrained", "rerank", "tiers"]

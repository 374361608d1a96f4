"""How many plays a word counts as.

No public history has likes beside plays, and the demo world has none: the numbers are choices of ours, not
measurements. A like is more than any single play, and less than a favourite that is played for months; whoever puts a
track on a playlist will hear it again. A seek backwards is hearing a part of a track twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: By kind of feedback, in plays.
PLAYS: Mapping[str, float] = MappingProxyType({"like": 5.0, "add_to_playlist": 3.0, "seek": 0.5})

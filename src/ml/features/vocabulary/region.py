"""Which sound suits a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A box in the space of sounds.

    Parameters
    ----------
    bounds : mapping of str to (float, float)
        By feature, in its own unit: the stretch that suits, ends included. ``energy``, ``valence``,
        ``acousticness``, ``instrumentalness`` and ``danceability`` lie in [0, 1], ``tempo_bpm`` is in BPM.
    source : str
        The publication that says so.
    """

    bounds: Mapping[str, tuple[float, float]]
    source: str

    def distance(self, feature: str, value: float) -> float:
        """Tell how far a value lies outside, in the feature's own unit; 0 inside.

        >>> Region({"tempo_bpm": (120, 140)}, "…").distance("tempo_bpm", 105.0)
        15.0
        """
        low, high = self.bounds[feature]
        return max(low - value, value - high, 0.0)

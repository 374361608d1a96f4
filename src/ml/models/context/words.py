"""How an item sounds, in words that its measured features bear out."""

from __future__ import annotations

from collections.abc import Mapping

from ml.features.vocabulary import Region

# By feature: what is said above and below.
_SAID: Mapping[str, tuple[float, str, float, str]] = {
    "energy": (0.6, "energetic", 0.4, "gentle"),
    "valence": (0.6, "bright", 0.4, "dark"),
    "acousticness": (0.6, "acoustic", -1.0, ""),
    "instrumentalness": (0.5, "without words", -1.0, ""),
    "danceability": (0.6, "danceable", -1.0, ""),
}


def in_words(sound: Mapping[str, float], region: Region) -> list[str]:
    """Say in which respects a sound lies in a region.

    Parameters
    ----------
    sound : mapping of str to float
        Known features, in their own units.
    region : ml.features.vocabulary.Region

    Examples
    --------
    >>> region = Region({"tempo_bpm": (120, 140), "energy": (0.65, 1.0)}, "…")
    >>> in_words({"tempo_bpm": 131.7, "energy": 0.9, "valence": 0.9}, region)
    ['energetic', '132 BPM']
    >>> in_words({"tempo_bpm": 90.0}, region)
    []
    """
    said = []
    for feature, (above, high, below, low) in _SAID.items():
        if feature in region.bounds and feature in sound and region.distance(feature, sound[feature]) == 0:
            value = sound[feature]
            said += [high] if value >= above else [low] if value <= below else []
    tempo = sound.get("tempo_bpm")
    if tempo is not None and "tempo_bpm" in region.bounds and region.distance("tempo_bpm", tempo) == 0:
        said.append(f"{tempo:.0f} BPM")
    return said

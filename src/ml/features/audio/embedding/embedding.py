"""The vector itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ml.features.audio.chroma import Chroma
from ml.features.audio.curves import SpectralCurves
from ml.features.audio.embedding import fluctuation, harmonic, levels, temporal, timbre
from ml.features.audio.framing import Floats
from ml.features.audio.rhythm import Rhythm

#: Rises whenever a value or a place changes: vectors of two versions are never compared.
VERSION = 2
#: Less sound than this, in seconds, has no vector.
SHORTEST_S = 1.0

_SIZES = {
    "cepstral": 79,
    "spectral": 26,
    "bands": 72,
    "rises": 48,
    "correlations": 66,
    "fluctuation": 108,
    "harmonic": 38,
    "rhythmic": 8,
    "dynamic": 12,
}
SIZE = sum(_SIZES.values())


def _places() -> dict[str, slice]:
    ends = np.cumsum(list(_SIZES.values())).tolist()
    return {name: slice(end - size, end) for (name, size), end in zip(_SIZES.items(), ends, strict=True)}


#: Where each block lies.
BLOCKS: Mapping[str, slice] = _places()


def track_embedding(curves: SpectralCurves, chroma: Chroma, rhythm: Rhythm) -> Floats | None:
    """Describe a track by one vector.

    Parameters
    ----------
    curves : SpectralCurves
        Of 128 mel bands.
    chroma : Chroma
    rhythm : Rhythm

    Returns
    -------
    float32 [shape=(SIZE,)] or None
        None for silence, and for less than :data:`SHORTEST_S` of sound.
    """
    sounding = curves.sounding()
    if sounding.sum() < SHORTEST_S * curves.framing.frames_per_s:
        return None
    level = levels.relative_levels(curves)
    parts = {
        "cepstral": timbre.cepstral(level, sounding),
        "spectral": timbre.spectral(curves),
        "bands": timbre.bands(level, sounding),
        "rises": timbre.rises(level),
        "correlations": timbre.correlations(level, sounding),
        "fluctuation": fluctuation.fluctuation(level, curves.framing),
        "harmonic": harmonic.harmonic(chroma),
        "rhythmic": temporal.rhythmic(rhythm, len(curves.rms) / curves.framing.frames_per_s),
        "dynamic": temporal.dynamic(curves),
    }
    vector = np.empty(SIZE, dtype=np.float32)
    for name, place in BLOCKS.items():
        vector[place] = parts[name]
    return vector


def block_of(index: int) -> str:
    """Name the block that a place of the vector lies in.

    >>> block_of(0), block_of(SIZE - 1)
    ('cepstral', 'dynamic')
    """
    return next(name for name, place in BLOCKS.items() if place.start <= index < place.stop)

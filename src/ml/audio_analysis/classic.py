"""The thirteen fields of Spotify's audio features, by the same names and in the same ranges.

Conventions
-----------
- What is measured is filled in; what would have to be learnt and has no truth behind it is None, not a guess:
  ``acousticness``, ``instrumentalness``, ``liveness``, ``speechiness``. ``valence`` is what a trained head says.
- ``docs/audio.md`` has a card for each field: how it is made, and how good it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml.features.audio.embedding import BLOCKS
from ml.features.keys import NAMES
from ml.foundation.results import Result

#: Where energy begins and ends to rise: loudness in LUFS, onsets a second, centroid in octaves above 100 Hz (500 to
#: 4,000 Hz). Set by what is usual in recordings, fitted to nothing.
_RAMPS = ((-30.0, -8.0), (0.5, 8.0), (2.32, 5.32))
_ONSETS, _CENTROID = BLOCKS["rhythmic"].start + 2, BLOCKS["spectral"].start


@dataclass(frozen=True, slots=True)
class ClassicFeatures(Result):
    """The thirteen fields.

    Parameters
    ----------
    acousticness, instrumentalness, liveness, speechiness : float in [0, 1] or None
        None: nothing here measures them.
    danceability : float in [0, 1] or None
    energy : float in [0, 1] or None
        :func:`energy_of`.
    loudness : float or None
        In dB: the integrated loudness in LUFS.
    valence : float in [0, 1] or None
        What a trained head says; None without one, or where it learnt another scale.
    tempo : float or None
        In BPM.
    key : int
        0 for C to 11 for B; -1 where there is none.
    mode : int or None
        1 major, 0 minor.
    time_signature : int or None
        3 to 7: the upper number of 3/4, 4/4, 5/4, 6/8, 7/8.
    duration_ms : int
    """

    acousticness: float | None
    danceability: float | None
    energy: float | None
    instrumentalness: float | None
    liveness: float | None
    loudness: float | None
    speechiness: float | None
    valence: float | None
    tempo: float | None
    key: int
    mode: int | None
    time_signature: int | None
    duration_ms: int


def classic_features(
    *,
    duration_s: float,
    loudness_lufs: float | None,
    tempo_bpm: float | None,
    key: str | None,
    mode: str | None,
    time_signature: str | None,
    embedding: Sequence[float] | None,
    valence: float | None = None,
    danceability: float | None = None,
) -> ClassicFeatures:
    """Put the fields together from those of an analysis.

    Examples
    --------
    >>> found = classic_features(duration_s=2.0, loudness_lufs=-9.5, tempo_bpm=None, key="Db", mode="minor",
    ...                          time_signature="6/8", embedding=None)
    >>> found.key, found.mode, found.time_signature, found.duration_ms, found.energy
    (1, 0, 6, 2000, None)
    """
    return ClassicFeatures(
        acousticness=None,
        danceability=danceability,
        energy=energy_of(loudness_lufs, embedding),
        instrumentalness=None,
        liveness=None,
        loudness=loudness_lufs,
        speechiness=None,
        valence=valence if valence is not None and 0.0 <= valence <= 1.0 else None,
        tempo=tempo_bpm,
        key=-1 if key is None else NAMES.index(key),
        mode=None if mode is None else int(mode == "major"),
        time_signature=None if time_signature is None else int(time_signature.partition("/")[0]),
        duration_ms=round(1000 * duration_s),
    )


def energy_of(loudness_lufs: float | None, embedding: Sequence[float] | None) -> float | None:
    """Give how intense a track is: the mean of how loud, how busy and how bright it is, each from 0 to 1.

    Loudness rises from -30 to -8 LUFS, onsets from 0.5 to 8 a second, the mean spectral centroid from 500 to 4,000 Hz
    in octaves. None where one of them is unknown.
    """
    if loudness_lufs is None or embedding is None:
        return None
    values: tuple[float, ...] = (loudness_lufs, embedding[_ONSETS], embedding[_CENTROID])
    shares = [(value - low) / (high - low) for value, (low, high) in zip(values, _RAMPS, strict=True)]
    return round(sum(min(1.0, max(0.0, share)) for share in shares) / len(shares), 3)

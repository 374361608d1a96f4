"""What a key's own chords say: which chords are to be expected in a key, and where the key changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.harmony.chords import NONE, likeliest_path
from ml.features.audio.framing import Floats

#: Chords of a key as semitones above the tonic, major and minor ones; minor has the dominants of both its scales.
_OWN = {False: ((0, 5, 7), (2, 4, 9)), True: ((3, 7, 8, 10), (0, 5, 7))}
#: How much less (as a logarithm) no chord is to be expected in music with a key than in what chords are fitted on:
#: much of that is no music.
_NO_CHORD = 2.0
#: How likely a chord is one of the key's own, how many frames count as one chord, how likely a frame changes the key.
_SHARE, _FRAMES, _CHANGE = 0.9, 20.0, 1e-4


def own_chords(key: int) -> list[int]:
    """List the chords of a key: triads of its scale, and the major dominant in minor.

    >>> own_chords(0), own_chords(21)  # C major, A minor
    ([0, 5, 7, 14, 16, 21], [0, 4, 5, 7, 21, 14, 16])
    """
    majors, minors = _OWN[key >= 12]
    return [(key + step) % 12 for step in majors] + [12 + (key + step) % 12 for step in minors]


def expected(probability: NDArray[np.float64]) -> Floats:
    """Give how much less a chord is to be expected for not being the key's own, or for being none, as a logarithm.

    Parameters
    ----------
    probability : float64 [shape=(24,)]
        Of each key; they sum to 1.

    Returns
    -------
    float32 <= 0 [shape=(25,)]
    """
    foreign = np.ones((24, NONE + 1))
    foreign[:, NONE] = _NO_CHORD
    for key in range(24):
        foreign[key, own_chords(key)] = 0.0
    return np.asarray(np.log(probability @ np.exp(-foreign)), dtype=np.float32)


def tonics_along(path: NDArray[np.intp], key: int) -> NDArray[np.intp]:
    """Give the tonic of each frame, by a hidden Markov model over the twelve tonics of the key's mode.

    The mode stays that of the whole: a change to the relative key shares all its chords, and cannot be told from them.

    Parameters
    ----------
    path : int [shape=(n_frames,)]
        Chords.
    key : int
        Of the whole: what it is where nothing speaks for a change.

    Examples
    --------
    >>> loop = np.repeat([0, 21, 5, 7], 22)  # C, A minor, F, G
    >>> lifted = np.repeat([2, 23, 7, 9], 22)
    >>> found = tonics_along(np.concatenate([np.tile(loop, 3), np.tile(lifted, 2)]), 0)
    >>> found[0].item(), found[-1].item(), int((np.diff(found) != 0).sum())
    (0, 2, 1)
    """
    minor = key >= 12
    likely = np.full((12, NONE + 1), np.log((1 - _SHARE) / (24 - 6 - minor)))
    for tonic in range(12):
        own = own_chords(tonic + 12 * minor)
        likely[tonic, own] = np.log(_SHARE / len(own))
    likely[:, NONE] = likely[:, :NONE].mean()
    scores = likely[:, path].T / _FRAMES
    scores[0] += np.where(np.arange(12) == key % 12, 0.0, np.log(_CHANGE))
    return likeliest_path(scores.astype(np.float32), 1.0 - _CHANGE)

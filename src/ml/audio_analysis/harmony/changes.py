"""Where the key changes: a hidden Markov model over the twelve tonics of the key's mode, which sees the chords.

The mode stays that of the whole: a change to the relative key shares all its chords, and cannot be told from them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.harmony.chords import NONE, likeliest_path

#: Chords of a key as semitones above the tonic, major and minor ones; minor has the dominants of both its scales.
_OWN = {False: ((0, 5, 7), (2, 4, 9)), True: ((3, 7, 8, 10), (0, 5, 7))}
#: How likely a chord is one of the key's own, how many frames count as one chord, how likely a frame changes the key.
_SHARE, _FRAMES, _CHANGE = 0.9, 20.0, 1e-4


def tonics_along(path: NDArray[np.intp], key: int) -> NDArray[np.intp]:
    """Give the tonic of each frame.

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
    majors, minors = _OWN[minor]
    for tonic in range(12):
        own = [(tonic + step) % 12 for step in majors] + [12 + (tonic + step) % 12 for step in minors]
        likely[tonic, own] = np.log(_SHARE / len(own))
    likely[:, NONE] = likely[:, :NONE].mean()
    scores = likely[:, path].T / _FRAMES
    scores[0] += np.where(np.arange(12) == key % 12, 0.0, np.log(_CHANGE))
    return likeliest_path(scores.astype(np.float32), 1.0 - _CHANGE)

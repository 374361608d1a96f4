"""A melody as a line: semitones along the time in which something sounds, rests left out.

Nobody hums in the key or the tempo of the record, or waits as long as it does between two phrases. A contour keeps how
pitch goes up and down and how long it stays; whoever compares two of them lets key and tempo be free.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import median_filter

from ml.features.audio.framing import Floats
from ml.features.audio.melody.tracking import PitchTrack

#: Values of a contour a second.
CONTOUR_RATE = 12.0
#: A pitch is what is held for so long: the median takes out glides and what is shorter.
_HELD_S = 0.1
#: What is farther from the median than this is another octave's, or none of the melody.
_FAR = 16.0


def contour_of(track: PitchTrack) -> Floats:
    """Give the contour of a pitch track, in semitones from its median.

    Parameters
    ----------
    track : PitchTrack

    Returns
    -------
    float32 [shape=(n,)]
        :data:`CONTOUR_RATE` values a second of what sounds.

    Examples
    --------
    >>> track = PitchTrack(24.0, np.array([60, 60, 60, 60, np.nan, 62, 62, 62, 62, 62, 62], dtype=np.float32))
    >>> contour_of(track).tolist()
    [-2.0, -2.0, 0.0, 0.0, 0.0]
    """
    pitch = track.pitch[track.voiced].astype(np.float64)
    if not len(pitch):
        return np.empty(0, dtype=np.float32)
    width = 2 * int(_HELD_S * track.frames_per_s / 2) + 1
    pitch = median_filter(pitch, size=width, mode="nearest") if width > 1 else pitch
    return _centred(stretched(pitch, len(pitch) / track.frames_per_s * CONTOUR_RATE))


def contour_of_notes(start_s: ArrayLike, end_s: ArrayLike, pitch: ArrayLike) -> Floats:
    """Give the contour of notes one after the other; a note ends where the next begins.

    Parameters
    ----------
    start_s, end_s, pitch : float [shape=(n_notes,)]
        In order of time; MIDI numbers.

    Examples
    --------
    >>> contour_of_notes([0.0, 0.5], [0.25, 1.0], [60.0, 64.0]).tolist()
    [-4.0, -4.0, -4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    start, end, notes = (np.asarray(one, dtype=np.float64) for one in (start_s, end_s, pitch))
    if not len(start):
        return np.empty(0, dtype=np.float32)
    length = np.maximum(np.minimum(end, np.append(start[1:], np.inf)) - start, 0.0)
    edges = np.concatenate(([0.0], np.cumsum(length)))
    n = max(1, round(float(edges[-1]) * CONTOUR_RATE))
    place = (np.arange(n) + 0.5) / n * edges[-1]
    return _centred(notes[np.searchsorted(edges[1:-1], place, side="right")])


def line_of(track: PitchTrack, rate: float) -> Floats:
    """Give a pitch track at another rate, rests and all, from its first pitch to its last.

    Parameters
    ----------
    track : PitchTrack
    rate : float
        Values a second.

    Returns
    -------
    float32 [shape=(n,)]
        Medians, from the median of the whole on; NaN where less than half has a pitch.

    Examples
    --------
    >>> track = PitchTrack(4.0, np.array([np.nan, np.nan, 60, 60, np.nan, np.nan, 64, 64, 60, 60], dtype=np.float32))
    >>> line_of(track, 2.0).tolist()
    [0.0, nan, 4.0, 0.0]
    """
    n = max(1, int(len(track.pitch) / track.frames_per_s * rate))
    found = np.full(n, np.nan, dtype=np.float32)
    for place, part in enumerate(np.array_split(track.pitch, n)):
        heard = part[np.isfinite(part)]
        if 2 * len(heard) >= len(part) > 0:
            found[place] = np.median(heard)
    heard_at = np.flatnonzero(np.isfinite(found))
    if not len(heard_at):
        return np.empty(0, dtype=np.float32)
    found = found[heard_at[0] : heard_at[-1] + 1]
    return np.asarray(found - np.nanmedian(found), dtype=np.float32)


def stretched(values: NDArray[np.floating], length: float) -> Floats:
    """Give a line in another number of values, each the mean of its share of the line.

    >>> stretched(np.array([0.0, 2.0, 4.0, 6.0]), 2).tolist()
    [1.0, 5.0]
    """
    n = max(1, round(length))
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    at = np.interp(np.linspace(0.0, len(values), n + 1), np.arange(len(values) + 1), sums)
    return (np.diff(at) * (n / len(values))).astype(np.float32)


def _centred(values: NDArray[np.floating]) -> Floats:
    from_median = values - np.median(values)
    return np.asarray(np.clip(from_median, -_FAR, _FAR), dtype=np.float32)

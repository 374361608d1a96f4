"""What leads in a mix: the pitch whose harmonics stand out most (Salamon and Gómez 2012, in the large).

Salience sums the harmonics that a pitch would have. :func:`pitch_of_lead` decides: a path through its peaks prefers
what stands out and goes on without leaps. Nothing here knows what an instrument is: where chords are louder than the
melody, they are followed. :func:`lead_salience` does not decide, and keeps what each semitone has: who knows a melody
can look whether it may be there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from ml.features.audio.framing import Floats, Framing
from ml.features.audio.melody.tracking import PitchTrack, best_path
from ml.features.audio.pitch import LOWEST, PLACES, SEMITONES, PitchCurves, pitches_of

LEAD_FRAMING = Framing(rate=22_050, size=8_192, hop=1_024)
#: Where melodies lie: G2 to A6.
LOWEST_LEAD, HIGHEST_LEAD = 43, 93
HARMONICS, FALL = 6, 0.7
CANDIDATES = 5
#: Frames a second of a salience that is kept.
SALIENCE_RATE = 4.0
#: A frame is judged by the strongest within so many seconds: loudness changes within a song.
_AROUND_S = 4.0
#: Chosen on rendered mixes of the open half.
_SEMITONE, _JUMP, _SWITCH, _SILENT = 0.02, 0.3, 0.15, 0.5


def pitch_of_lead(samples: Floats, framing: Framing = LEAD_FRAMING) -> PitchTrack:
    """Follow what leads in a mix.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]
        Mono, at the framing's rate.
    framing : Framing

    Returns
    -------
    PitchTrack
        To a third of a semitone, twenty times a second.
    """
    return lead_of(pitches_of(samples, framing))


def lead_of(curves: PitchCurves) -> PitchTrack:
    """Follow what leads, in the pitches of a mix."""
    rate = curves.framing.frames_per_s
    salience = salience_of(curves.spectra)
    if not len(salience) or not salience.max() > 0:
        return PitchTrack(rate, np.full(len(salience), np.nan, dtype=np.float32))
    peaks = np.where(salience >= maximum_filter1d(salience, 2 * PLACES - 1, axis=1), salience, 0.0)
    kept = np.argpartition(-peaks, CANDIDATES, axis=1)[:, :CANDIDATES]
    height = np.take_along_axis(peaks, kept, axis=1)
    strongest = maximum_filter1d(uniform_filter1d(height.max(axis=1), 5), max(1, int(_AROUND_S * rate)))
    share = height / np.maximum(strongest, 1e-9)[:, np.newaxis]
    cost = np.where(height > 0, 1.0 - share, np.inf).astype(np.float32)
    pitch = (LOWEST_LEAD + kept / PLACES).astype(np.float32)
    silence = np.full(len(cost), _SILENT, dtype=np.float32)
    return PitchTrack(rate, best_path(pitch, cost, silence, per_semitone=_SEMITONE, most=_JUMP, switch=_SWITCH))


def lead_salience(samples: Floats, framing: Framing = LEAD_FRAMING) -> NDArray[np.uint8]:
    """Give how much each semitone stands out of a mix, for those who look for a melody in it.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]
        Mono, at the framing's rate.
    framing : Framing

    Returns
    -------
    uint8 [shape=(n_frames, HIGHEST_LEAD - LOWEST_LEAD + 1)]
        :data:`SALIENCE_RATE` frames a second, from :data:`LOWEST_LEAD` on; 255 is what stands out most within some
        seconds. A semitone has the best of its three thirds, however the mix is tuned.
    """
    curves = pitches_of(samples, framing)
    fine, rate = salience_of(curves.spectra), curves.framing.frames_per_s
    n = max(1, int(len(fine) / rate * SALIENCE_RATE))
    edges = np.linspace(0, len(fine), n + 1).astype(int)[:-1]
    mean = np.add.reduceat(fine, edges, axis=0) / np.diff(np.append(edges, len(fine)))[:, np.newaxis]
    coarse = maximum_filter1d(mean, PLACES, axis=1)[:, ::PLACES]
    strongest = maximum_filter1d(uniform_filter1d(coarse.max(axis=1), 3), int(_AROUND_S * SALIENCE_RATE))
    share = coarse / np.maximum(strongest, 1e-9)[:, np.newaxis]
    return np.asarray(np.rint(255 * np.minimum(share, 1.0)), dtype=np.uint8)


def salience_of(spectra: Floats) -> Floats:
    """Give how much the harmonics of each pitch stand out.

    Parameters
    ----------
    spectra : float32 [shape=(n_frames, SEMITONES * PLACES + 1)]
        See :class:`ml.features.audio.pitch.PitchCurves`.

    Returns
    -------
    float32 >= 0 [shape=(n_frames, (HIGHEST_LEAD - LOWEST_LEAD) * PLACES + 1)]
        From :data:`LOWEST_LEAD` on.
    """
    level = np.sqrt(spectra)
    # What lies below its neighbourhood of an octave is no partial.
    level = np.maximum(level - uniform_filter1d(level, 12 * PLACES, axis=1), 0.0)
    pitches = np.arange(LOWEST_LEAD * PLACES, HIGHEST_LEAD * PLACES + 1)
    found = np.zeros((len(spectra), len(pitches)), dtype=np.float32)
    for harmonic in range(1, HARMONICS + 1):
        place = pitches + round(12 * PLACES * np.log2(harmonic)) - LOWEST * PLACES
        inside = place <= SEMITONES * PLACES
        found[:, inside] += np.float32(FALL ** (harmonic - 1)) * level[:, place[inside]]
    return found

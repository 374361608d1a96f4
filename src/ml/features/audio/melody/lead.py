"""What leads in a mix: the pitch whose harmonics stand out most (Salamon and Gómez 2012, in the large).

Salience sums the harmonics that a pitch would have; a path through its peaks prefers what stands out and goes on
without leaps. Nothing here knows what an instrument is: where chords are louder than the melody, they are followed.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from ml.features.audio.framing import Floats, Framing
from ml.features.audio.melody.tracking import PitchTrack, best_path
from ml.features.audio.pitch import LOWEST, PLACES, SEMITONES, PitchCurves, pitches_of

LEAD_FRAMING = Framing(rate=22_050, size=8_192, hop=1_024)
#: Where melodies lie: G2 to A6.
LOWEST_LEAD, HIGHEST_LEAD = 43, 93
HARMONICS, FALL = 6, 0.7
CANDIDATES = 5
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
    # Loudness changes within a song: a frame is judged by some seconds around it.
    strongest = maximum_filter1d(uniform_filter1d(height.max(axis=1), 5), max(1, int(4 * rate)))
    share = height / np.maximum(strongest, 1e-9)[:, np.newaxis]
    cost = np.where(height > 0, 1.0 - share, np.inf).astype(np.float32)
    pitch = (LOWEST_LEAD + kept / PLACES).astype(np.float32)
    silence = np.full(len(cost), _SILENT, dtype=np.float32)
    return PitchTrack(rate, best_path(pitch, cost, silence, per_semitone=_SEMITONE, most=_JUMP, switch=_SWITCH))


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

"""Which classes of pitch sound, along time, in three registers.

What is done: of the pitch spectrum, what lasts is kept and strokes are left out; it is moved to the sound's own tuning,
compressed (square root), and what does not stand out of its surroundings, an octave or so, is taken away, the rest
divided by how far the surroundings stray. Drums and noise are broad and mostly vanish; a telephone's band and a dull
mastering do too, as in Mauch and Dixon's whitening. Octaves are then folded, with weights around a low, a middle and a
high pitch.

References
----------
Mauch and Dixon, "Approximate note transcription for the improved identification of difficult chords" (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats, Framing
from ml.features.audio.medians import running_median
from ml.features.audio.pitch import LOWEST, PLACES, SEMITONES, PitchCurves

#: Centres of the registers and their widths, as MIDI numbers and semitones: D2, A3, D5.
REGISTERS = ((42.0, 5.0), (57.0, 6.0), (74.0, 9.0))
#: Frames (half a second) and places (three semitones) over which what lasts and what is broad are told apart.
_LASTING, _WIDE = 5, 9
#: Standard deviation of what counts as a pitch's surroundings, in semitones.
_AROUND = 6.0
#: Of the highest spread of a frame, what is added to all: what lies 60 dB lower does not count as if it were near.
_FLOOR = 0.03
#: Frames this far under the loudest are pauses: 60 dB of magnitude.
_PAUSE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Chroma:
    """Classes of pitch along time.

    Parameters
    ----------
    framing : Framing
    registers : float32 in [0, 1] [shape=(n_frames, 3, 12)]
        Low, middle, high; from C on, relative to the sound's tuning. Each is of length 1 or a little less, 0 in pauses.
    tuning_cents : float or None
        Off A = 440 Hz, in [-50, 50); None where no pitch is.
    agreement : float in [0, 1]
        How well spectral peaks agree about the tuning.
    clear_agreement : float in [0, 1]
        The same in the half of the frames where they agree most.
    """

    framing: Framing
    registers: Floats
    tuning_cents: float | None
    agreement: float
    clear_agreement: float

    def flat(self) -> Floats:
        """Give the registers side by side, a view [shape=(n_frames, 36)]."""
        return self.registers.reshape(len(self.registers), -1)

    def times_s(self) -> NDArray[np.float64]:
        """Give the frames' centres in seconds."""
        return self.framing.times_s(len(self.registers))


def chroma_of(curves: PitchCurves) -> Chroma:
    """Fold a pitch spectrum into classes of pitch.

    Parameters
    ----------
    curves : PitchCurves

    Examples
    --------
    >>> from ml.features.audio.pitch import pitches_of
    >>> found = chroma_of(pitches_of(np.sin(2 * np.pi * 220.0 * np.arange(22050) / 22050).astype(np.float32)))
    >>> found.registers.shape, found.registers[3, 1].argmax().item()  # A
    ((11, 3, 12), 9)
    """
    cents = curves.leaning.cents()
    spectra = moved(lasting(curves.spectra), (cents or 0.0) / 100.0)
    notes = whitened(np.sqrt(spectra))[:, : SEMITONES * PLACES : PLACES]
    level = spectra.sum(axis=1)
    notes[level <= _PAUSE * level.max(initial=0.0)] = 0.0
    octaves = notes.reshape(len(notes), SEMITONES // 12, 12)
    weights = _register_weights()
    folded = np.einsum("toc,roc->trc", octaves, weights, optimize=True)
    folded = np.roll(folded, LOWEST % 12, axis=2)
    length = np.linalg.norm(folded, axis=2, keepdims=True)
    least = 0.05 * length.max(axis=0, initial=0.0) + 1e-6
    registers = (folded / (length + least)).astype(np.float32)
    leaning = curves.leaning
    return Chroma(curves.framing, registers, cents, leaning.agreement(), leaning.clear_agreement())


def classes_sounding(curves: PitchCurves) -> float:
    """Give how many classes of pitch share the sound: under 2 for a tone, 3 or more for a chord.

    Returns
    -------
    float in [1, 12]
        Exponential of the entropy of mean magnitude; 1 for silence.

    Examples
    --------
    >>> from ml.features.audio.pitch import pitches_of
    >>> time = np.arange(22050) / 22050
    >>> waves = [np.sin(2 * np.pi * 440.0 * 2 ** (step / 12) * time).astype(np.float32) for step in (0, 4, 7)]
    >>> classes_sounding(pitches_of(waves[0])) < 2, classes_sounding(pitches_of(sum(waves))) > 3
    (True, True)
    """
    notes = moved(curves.spectra, (curves.leaning.cents() or 0.0) / 100.0)[:, : SEMITONES * PLACES : PLACES]
    classes = notes.mean(axis=0, dtype=np.float64).reshape(-1, 12).sum(axis=0)
    share = classes / max(float(classes.sum()), 1e-30)
    return float(np.exp(-(share * np.log(np.maximum(share, 1e-30))).sum()))


def lasting(spectra: Floats) -> Floats:
    """Give the share of pitch spectra that lasts and is narrow: without drums, mostly.

    Each place is weighed by its median over five frames beside its median over nine places, both squared (Fitzgerald,
    "Harmonic/percussive separation using median filtering", 2010).

    Parameters
    ----------
    spectra : float32 >= 0 [shape=(n_frames, n_places)]

    Examples
    --------
    >>> spectra = np.zeros((21, 21), dtype=np.float32)
    >>> spectra[:, 10], spectra[10, :] = 1.0, 1.0  # a tone and a stroke
    >>> lasting(spectra)[[3, 10], [10, 3]].tolist()
    [1.0, 0.0]
    """
    along = np.square(running_median(spectra, _LASTING, axis=0))
    across = np.square(running_median(spectra, _WIDE, axis=1))
    total = along + across
    kept: Floats = np.divide(spectra * along, total, out=np.zeros_like(spectra), where=total > 0)
    return kept


def moved(spectra: Floats, semitones: float) -> Floats:
    """Read pitch spectra that much higher, so that notes off A = 440 Hz lie at whole pitches.

    >>> moved(np.array([[0, 3, 0, 0]], dtype=np.float32), 1 / 3).tolist()
    [[3.0, 0.0, 0.0, 0.0]]
    """
    n_places = spectra.shape[1]
    place = np.arange(n_places) + semitones * PLACES
    low = np.floor(place).astype(np.intp)
    share = (place - low).astype(np.float32)
    found: Floats = spectra[:, np.clip(low, 0, n_places - 1)] * (1 - share)
    found += spectra[:, np.clip(low + 1, 0, n_places - 1)] * share
    return found


def whitened(spectra: Floats) -> Floats:
    """Give how far pitches stand out of their surroundings, in standard deviations of these, 0 where they do not."""
    around = _surroundings(spectra.shape[1])
    mean = spectra @ around
    above = spectra - mean
    spread = np.sqrt(np.square(above) @ around)
    spread += np.float32(_FLOOR) * spread.max(axis=1, keepdims=True, initial=0.0)
    # What is flat, as a click's spectrum is, has no peaks but those of rounding.
    spread += np.float32(1e-3) * mean + np.float32(1e-9)
    return np.asarray(np.maximum(above, np.float32(0)) / spread, dtype=np.float32)


@lru_cache(maxsize=4)
def _surroundings(n_places: int) -> Floats:
    """Give the matrix that takes weighted means around each place, columns of sum 1."""
    place = np.arange(n_places)
    weight = np.exp(-0.5 * np.square((place[:, np.newaxis] - place) / (_AROUND * PLACES)))
    return np.asarray(weight / weight.sum(axis=0), dtype=np.float32)


@lru_cache(maxsize=1)
def _register_weights() -> Floats:
    pitch = LOWEST + np.arange(SEMITONES, dtype=np.float64)
    weights = [np.exp(-0.5 * np.square((pitch - centre) / width)) for centre, width in REGISTERS]
    return np.asarray(weights, dtype=np.float32).reshape(len(REGISTERS), -1, 12)

"""What samples say of a sound: pure functions, without files and without models.

Conventions
-----------
- A spectral function takes a mono signal, float32 [shape=(n_samples,)], at the rate of its :class:`Framing`, or the
  stage before it: frames, power spectra, mel spectra. Time is the first axis, [shape=(n_frames, n_bins)]: the transpose
  of librosa's.
- The default framing is 22,050 Hz, 2048 samples, hop 512: 43 frames a second, 10.8 Hz a bin.
- One spectrogram serves all that have its framing: :class:`Spectrograms` gives it in batches to every
  :class:`Collector`, which keeps what it needs. What holds for the whole holds for a sound in pieces.
- Levels in dB are 10 log10 of power; full scale is 1. Loudness is :mod:`ml.features.audio.loudness`, rhythm
  :mod:`ml.features.audio.rhythm`.
- float32 throughout, no compilation at the first call.
"""

from ml.features.audio.cepstrum import delta, mfcc
from ml.features.audio.collecting import Collector, Spectrograms
from ml.features.audio.curves import CurveCollector, SpectralCurves, spectral_curves
from ml.features.audio.framing import FrameStream, Framing
from ml.features.audio.mel import MelFilters, decibels, hz_to_mel, mel_filters, mel_to_hz
from ml.features.audio.spectrum import Batch, SpectralStream, magnitude_of, power_spectrogram

__all__ = [
    "Batch",
    "Collector",
    "CurveCollector",
    "FrameStream",
    "Framing",
    "MelFilters",
    "SpectralCurves",
    "SpectralStream",
    "Spectrograms",
    "decibels",
    "delta",
    "hz_to_mel",
    "magnitude_of",
    "mel_filters",
    "mel_to_hz",
    "mfcc",
    "power_spectrogram",
    "spectral_curves",
]

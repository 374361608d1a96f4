"""Loudness by ITU-R BS.1770-4 and EBU R 128: integrated, momentary, short-term, range, true peak, ReplayGain 2.

Conventions
-----------
- Samples are float32 [shape=(n_samples, n_channels)] at the rate of the recording; 1 to 6 and 8 channels in the order
  of WAV have standard weights. A mono file is one loudspeaker: 3 LU softer than the same on two.
- Loudness is in LUFS, ranges in LU, peaks in dB of full scale (dBTP, dBFS).
- Rates begin at :data:`SLOWEST_HZ`.
- What has no loudness (silence, less than 400 ms; less than 3 s for short-term values and the range) has None, not a
  number.
- :class:`LoudnessMeter` takes a sound in pieces, :func:`measure_loudness` whole; they agree.
"""

from ml.features.audio.loudness.gating import integrated_lufs, range_lu, to_lufs, to_power
from ml.features.audio.loudness.meter import REPLAYGAIN_LUFS, Loudness, LoudnessMeter, measure_loudness
from ml.features.audio.loudness.peaks import TruePeak, true_peak
from ml.features.audio.loudness.weighting import SLOWEST_HZ, WEIGHTS, channel_weights, k_weighting

__all__ = [
    "REPLAYGAIN_LUFS",
    "SLOWEST_HZ",
    "WEIGHTS",
    "Loudness",
    "LoudnessMeter",
    "TruePeak",
    "channel_weights",
    "integrated_lufs",
    "k_weighting",
    "measure_loudness",
    "range_lu",
    "to_lufs",
    "to_power",
    "true_peak",
]

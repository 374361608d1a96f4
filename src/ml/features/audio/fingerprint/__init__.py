"""Landmark fingerprints: which recording an excerpt is of, under noise, compression, gain and a microphone's band.

What
----
Spectral peaks (:class:`PeakCollector`, from the shared spectrogram) are what noise leaves of a sound. Two peaks near
each other make a landmark: a hash of both frequencies and the time between them (:func:`landmarks`). An index
(:class:`FingerprintIndex`) knows in which track and when each landmark occurs; where many landmarks of an excerpt agree
on one track and one moment, the excerpt is from there (:class:`Match`).

Conventions
-----------
- Peaks are of the default framing (22,050 Hz, 2048, 512), 150 Hz to 3.4 kHz. Of a track up to 25 a second are kept and
  stored, two bytes or so each; of an excerpt up to 50, at four alignments a quarter of a hop apart, since an excerpt
  begins between two frames.
- A recording is known, not a song: a second take of the same song is another one. Speed and pitch have to be as they
  were, within some tenths of a per cent.
- What is not in the index is unknown: :meth:`FingerprintIndex.identify` gives no match then.

References
----------
Wang, "An industrial-strength audio search algorithm" (2003); Ellis, "Robust landmark-based audio
fingerprinting" (2009).
"""

from ml.features.audio.fingerprint.index import FingerprintIndex
from ml.features.audio.fingerprint.landmarks import landmarks
from ml.features.audio.fingerprint.matching import Match
from ml.features.audio.fingerprint.peaks import PEAKS_VERSION, PeakCollector, Peaks, peaks_of
from ml.features.audio.fingerprint.query import Query

__all__ = [
    "PEAKS_VERSION",
    "FingerprintIndex",
    "Match",
    "PeakCollector",
    "Peaks",
    "Query",
    "landmarks",
    "peaks_of",
]

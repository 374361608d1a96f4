"""Rhythm: when sounds begin, the tempo and its rivals, beats, bars.

What
----
Collectors keep mel bands of short frames and semitones of long ones (:mod:`ml.features.audio.rhythm.bands`); a small
network (:mod:`ml.features.audio.rhythm.network`), trained on rendered songs, hears attacks, beats, first beats, tempo
and metre in them; :func:`find_rhythm` puts a consistent whole together.

Conventions
-----------
- The beat is what a drummer counts; ``docs/audio-truth.md`` says how exactly, since that is what was learnt.
- A tempo has rivals, with probabilities; where there is no beat there is no tempo either.
- Times are in seconds, between frames where the sound says so.
"""

from ml.features.audio.rhythm.bands import MelCollector, SemitoneCollector
from ml.features.audio.rhythm.groove import Groove
from ml.features.audio.rhythm.rhythm import Rhythm, find_rhythm
from ml.features.audio.rhythm.tempo import TempoCandidate

__all__ = ["Groove", "MelCollector", "Rhythm", "SemitoneCollector", "TempoCandidate", "find_rhythm"]

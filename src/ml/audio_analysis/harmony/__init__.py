"""Keys and chords: what the classes of pitch of a sound mean.

:func:`harmony_of` takes the pitch curves of one pass over a sound and gives :class:`Harmony`. Numbers stand for keys
and chords inside (0 to 11 major, 12 to 23 minor, from C on), names outside.
"""

from ml.audio_analysis.harmony.harmony import ChordSpan, Harmony, KeyCandidate, KeyChange, harmony_of

__all__ = ["ChordSpan", "Harmony", "KeyCandidate", "KeyChange", "harmony_of"]

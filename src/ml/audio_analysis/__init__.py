"""What a track sounds like: loudness, spectrum, rhythm, key, chords, sections, and what heads say of it.

:class:`AudioAnalyzer` takes a file of any common form, bytes or an array, and gives :class:`AudioAnalysis`.
:class:`~ml.audio_analysis.library.AudioLibrary` keeps that of whole folders in a workspace.

Conventions
-----------
- Nothing is guessed: what cannot be said (the loudness of silence, the tempo of talk) is None, and what is not
  computed yet is no field.
- Loudness is measured at the sound's own rate and channels (ITU-R BS.1770-4, EBU R 128); spectra are of the mono mix
  at 22,050 Hz, 2048 samples a frame, 512 from one to the next (:data:`ml.audio_analysis.hearing.FRAMING`).
- A sound is read once, block by block (:mod:`ml.audio_analysis.hearing`): memory does not grow with its length, but for
  the curves along time (60 kB a second).
- ``problems`` says what is wrong with a sound that could be analysed all the same; what could not is an error. The
  codes are those of :mod:`ml.data.audio_files`, and two where nothing is said of loudness: ``unknown_layout``, as it
  has to know where the channels stand, and ``low_rate``, under 8,000 Hz.
- :class:`StreamAnalyzer` hears a sound while it arrives, and at its end says the same as of a file.
- Verbs: ``analyze``; ``await get_analysis`` and ``await get_audio_analysis`` run it in a worker thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.contract import get_audio_analysis
from ml.audio_analysis.harmony import ChordSpan, KeyCandidate, KeyChange
from ml.audio_analysis.results import AudioAnalysis, SpectralSummary, Waveform
from ml.audio_analysis.streaming import StreamAnalyzer, StreamUpdate
from ml.audio_analysis.structure import Section
from ml.features.audio.rhythm import Groove, TempoCandidate

if TYPE_CHECKING:
    from ml.audio_analysis.library import AudioLibrary

__all__ = [
    "AudioAnalysis",
    "AudioAnalyzer",
    "AudioLibrary",
    "ChordSpan",
    "Groove",
    "KeyCandidate",
    "KeyChange",
    "Section",
    "SpectralSummary",
    "StreamAnalyzer",
    "StreamUpdate",
    "TempoCandidate",
    "Waveform",
    "get_audio_analysis",
]


def __getattr__(name: str) -> Any:
    # Late: whoever analyses one file needs no database.
    if name == "AudioLibrary":
        from ml.audio_analysis.library import AudioLibrary

        return AudioLibrary
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Sounds: decoded from files, bytes and arrays, at any rate and with any number of channels.

Conventions
-----------
- Samples are float32 [shape=(n_samples, n_channels)], full scale 1; rates are in Hz.
- Content decides what a file is read as; a name that says something else is a problem, no obstacle.
- What cannot be read, or has no samples, or samples that are no numbers, is :class:`~ml.foundation.errors.BadInput`.
  What can be analysed all the same carries :class:`Problem`, by code:

  ====================== ====================================================================
  ``wrong_suffix``       the name ends like another form's
  ``truncated``          the file ends before its sound does
  ``damaged``            something in the middle is broken, and what could not be read is left out
  ``too_short``          under 400 ms, the shortest sound that has a loudness
  ``silent``             nothing above -80 dBFS
  ``clipped``            runs of samples at full scale, more than a limiter leaves
  ``dc_offset``          the mean is more than 1 % of full scale
  ``silent_channel``     a channel without a sound beside one with
  ``identical_channels`` two channels, one sound (mono in stereo)
  ``opposed_channels``   two channels that cancel each other in mono
  ====================== ====================================================================

- libsndfile (extra ``audio``) decodes WAV, FLAC, Ogg, Opus, MP3, AIFF. What it refuses (M4A, AAC, WMA, sound of
  videos), PyAV decodes where it is installed (extra ``pyav``), else an ``ffmpeg`` on the PATH.
- Behind damage in the middle a sound is read on, see :mod:`ml.data.audio_files.resuming`; how much of how much was
  heard is part of the message, and ``AudioReader.promised_s``.
- Decoding is lazy and in order: :class:`AudioReader` holds a block at a time, :func:`load` the whole.
"""

from ml.data.audio_files.excerpts import excerpt
from ml.data.audio_files.forms import printable
from ml.data.audio_files.loading import blocks, load
from ml.data.audio_files.problems import Problem
from ml.data.audio_files.reader import AudioReader, Source
from ml.data.audio_files.resampling import Resampler, resample
from ml.data.audio_files.signal import Signal, mixed_down

__all__ = [
    "AudioReader",
    "Problem",
    "Resampler",
    "Signal",
    "Source",
    "blocks",
    "excerpt",
    "load",
    "mixed_down",
    "printable",
    "resample",
]

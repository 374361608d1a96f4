"""Tags written into audio files: a few fields replaced, everything else as it was, byte for byte.

Conventions
-----------
- Fields are ``tempo`` (beats a minute), ``key`` (``"C"``, ``"F#m"``), ``gain`` (dB, ReplayGain 2), ``peak`` (1 is full
  scale), ``genre`` and ``mood``. A field has one text or several; each form writes it as its own standard wants.
- A file is written beside its place, read again, and takes the place in one step: the sound (the hash of
  :mod:`ml.data.importers.audio_payload`) is the same, the new values are there, and every other frame, comment,
  picture and chunk has the same bytes; else the file stays as it was. Time of change, mode, owner and extended
  attributes are kept. What names the same file by a hard link keeps the old tags.

========== ===============================================================================
MP3, AAC   ID3v2.3 or 2.4, as it is there; a new one is 2.3. ``TBPM`` and ``TKEY``, ``TCON``,
           ``TMOO`` (2.4), ``TXXX`` for the others. ID3v1 and APEv2 are left alone
FLAC, Ogg  Vorbis comments ``BPM``, ``INITIALKEY``, ``GENRE``, ``MOOD``,
           ``REPLAYGAIN_TRACK_GAIN`` and ``_PEAK``
Opus       the same, with ``R128_TRACK_GAIN`` for the gain and none for the peak (RFC 7845 §5.2.1)
M4A, MP4   ``tmpo``, ``©gen``, and ``----`` items of iTunes for the others
========== ===============================================================================

Others (WAV, AIFF, WMA, …) are not written.
"""

from ml.data.exporters.audio_tags.form import FIELDS, Fields, Unwritable
from ml.data.exporters.audio_tags.writing import current_tags, write_tags

__all__ = ["FIELDS", "Fields", "Unwritable", "current_tags", "write_tags"]

"""Decoding by libsndfile (soundfile): WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF and a dozen old forms."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from ml.data.audio_files.completeness import promises_length
from ml.data.audio_files.decoder import Material, Refused
from ml.data.audio_files.signal import Floats
from ml.foundation.extras import extra

#: More samples than any file has: libsndfile's word for not knowing.
_UNKNOWN = 1 << 62


class SoundFileDecoder:
    """Reads a sound through libsndfile; see :class:`ml.data.audio_files.decoder.Decoder`.

    Raises
    ------
    Refused
        If libsndfile does not know the form, or not this kind of it.
    ml.foundation.errors.MissingExtra
    """

    left_out = 0

    def __init__(self, material: Material) -> None:
        with extra("audio"):
            import soundfile

        class Onward(soundfile.SoundFile):  # type: ignore[misc]
            """Reads without going back: soundfile seeks after each read to where it is.

            To libmpg123 that is a jump, after which it misses bits of the frames before, and complains of a whole file;
            and behind a damaged page of Ogg it leads to another place.
            """

            def seekable(self) -> bool:
                return False

        self._fault = soundfile.LibsndfileError
        self.damage: str | None = None
        with material.opened() as stream:
            counted = promises_length(stream, material.form)
        self._stream = None if material.path else material.opened()
        try:
            # Names are bytes: one that is not UTF-8 could not be given as text.
            source = os.fsencode(material.path) if material.path else self._stream
            self._file: Any = Onward(source)
        except (self._fault, TypeError) as error:  # TypeError: headerless forms ask for what no file says
            raise Refused(_reason(error)) from error
        self.rate, self.n_channels = self._file.samplerate, self._file.channels
        self.form: str = self._file.format.lower()
        self.n_promised = self._file.frames if counted and self._file.frames < _UNKNOWN else None

    def pieces(self, size: int) -> Iterator[Floats]:
        """Read on, two seconds at most at a time."""
        size = min(size, 2 * self.rate)
        while True:
            # What was read before a fault is told from the rest by being numbers.
            piece: Floats = np.full((size, self.n_channels), np.nan, dtype=np.float32)
            try:
                piece = self._file.read(out=piece)
            except self._fault as error:
                self.damage = _reason(error)
                unread = np.isnan(piece[:, -1])
                piece = piece[: int(unread.argmax()) if unread.any() else size]
            if len(piece):
                yield piece
            if self.damage or not len(piece):
                return

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _reason(error: Exception) -> str:
    """Take libsndfile's words out of soundfile's.

    >>> _reason(RuntimeError("Error opening 'a.wav': Format not recognised."))
    'format not recognised'
    """
    words = str(getattr(error, "error_string", error)).rpartition(": ")[2].rstrip(".")
    return words[:1].lower() + words[1:]

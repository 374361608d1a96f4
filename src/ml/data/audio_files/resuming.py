"""Reading on behind damage: a second decoder goes on where the first one stopped.

What each decoder does with a file whose middle is broken (libsndfile 1.2.2, FFmpeg 5 and PyAV 18; MP3s of Emotify, and
the same songs as FLAC, Ogg, Opus, AAC and WMA, with junk or zeros over 4 to 64 kB, or some bits turned):

========== ======================================= =================================================
form       libsndfile                              FFmpeg
========== ======================================= =================================================
MP3        stops after 1,024 bytes without a frame goes on at the next frame
FLAC       stops at the first frame that is wrong  goes on, the broken frames are left out
Ogg, Opus  goes on at the next whole page          goes on
AAC, WMA   does not read them                      goes on, what it makes of broken frames is noise
========== ======================================= =================================================

So MP3 is read by libsndfile once more, its frames alone, and FLAC by FFmpeg from where libsndfile stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ml.data.audio_files.continuity import FramesAlone, frames_of
from ml.data.audio_files.decoder import Decoder, Material, Refused
from ml.data.audio_files.libsndfile import SoundFileDecoder
from ml.data.audio_files.problems import ROUNDING_S
from ml.data.audio_files.signal import Floats
from ml.foundation.errors import MissingExtra, MLError

#: From this rate on an MP3 is of MPEG 1, whose frames have 1,152 samples; those below have 576.
_MPEG_1_HZ = 32_000


class ResumingDecoder:
    """Reads through libsndfile, and on behind damage; see :class:`ml.data.audio_files.decoder.Decoder`.

    Parameters
    ----------
    first : SoundFileDecoder
    material : Material
    other : callable
        Opens the material by another decoder; raises where there is none.
    """

    def __init__(self, first: SoundFileDecoder, material: Material, other: Callable[[Material], Decoder]) -> None:
        self._first, self._material, self._other = first, material, other
        self.rate, self.n_channels, self.n_promised = first.rate, first.n_channels, first.n_promised
        self.damage: str | None = None
        self.left_out = 0

    def pieces(self, size: int) -> Iterator[Floats]:
        """Read on, two seconds at most at a time where libsndfile reads."""
        n_given = 0
        for piece in self._first.pieces(size):
            n_given += len(piece)
            yield piece
        self.damage = self._first.damage
        try:
            yield from self._behind(n_given, size)
        except MissingExtra as absent:
            self.damage = f"{self.damage}; FFmpeg's libraries may read on behind it: {absent.hint}"
        except (MLError, Refused):  # then this is all there is
            return

    def _behind(self, n_given: int, size: int) -> Iterator[Floats]:
        if self._material.form != "mp3":
            if self.damage:
                yield from self._rest(self._other(self._material), n_given, size)
            return
        with self._material.opened() as stream:
            frames = frames_of(stream)
            self.left_out = frames.left_out
            n_samples = frames.count * (1152 if self.rate >= _MPEG_1_HZ else 576)
            if self.left_out and n_samples - n_given > ROUNDING_S * self.rate:
                alone = Material(self._material.name, stream=FramesAlone(stream, frames), form="mp3")  # type: ignore[arg-type]
                yield from self._rest(SoundFileDecoder(alone), n_given, size)

    def _rest(self, second: Decoder, n_given: int, size: int) -> Iterator[Floats]:
        """Give what a second decoder reads beyond what was given."""
        try:
            if (second.rate, second.n_channels) != (self.rate, self.n_channels):
                return
            for piece in second.pieces(size):
                known = min(n_given, len(piece))
                n_given -= known
                if known < len(piece):
                    yield piece[known:]
        finally:
            second.close()

    def close(self) -> None:
        """Let go of the file."""
        self._first.close()

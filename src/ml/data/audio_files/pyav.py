"""Decoding by PyAV: what libsndfile does not know, without a program beside Python."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from typing import Any

import numpy as np

from ml.data.audio_files.decoder import LASTING, Material, Refused, held_to_form
from ml.data.audio_files.signal import Floats
from ml.foundation.extras import extra


class PyAvDecoder:
    """Reads the first sound track of a file through PyAV; see :class:`ml.data.audio_files.decoder.Decoder`.

    Raises
    ------
    Refused
        If there is no sound in it, or none that FFmpeg's libraries can decode.
    ml.foundation.errors.MissingExtra
    """

    damage: str | None = None
    left_out = 0

    def __init__(self, material: Material) -> None:
        with extra("pyav"):
            import av
        self._fault: tuple[type[Exception], ...] = (av.error.FFmpegError, ValueError)
        options = held_to_form(material.form)
        self._stream = None if material.path else material.opened()
        # A path with a colon in it is no protocol.
        source: Any = f"file:{material.path}" if self._stream is None else self._stream
        try:
            self._container: Any = av.open(source, metadata_errors="ignore", options=options)
        except self._fault as error:
            raise Refused(_reason(error)) from error
        if not self._container.streams.audio:
            self._container.close()
            raise Refused("there is no sound in it")
        self._frames = self._good_frames()
        # Some codecs know their rate only after the first frame (HE-AAC doubles it).
        first = next(self._frames, None)
        if first is None:
            self._container.close()
            raise Refused(self.damage or "its sound track is empty")
        self._frames = chain([first], self._frames)
        self.rate, self.n_channels = first.sample_rate, len(first.layout.channels)
        self._layout, self._converter = first.layout, av.AudioResampler
        self.n_promised = self._promised() if material.form in LASTING else None

    def pieces(self, size: int) -> Iterator[Floats]:
        """Decode on, gathering frames, which are short, to pieces of at least that size."""
        gathered: list[Floats] = []
        n_gathered = 0
        for piece in self._decoded():
            gathered.append(piece)
            n_gathered += len(piece)
            if n_gathered >= size:
                yield np.concatenate(gathered)
                gathered, n_gathered = [], 0
        if gathered:
            yield np.concatenate(gathered)

    def _promised(self) -> int | None:
        track = self._container.streams.audio[0]
        if track.duration is not None and track.time_base is not None:
            return int(track.duration * track.time_base * self.rate)
        seen = any(one.disposition.name != "attached_pic" for one in self._container.streams.video)
        # A film's length is no length of its sound.
        length_us = self._container.duration
        return None if seen or length_us is None else int(length_us * self.rate / 1e6)

    def _decoded(self) -> Iterator[Floats]:
        for _, frames in groupby(self._frames, key=_kind):
            try:
                yield from self._as_begun(frames)
            except self._fault as error:
                self.damage = self.damage or _reason(error)
                return

    def _as_begun(self, frames: Iterator[Any]) -> Iterator[Floats]:
        """Give frames of one kind in the layout and at the rate of the first one, of whatever kind that was."""
        converter: Any = self._converter(format="flt", layout=self._layout, rate=self.rate)
        for frame in chain(frames, [None]):
            for same in converter.resample(frame):
                if same is not None:  # what passes as it is ends in the None that ends it
                    yield same.to_ndarray().reshape(-1, self.n_channels)

    def _good_frames(self) -> Iterator[Any]:
        """Decode packet by packet: one that is damaged is left out, and the sound goes on behind it."""
        for packet in self._packets():
            try:
                frames = packet.decode()
            except self._fault as error:
                self.damage = self.damage or _reason(error)
                continue
            yield from frames

    def _packets(self) -> Iterator[Any]:
        try:
            yield from self._container.demux(self._container.streams.audio[0])
        except self._fault as error:
            self.damage = self.damage or _reason(error)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()


def _kind(frame: Any) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _reason(error: Exception) -> str:
    words = str(getattr(error, "strerror", None) or error)
    return words[:1].lower() + words[1:]

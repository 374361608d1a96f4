"""What a player draws of a sound: waveform and mel spectrogram of a bounded size, whatever the length.

Conventions
-----------
- The waveform is that of the mono mix at the sound's own rate: of each stretch the least and the greatest sample, in
  steps of 1/127 of full scale, rounded outwards.
- The spectrogram is made at 22,050 Hz. Its levels are in steps of 80/255 dB, 0 being 80 dB under the loudest or less.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.data.audio_files import AudioReader, Resampler, Source, mixed_down
from ml.features.audio import Framing, Spectrograms
from ml.features.audio.framing import Floats
from ml.features.audio.mel import decibels, mel_filters
from ml.features.audio.overview import OverviewMeter
from ml.features.audio.spectrum import Batch

#: Of what is kept: another one is another file.
VERSION = 1
FRAMING = Framing(rate=22_050, size=2_048, hop=512)
N_BANDS, MOST_COLUMNS, MOST_POINTS = 96, 2_048, 8_192
_RANGE_DB, _STEPS = 80.0, 255
_FULL = 127


@dataclass(frozen=True, slots=True, eq=False)
class SoundPicture:
    """What is drawn.

    Parameters
    ----------
    point_s : float
        What a point of the waveform stands for.
    low, high : int8 [shape=(n_points,)]
    column_s : float
        What a column of the spectrogram stands for.
    levels : uint8 [shape=(n_bands, n_columns)]
        The lowest band first.
    """

    point_s: float
    low: NDArray[np.int8]
    high: NDArray[np.int8]
    column_s: float
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, source: Source) -> Self:
        """Read a sound to its end.

        Raises
        ------
        BadInput, MissingExtra
            As :class:`~ml.data.audio_files.AudioReader` does.
        """
        overview, mels = OverviewMeter(MOST_POINTS), MelColumns()
        spectrograms = Spectrograms([mels])
        with AudioReader(source) as reader:
            rate, resampler = reader.rate, Resampler(reader.rate, FRAMING.rate)
            for block in reader.blocks(2.0):
                mono = mixed_down(block)
                overview.push(mono)
                spectrograms.push(resampler.push(mono))
        spectrograms.push(resampler.finish())
        spectrograms.finish()
        seen = overview.overview()
        low, high = (np.clip(each, -1.0, 1.0) * _FULL for each in (seen.low, seen.high))
        column_s, levels = mels.columns()
        return cls(
            seen.samples_per_point / rate,
            np.floor(low).astype(np.int8),
            np.ceil(high).astype(np.int8),
            column_s,
            levels,
        )

    def save(self, file: Path) -> None:
        """Write it."""
        with file.open("wb") as stream:
            lengths = np.array([self.point_s, self.column_s])
            np.savez_compressed(stream, low=self.low, high=self.high, levels=self.levels, lengths_s=lengths)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what was written."""
        with np.load(file, allow_pickle=False) as found:
            point_s, column_s = found["lengths_s"].tolist()
            return cls(point_s, found["low"], found["high"], column_s, found["levels"])

    def envelope(self, columns: int) -> tuple[float, list[float], list[float]]:
        """Give the waveform in at most so many columns: what each stands for in seconds, the least, the greatest."""
        each = max(1, -(-len(self.low) // columns))
        starts = np.arange(0, len(self.low), each)
        low, high = np.minimum.reduceat(self.low, starts), np.maximum.reduceat(self.high, starts)
        return each * self.point_s, *((found / _FULL).round(3).tolist() for found in (low, high))

    def png(self) -> bytes:
        """Draw the spectrogram in grey, a pixel a band and column, the highest band at the top."""
        rows = self.levels[::-1]
        header = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 8, 0, 0, 0, 0)
        # Each row begins with the number of its filter: none.
        lines = np.pad(rows, ((0, 0), (1, 0))).tobytes()
        chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in chunks
        )


def bands_hz() -> list[float]:
    """Give the middle of each band, the lowest first, in Hz."""
    return [round(float(each), 1) for each in mel_filters(FRAMING, N_BANDS).centers_hz]


class MelColumns:
    """Takes batches of the spectrogram and keeps the mean levels of bands, neighbours joined where there are many."""

    framing = FRAMING

    def __init__(self) -> None:
        self._filters = mel_filters(FRAMING, N_BANDS)
        self._kept: list[Floats] = []

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        self._kept.append(decibels(self._filters(batch.power)))

    def columns(self) -> tuple[float, NDArray[np.uint8]]:
        """Give what a column stands for, in seconds, and the levels."""
        log_mel = np.concatenate(self._kept)
        each = -(-len(log_mel) // MOST_COLUMNS)
        starts = np.arange(0, len(log_mel), each)
        counts = np.diff(np.append(starts, len(log_mel)))
        means = np.add.reduceat(log_mel, starts, axis=0) / counts[:, np.newaxis]
        above = np.clip((means - means.max() + _RANGE_DB) / _RANGE_DB, 0.0, 1.0)
        return each * FRAMING.hop / FRAMING.rate, np.ascontiguousarray((above * _STEPS).round().astype(np.uint8).T)

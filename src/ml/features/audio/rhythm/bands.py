"""What of a spectrogram the rhythm is heard in: mel bands in short frames, semitones in long ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ml.features.audio.collecting import tail
from ml.features.audio.framing import Floats, Framing
from ml.features.audio.mel import mel_filters
from ml.features.audio.spectrum import Batch

#: Short frames for the attacks, 86 a second; every second one has the centre of a frame of :data:`LONG`.
SHORT = Framing(rate=22_050, size=1_024, hop=256)
#: Long frames for the pitches, 43 a second: the shared spectrogram.
LONG = Framing(rate=22_050, size=2_048, hop=512)
N_MELS, N_SEMITONES, LOWEST_HZ = 40, 60, 55.0


class _Rows:
    """Rows of frames, batch by batch, and how many there are."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._kept: list[Floats] = []
        self.n_frames = 0

    def _keep(self, rows: Floats) -> None:
        self._kept.append(rows)
        self.n_frames += len(rows)

    def latest(self, n: int) -> Floats:
        """Give the last ``n > 0`` frames of :meth:`bands`, or what there is."""
        return np.concatenate(self._kept[tail(self._kept, n) :])[-n:] if self._kept else self.bands()

    def bands(self) -> Floats:
        """Give all that was collected, float32 >= 0 [shape=(n_frames, n_bands)]: power, or the semitones' magnitude."""
        return np.concatenate(self._kept) if self._kept else np.empty((0, self._width), dtype=np.float32)


class MelCollector(_Rows):
    """Keeps 40 mel bands of every short frame, 27.5 Hz to 10 kHz."""

    framing = SHORT

    def __init__(self) -> None:
        super().__init__(N_MELS)
        self._filters = mel_filters(SHORT, N_MELS, low_hz=27.5, high_hz=10_000.0)

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        self._keep(self._filters(batch.power))


class SemitoneCollector(_Rows):
    """Keeps 60 semitones of every long frame, 55 Hz to 1.66 kHz."""

    framing = LONG

    def __init__(self) -> None:
        super().__init__(N_SEMITONES)
        self._weights = semitone_weights()

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        self._keep(batch.magnitude[:, : len(self._weights)] @ self._weights)


@lru_cache(maxsize=1)
def semitone_weights() -> Floats:
    """Give triangular filters a semitone apart, float32 >= 0 [shape=(n_bins, 60)].

    Their flanks are a semitone or a bin wide, whichever is wider: at the bottom, neighbours share bins.
    """
    centers_hz = LOWEST_HZ * 2.0 ** (np.arange(N_SEMITONES) / 12)
    flanks_hz = np.maximum(centers_hz * (2 ** (1 / 12) - 1), LONG.rate / LONG.size)
    n_bins = int(np.ceil((centers_hz[-1] + flanks_hz[-1]) / (LONG.rate / LONG.size))) + 1
    away = np.abs(LONG.frequencies_hz()[:n_bins, np.newaxis] - centers_hz) / flanks_hz
    weights: Floats = np.maximum(0.0, 1.0 - away).astype(np.float32)
    weights.flags.writeable = False
    return weights

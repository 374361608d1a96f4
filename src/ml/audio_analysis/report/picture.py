"""What is drawn of a sound: curves of a bounded size, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.hearing import Heard
from ml.audio_analysis.results import AudioAnalysis
from ml.features.audio.framing import Floats
from ml.features.audio.loudness.meter import BLOCKS_PER_S, SHORT_TERM

#: Columns of the spectrogram, and points of the loudness, at most.
MOST_COLUMNS = 1_400


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is drawn.

    Parameters
    ----------
    analysis : AudioAnalysis
    log_mel : float32 [shape=(n_mels, n_columns)]
        In dB, the lowest band first.
    loudness_s, short_term_lufs : float64 [shape=(n,)]
        Middles of windows of 3 s and their loudness; NaN where nothing is heard.
    """

    analysis: AudioAnalysis
    log_mel: Floats
    loudness_s: NDArray[np.float64]
    short_term_lufs: NDArray[np.float64]


def picture_of(heard: Heard, analysis: AudioAnalysis) -> Picture:
    """Take from what was heard what is drawn of it."""
    curve = heard.short_term_lufs
    each = -(-len(curve) // MOST_COLUMNS) or 1
    loudness = curve[::each]
    seconds = (np.arange(len(curve))[::each] + SHORT_TERM / 2) / BLOCKS_PER_S
    return Picture(
        analysis=analysis,
        log_mel=np.ascontiguousarray(_narrowed(heard.curves.log_mel).T),
        loudness_s=seconds,
        short_term_lufs=np.where(np.isfinite(loudness), loudness, np.nan),
    )


def _narrowed(log_mel: Floats) -> Floats:
    """Give the means of neighbouring frames, so that there are no more than :data:`MOST_COLUMNS`."""
    each = -(-len(log_mel) // MOST_COLUMNS)
    starts = np.arange(0, len(log_mel), each)
    counts = np.diff(np.append(starts, len(log_mel)))
    return np.asarray(np.add.reduceat(log_mel, starts, axis=0) / counts[:, np.newaxis], dtype=np.float32)

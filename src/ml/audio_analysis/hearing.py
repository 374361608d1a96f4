"""One pass over a sound: everything listens to the same blocks, in constant memory but for the curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.data.audio_files import AudioReader, Problem, Resampler, mixed_down
from ml.features.audio import Collector, CurveCollector, Framing, SpectralCurves, Spectrograms
from ml.features.audio.fingerprint import PeakCollector, Peaks
from ml.features.audio.framing import Floats
from ml.features.audio.loudness import SLOWEST_HZ, WEIGHTS, Loudness, LoudnessMeter
from ml.features.audio.overview import Overview, OverviewMeter
from ml.features.audio.pitch import PITCH_FRAMING, PitchCollector, PitchCurves
from ml.features.audio.rhythm import MelCollector, Rhythm, SemitoneCollector, find_rhythm
from ml.features.audio.rhythm.bands import LONG

#: What the features are computed at: mono, 22,050 Hz. Loudness is measured at the sound's own rate.
FRAMING = Framing(rate=22_050, size=2_048, hop=512)
#: Of the blocks that are read, in seconds: two channels at full rate stay in a processor's second cache.
BLOCK_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What one pass over a sound has gathered.

    Parameters
    ----------
    n_samples : int
        Of each channel.
    loudness : Loudness
        Unknown where the rate is too low for it, or the number of channels has no standard layout.
    curves : SpectralCurves
        At :data:`FRAMING`.
    pitches : PitchCurves
        At :data:`ml.features.audio.pitch.PITCH_FRAMING`.
    rhythm : Rhythm
    short_term_lufs : float64 [shape=(n,)]
        Of 3 s each, ten a second; empty where nothing can be said.
    overview : Overview
        Of the mono mix at the framing's rate.
    peaks : Peaks
        What recordings are known by.
    problems : tuple of Problem
    """

    n_samples: int
    loudness: Loudness
    curves: SpectralCurves
    pitches: PitchCurves
    rhythm: Rhythm
    short_term_lufs: NDArray[np.float64]
    overview: Overview
    peaks: Peaks
    problems: tuple[Problem, ...] = ()


class Ear:
    """Takes a sound in pieces of any length and gathers all that is made from it.

    Parameters
    ----------
    rate : int
        In Hz.
    n_channels : int

    Raises
    ------
    MissingExtra
        If the sound has to be resampled and soxr is not installed.
    """

    def __init__(self, rate: int, n_channels: int) -> None:
        self._n_samples = 0
        self._unsaid = _unsaid(rate, n_channels)
        self.meter = None if self._unsaid else LoudnessMeter(rate, n_channels)
        self._resampler = Resampler(rate, FRAMING.rate)
        self._curves = CurveCollector(FRAMING)
        self._pitches = PitchCollector()
        self._mels, self._semitones = MelCollector(), SemitoneCollector()
        self._overview, self._peaks = OverviewMeter(), PeakCollector()
        heard: list[Collector] = [self._curves, self._semitones, self._mels, self._pitches, self._peaks]
        self._spectrograms = Spectrograms(heard)

    def push(self, samples: Floats) -> None:
        """Take the next samples, float32 [shape=(n, n_channels)]."""
        self._n_samples += len(samples)
        if self.meter is not None:
            self.meter.push(samples)
        self._hear(self._resampler.push(mixed_down(samples)))

    def recent_bands(self, seconds: float) -> tuple[Floats, Floats, int]:
        """Give mel bands and semitones of the last seconds, and the number of their first long frame."""
        n_long = min(self._semitones.n_frames, round(seconds * LONG.frames_per_s))
        first = self._semitones.n_frames - n_long
        # Short frames come earlier than long ones: those beyond the last long frame wait.
        mels = self._mels.latest(max(1, self._mels.n_frames - 2 * first))
        return mels[: 2 * n_long], self._semitones.latest(max(1, n_long)), first

    def recent_pitches(self, seconds: float) -> PitchCurves | None:
        """Give the pitches of the last seconds; None before there are any."""
        n = round(seconds * PITCH_FRAMING.frames_per_s)
        return self._pitches.latest(n) if self._pitches.n_frames else None

    def finish(self) -> Heard:
        """Take the end of the sound and give what was gathered; nothing can be pushed afterwards."""
        self._hear(self._resampler.finish())
        self._spectrograms.finish()
        loudness, short_term = Loudness(), np.empty(0)
        if self.meter is not None:
            loudness, short_term = self.meter.result(), self.meter.short_term_curve()
        found = find_rhythm(self._mels.bands(), self._semitones.bands())
        curves, pitches = self._curves.curves(), self._pitches.curves()
        overview, peaks = self._overview.overview(), self._peaks.peaks()
        return Heard(self._n_samples, loudness, curves, pitches, found, short_term, overview, peaks, self._unsaid)

    def _hear(self, mono: Floats) -> None:
        self._overview.push(mono)
        self._spectrograms.push(mono)


def _unsaid(rate: int, n_channels: int) -> tuple[Problem, ...]:
    """Say why nothing can be said of loudness; empty where something can."""
    if rate < SLOWEST_HZ:
        why = f"{rate:,} samples a second are too few to weigh what is heard, so that nothing is said of loudness"
        return (Problem("low_rate", why),)
    if n_channels not in WEIGHTS:
        why = f"{n_channels} channels have no standard layout, so that nothing is said of loudness"
        return (Problem("unknown_layout", why),)
    return ()


def hear(reader: AudioReader) -> Heard:
    """Read a sound to its end.

    Raises
    ------
    BadInput
        If it turns out to have no samples, or none that are numbers.
    MissingExtra
        If it has to be resampled and soxr is not installed.
    """
    ear = Ear(reader.rate, reader.n_channels)
    for block in reader.blocks(BLOCK_S):
        ear.push(block)
    heard = ear.finish()
    return replace(heard, problems=(*reader.problems, *heard.problems))

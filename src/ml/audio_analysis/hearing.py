"""One pass over a sound: everything listens to the same blocks, in constant memory but for the curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ml.data.audio_files import AudioReader, Problem, Resampler, mixed_down
from ml.features.audio import Collector, CurveCollector, Framing, SpectralCurves, Spectrograms
from ml.features.audio.fingerprint import PeakCollector, Peaks
from ml.features.audio.framing import Floats
from ml.features.audio.loudness import SLOWEST_HZ, WEIGHTS, Loudness, LoudnessMeter
from ml.features.audio.pitch import PitchCollector, PitchCurves
from ml.features.audio.rhythm import MelCollector, Rhythm, SemitoneCollector, find_rhythm

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
    peaks : Peaks
        What recordings are known by.
    problems : tuple of Problem
    """

    n_samples: int
    loudness: Loudness
    curves: SpectralCurves
    pitches: PitchCurves
    rhythm: Rhythm
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
        self._peaks = PeakCollector()
        heard: list[Collector] = [self._curves, self._semitones, self._mels, self._pitches, self._peaks]
        self._spectrograms = Spectrograms(heard)

    def push(self, samples: Floats) -> None:
        """Take the next samples, float32 [shape=(n, n_channels)]."""
        self._n_samples += len(samples)
        if self.meter is not None:
            self.meter.push(samples)
        self._spectrograms.push(self._resampler.push(mixed_down(samples)))

    def finish(self) -> Heard:
        """Take the end of the sound and give what was gathered; nothing can be pushed afterwards."""
        self._spectrograms.push(self._resampler.finish())
        self._spectrograms.finish()
        loudness = Loudness() if self.meter is None else self.meter.result()
        found = find_rhythm(self._mels.bands(), self._semitones.bands())
        curves, pitches = self._curves.curves(), self._pitches.curves()
        return Heard(self._n_samples, loudness, curves, pitches, found, self._peaks.peaks(), self._unsaid)


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

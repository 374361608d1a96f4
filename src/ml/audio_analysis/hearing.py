"""One pass over a sound: everything listens to the same blocks, in constant memory but for the curves."""

from __future__ import annotations

from dataclasses import dataclass

from ml.data.audio_files import AudioReader, Problem, Resampler, mixed_down
from ml.features.audio import CurveCollector, Framing, SpectralCurves, SpectralStream
from ml.features.audio.loudness import WEIGHTS, Loudness, LoudnessMeter

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
        Unknown where the number of channels has no standard layout.
    curves : SpectralCurves
        At :data:`FRAMING`.
    problems : tuple of Problem
    """

    n_samples: int
    loudness: Loudness
    curves: SpectralCurves
    problems: tuple[Problem, ...]


def hear(reader: AudioReader) -> Heard:
    """Read a sound to its end.

    Raises
    ------
    BadInput
        If it turns out to have no samples, or none that are numbers.
    MissingExtra
        If it has to be resampled and soxr is not installed.
    """
    meter = LoudnessMeter(reader.rate, reader.n_channels) if reader.n_channels in WEIGHTS else None
    resampler = Resampler(reader.rate, FRAMING.rate)
    spectra, collector = SpectralStream(FRAMING), CurveCollector(FRAMING)
    n_samples = 0
    for block in reader.blocks(BLOCK_S):
        n_samples += len(block)
        if meter is not None:
            meter.push(block)
        for batch in spectra.push(resampler.push(mixed_down(block))):
            collector.add(batch)
    for batches in (spectra.push(resampler.finish()), spectra.finish()):
        for batch in batches:
            collector.add(batch)
    problems = reader.problems
    if meter is None:
        said = f"{reader.n_channels} channels have no standard layout, so that nothing is said of loudness"
        problems = (*problems, Problem("unknown_layout", said))
    return Heard(n_samples, meter.result() if meter else Loudness(), collector.curves(), problems)

"""The spectral features of a sound along time, collected from the shared spectrogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio import cepstrum, shape, waveform
from ml.features.audio.collecting import Spectrograms
from ml.features.audio.framing import Floats, Framing
from ml.features.audio.mel import decibels, mel_filters
from ml.features.audio.spectrum import Batch

#: Frames this far under the loudest one, or under -80 dBFS, are pauses.
PAUSE, QUIET = 1e-3, 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class SpectralCurves:
    """One value, or one row, for each frame.

    Parameters
    ----------
    framing : Framing
    log_mel : float32 [shape=(n_frames, n_mels)]
        Mel power in dB, not under -100.
    centroid_hz, bandwidth_hz, rolloff_hz : float32 [shape=(n_frames,)]
        Of magnitudes; the roll-off is that of 85 %.
    flatness : float32 in [0, 1] [shape=(n_frames,)]
    contrast_db : float32 [shape=(n_frames, 7)]
        Below 200 Hz and in six octaves from there.
    flux_db : float32 >= 0 [shape=(n_frames,)]
        Mean rise of the mel bands from the frame before.
    zero_crossing_rate : float32 in [0, 1] [shape=(n_frames,)]
    rms : float32 >= 0 [shape=(n_frames,)]
        Root mean square of the samples.
    """

    framing: Framing
    log_mel: Floats
    centroid_hz: Floats
    bandwidth_hz: Floats
    rolloff_hz: Floats
    flatness: Floats
    contrast_db: Floats
    flux_db: Floats
    zero_crossing_rate: Floats
    rms: Floats

    def mfcc(self, n_coefficients: int = 20) -> Floats:
        """Give the cepstral coefficients, float32 [shape=(n_frames, n_coefficients)]."""
        return cepstrum.mfcc(self.log_mel, n_coefficients)

    def times_s(self) -> NDArray[np.float64]:
        """Give the frames' centres in seconds."""
        return self.framing.times_s(len(self.rms))

    def sounding(self) -> NDArray[np.bool_]:
        """Tell which frames are no pauses: within 60 dB of the loudest."""
        loudest = self.rms.max(initial=0.0)
        return self.rms > max(QUIET, PAUSE * float(loudest))


class CurveCollector:
    """Takes batches of the spectrogram and keeps what :class:`SpectralCurves` holds.

    Parameters
    ----------
    framing : Framing
        Its rate has to be above 12,800 Hz, for the octaves of the contrast.
    n_mels : int
    """

    def __init__(self, framing: Framing, n_mels: int = 128) -> None:
        self.framing = framing
        self._filters = mel_filters(framing, n_mels)
        self._frequencies_hz = framing.frequencies_hz()
        self._octaves = shape.octave_bands(self._frequencies_hz)
        self._kept: dict[str, list[Floats]] = {}
        self._last: Floats | None = None

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        magnitude, frequencies_hz = batch.magnitude, self._frequencies_hz
        log_mel = decibels(self._filters(batch.power))
        centroids_hz = shape.centroid_hz(magnitude, frequencies_hz)
        found = {
            "log_mel": log_mel,
            "centroid_hz": centroids_hz,
            "bandwidth_hz": shape.bandwidth_hz(magnitude, frequencies_hz, centroids_hz),
            "rolloff_hz": shape.rolloff_hz(magnitude, frequencies_hz),
            "flatness": shape.flatness(batch.power),
            "contrast_db": shape.contrast_db(magnitude, frequencies_hz, bands=self._octaves),
            "flux_db": shape.flux(log_mel, self._last),
            "zero_crossing_rate": waveform.zero_crossing_rate(batch.frames),
            "rms": waveform.rms(batch.frames),
        }
        for name, values in found.items():
            self._kept.setdefault(name, []).append(values)
        self._last = log_mel[-1]

    def curves(self) -> SpectralCurves:
        """Give all that was collected.

        Raises
        ------
        ValueError
            If nothing was: even an empty sound has one frame once its stream is finished.
        """
        return SpectralCurves(self.framing, **{name: np.concatenate(parts) for name, parts in self._kept.items()})


def spectral_curves(samples: Floats, framing: Framing | None = None, *, n_mels: int = 128) -> SpectralCurves:
    """Give the spectral features of a whole mono sound.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]
        At the framing's rate.
    framing : Framing, optional
        22,050 Hz, 2048 samples, hop 512 if left out.

    Examples
    --------
    >>> sine = np.sin(2 * np.pi * 1000 * np.arange(22050) / 22050).astype(np.float32)
    >>> curves = spectral_curves(sine)
    >>> len(curves.rms), round(curves.centroid_hz[20].item()), round(curves.zero_crossing_rate[20].item() * 22050 / 2)
    (44, 1000, 1001)
    """
    collector = CurveCollector(framing or Framing(), n_mels)
    spectrograms = Spectrograms([collector])
    spectrograms.push(samples)
    spectrograms.finish()
    return collector.curves()

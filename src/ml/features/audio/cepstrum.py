"""Mel-frequency cepstral coefficients: the shape of a spectrum in a few numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ml.features.audio.framing import Floats


@lru_cache(maxsize=16)
def cosines(n_in: int, n_out: int) -> Floats:
    """Give the orthonormal DCT-II, float32 [shape=(n_in, n_out)]: its first columns.

    >>> basis = cosines(8, 8)
    >>> bool(np.allclose(basis.T @ basis, np.eye(8), atol=1e-6))
    True
    """
    places = np.pi * (np.arange(n_in) + 0.5)[:, np.newaxis] * np.arange(n_out) / n_in
    basis = np.cos(places) * np.sqrt(2.0 / n_in)
    basis[:, 0] = np.sqrt(1.0 / n_in)
    single: Floats = basis.astype(np.float32)
    single.flags.writeable = False
    return single


def mfcc(log_mel: Floats, n_coefficients: int = 20) -> Floats:
    """Give the cepstral coefficients of log-mel spectra.

    Parameters
    ----------
    log_mel : float32 [shape=(n_frames, n_mels)]
        In dB.
    n_coefficients : int <= n_mels

    Returns
    -------
    float32 [shape=(n_frames, n_coefficients)]
        The first one is the level; Davis and Mermelstein (1980), with an orthonormal DCT as in librosa.
    """
    return log_mel @ cosines(log_mel.shape[1], n_coefficients)


def delta(curves: Floats, *, width: int = 9) -> Floats:
    """Give the local slope of curves: a straight line fitted through ``width`` frames around each.

    Parameters
    ----------
    curves : float32 [shape=(n_frames,) or (n_frames, n_curves)]
    width : int
        Odd, at least 3. The first and last half width have the slope of the first and last whole width; of fewer
        frames than ``width``, the ends are repeated.

    Returns
    -------
    float32 of the same shape, in units a frame

    Notes
    -----
    Furui (1981), as ``librosa.feature.delta``. For the acceleration take the delta of the delta.

    Examples
    --------
    >>> delta(np.arange(12, dtype=np.float32) * 2).tolist() == [2.0] * 12
    True
    """
    if width < 3 or width % 2 == 0:
        raise ValueError(f"width={width}: an odd number of at least 3")
    half = width // 2
    padded = np.pad(curves, [(half, half)] + [(0, 0)] * (curves.ndim - 1), mode="edge") if len(curves) else curves
    slope = np.zeros_like(curves)
    norm = np.float32(2 * sum(step * step for step in range(1, half + 1)))
    for step in range(1, half + 1):
        ahead = padded[half + step : half + step + len(curves)]
        behind = padded[half - step : half - step + len(curves)]
        slope += np.float32(step) * (ahead - behind)
    slope /= norm
    if len(curves) >= width:
        slope[:half], slope[-half:] = slope[half], slope[-half - 1]
    return slope

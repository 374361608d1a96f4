"""True peak: how high a sound rises between its samples, once it is analogue or resampled.

References
----------
ITU-R BS.1770-4 annex 2: four times oversampling by the interpolating filter of order 48 that is given there, and the
samples themselves beside it.
"""

from __future__ import annotations

import numpy as np

from ml.features.audio.framing import Floats

#: The first two of four phases; the others are their mirror images.
_PHASES = (
    (0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
     0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500),
    (-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
     0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375),
)  # fmt: skip
TAPS = len(_PHASES[0])
#: Interpolated samples are at most this many times as high as the highest sample around them: the filter's gain.
GAIN = float(max(np.abs(phase).sum() for phase in _PHASES))
#: Samples whose interpolation is one product of matrices.
_BLOCK = 16
#: Blocks nearly as high as the highest are looked at first: what they reach excludes most of the rest.
_FIRST = 0.9


def _toeplitz() -> Floats:
    """Give the filter as a matrix from a block with its neighbours to the block at four times the rate."""
    phases = np.array([*_PHASES, _PHASES[1][::-1], _PHASES[0][::-1]])
    matrix = np.zeros((_BLOCK + TAPS - 1, _BLOCK * len(phases)), dtype=np.float32)
    for place in range(_BLOCK):
        matrix[place : place + TAPS, place * len(phases) : (place + 1) * len(phases)] = phases[:, ::-1].T
    return matrix


_MATRIX = _toeplitz()


class TruePeak:
    """Follows the true peak of a sound that arrives in pieces; the result is the same however it is cut.

    Parameters
    ----------
    n_channels : int
    """

    def __init__(self, n_channels: int) -> None:
        self.sample_peak = 0.0
        self._between = 0.0
        self._before = np.zeros((n_channels, TAPS - 1), dtype=np.float32)

    def push(self, samples: Floats) -> None:
        """Take the next samples [shape=(n, n_channels)]."""
        if not len(samples):
            return
        joined = np.concatenate((self._before, samples.T), axis=1)
        for channel in joined:
            self.sample_peak = max(self.sample_peak, float(channel.max()), -float(channel.min()))
            self._between = _highest_between(channel, max(self._between, self.sample_peak))
        self._before = joined[:, -(TAPS - 1) :].copy()

    def peak(self) -> float:
        """Give the highest value so far, full scale being 1, with silence after the last sample."""
        tail = np.pad(self._before, ((0, 0), (0, TAPS - 1)))
        return max(_highest_between(channel, max(self._between, self.sample_peak)) for channel in tail)


def _highest_between(samples: Floats, known: float) -> float:
    """Give the highest interpolated value, or ``known`` if none is higher.

    Only blocks are interpolated whose samples are high enough for it; the result is that of interpolating all.
    """
    n_blocks = -(-(len(samples) - TAPS + 1) // _BLOCK)
    padded = np.pad(samples, (0, n_blocks * _BLOCK + TAPS - 1 - len(samples)))
    step = padded.strides[0]
    blocks: Floats = np.ndarray((n_blocks, _BLOCK + TAPS - 1), np.float32, padded, 0, (_BLOCK * step, step))
    heights = _heights(padded, n_blocks)
    top = float(heights.max(initial=0.0))
    if top * GAIN <= known:
        return known
    first = heights >= _FIRST * top
    known = _interpolated_peak(blocks[first], known)
    return _interpolated_peak(blocks[~first & (heights * GAIN > known)], known)


def _heights(padded: Floats, n_blocks: int) -> Floats:
    """Give the highest sample around each block: of itself and the one after, which holds the filter's other end."""
    edges = np.pad(padded, (0, _BLOCK - TAPS + 1)).reshape(n_blocks + 1, _BLOCK)
    # Turned, the maximum runs along the memory: six times as fast as over rows of sixteen.
    own = np.abs(np.ascontiguousarray(edges.T)).max(axis=0)
    return np.asarray(np.maximum(own[:-1], own[1:]))


def _interpolated_peak(blocks: Floats, known: float) -> float:
    if not len(blocks):
        return known
    between = blocks @ _MATRIX
    return max(known, float(between.max()), -float(between.min()))


def decibels_of_peak(peak: float) -> float | None:
    """Give a peak in dB of full scale; None for silence.

    >>> decibels_of_peak(1.0), decibels_of_peak(0.0)
    (0.0, None)
    """
    return 20.0 * float(np.log10(peak)) if peak > 0 else None


def true_peak(samples: Floats) -> float:
    """Give the true peak of a whole sound, float32 [shape=(n_samples, n_channels)]; full scale is 1.

    Examples
    --------
    A sine whose samples all miss its crests by 45 degrees:

    >>> sine = (np.hanning(481) * np.sin(np.pi / 4 + np.pi / 2 * np.arange(481))).astype(np.float32)[:, np.newaxis]
    >>> round(float(np.abs(sine).max()), 2), round(true_peak(sine), 2)
    (0.71, 1.01)
    """
    follower = TruePeak(samples.shape[1])
    follower.push(samples)
    return follower.peak()

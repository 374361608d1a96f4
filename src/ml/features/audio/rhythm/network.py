"""The network that hears attacks, beats, tempo and metre; trained on rendered songs whose truth is known.

A temporal convolutional network (Davies and Böck, "Temporal convolutional networks for musical audio beat tracking",
2019; Böck and Davies, "Deconstruct, analyse, reconstruct", 2020) of 154,000 weights, in NumPy. It was trained by
``benchmarks/training`` on sound that :mod:`ml.data.demo.sound` renders, its open half alone: no recording of anybody is
in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

#: Tempi that it tells apart: 2 % from one to the next.
BINS_BPM: NDArray[np.float64] = 37.0 * np.exp(0.02 * np.arange(94))
METRES = ("4/4", "3/4", "6/8", "5/4", "7/8")
WEIGHTS = "weights.npz"
_BLOCKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """What the network says of a stretch of sound.

    Parameters
    ----------
    onset : float32 [shape=(n_short,)]
        Log odds of an attack at each short frame.
    beat, downbeat : float32 [shape=(n_long,)]
        Log odds of a beat, and of the first of a bar, at each long frame.
    pooled : float32 >= 0 [shape=(n_long, 32)]
        What :meth:`Network.conclude` takes the means of.
    """

    onset: Floats
    beat: Floats
    downbeat: Floats
    pooled: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Conclusions:
    """What the network says of some windows.

    Parameters
    ----------
    tempo : float32 [shape=(n_windows, 94)]
        Log probability of each of :data:`BINS_BPM`, up to a constant.
    metre : float32 [shape=(n_windows, 5)]
        Log probability of each of :data:`METRES`, up to a constant.
    rhythmic : float32 [shape=(n_windows,)]
        Log odds that there is a beat at all.
    """

    tempo: Floats
    metre: Floats
    rhythmic: Floats


class Network:
    """Evaluates the network.

    Parameters
    ----------
    file : path or binary file
        Its weights: arrays by name, as ``benchmarks/training/rhythm_network.py`` writes them.
    """

    def __init__(self, file: str | IO[bytes]) -> None:
        with np.load(file, allow_pickle=False) as stored:
            weights = {name: stored[name].astype(np.float32) for name in stored.files}
        self._bias = {name[:-5]: value for name, value in weights.items() if name.endswith(".bias")}
        # One matrix for each tap, [shape=(n_taps, n_in, n_out)].
        self._taps = {
            name[:-7]: np.ascontiguousarray(value.reshape(*value.shape[:2], -1).transpose(2, 1, 0))
            for name, value in weights.items()
            if name.endswith(".weight")
        }

    def hear(self, attacks: Floats, moves: Floats) -> Activations:
        """Hear a stretch of sound.

        Parameters
        ----------
        attacks : float32 [shape=(n_short, 80)]
        moves : float32 [shape=(n_long, 6)]
            See :mod:`ml.features.audio.rhythm.inputs`; ``n_long = (n_short + 1) // 2``.
        """
        x = _relu(self._convolve("second", _relu(self._convolve("first", attacks))))
        onset = self._convolve("onset", x)[:, 0]
        x = _relu(self._convolve("down", x, stride=2))
        x = _relu(self._convolve("mix", np.concatenate((x, moves), axis=1)))
        pooled = np.zeros((len(x), self._taps["skip.0"].shape[2]), dtype=np.float32)
        for block in range(_BLOCKS):
            inner = _relu(self._convolve(f"wide.{block}", x, dilation=2**block))
            pooled += self._convolve(f"skip.{block}", inner)
            x += self._convolve(f"back.{block}", inner)
        beat = self._convolve("beat", _relu(x))
        return Activations(onset, beat[:, 0], beat[:, 1], _relu(pooled))

    def conclude(self, heard: Activations, windows: Sequence[slice]) -> Conclusions:
        """Say of windows of long frames what holds for each as a whole."""
        means = []
        for window in windows:
            pooled = heard.pooled[window]
            share = probability(np.stack((heard.beat[window], heard.downbeat[window])))
            weighted = (share @ pooled) / (share.sum(axis=1) + 1.0)[:, np.newaxis]
            means.append(np.concatenate((pooled.mean(axis=0), *weighted)))
        hidden = _relu(np.stack(means) @ self._taps["hidden"][0] + self._bias["hidden"])
        last = hidden @ self._taps["last"][0] + self._bias["last"]
        n = len(BINS_BPM)
        return Conclusions(last[:, :n], last[:, n : n + 5], last[:, n + 5])

    def _convolve(self, name: str, x: Floats, *, dilation: int = 1, stride: int = 1) -> Floats:
        taps = self._taps[name]
        n_taps, n_in, n_out = taps.shape
        reach = dilation * (n_taps // 2)
        padded = np.zeros((len(x) + 2 * reach, n_in), dtype=np.float32)
        padded[reach : reach + len(x)] = x
        n = (len(x) - 1) // stride + 1
        y = np.empty((n, n_out), dtype=np.float32)
        part = np.empty_like(y)
        for tap, matrix in enumerate(taps):
            shifted = padded[tap * dilation : tap * dilation + (n - 1) * stride + 1 : stride]
            np.matmul(shifted, matrix, out=part if tap else y)
            if tap:
                y += part
        if name in self._bias:
            y += self._bias[name]
        return y


def probability(log_odds: Floats) -> Floats:
    """Give log odds as probabilities, float32 in [0, 1].

    >>> probability(np.array([0.0, 200.0, -200.0], dtype=np.float32)).tolist()
    [0.5, 1.0, 0.0]
    """
    # By the hyperbolic tangent, which overflows nowhere.
    half: Floats = np.tanh(log_odds * np.float32(0.5))
    half += np.float32(1)
    half *= np.float32(0.5)
    return half


def _relu(x: Floats) -> Floats:
    return np.maximum(x, np.float32(0), out=x)


@lru_cache(maxsize=1)
def trained() -> Network:
    """Give the network with the weights that come with the package."""
    with files(__package__).joinpath(WEIGHTS).open("rb") as file:
        return Network(file)

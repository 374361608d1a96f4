"""Recursive filters of sounds that arrive in pieces, a block at a time: products of matrices instead of a loop.

A filter is a linear system: what comes out of a block is the block times the filter's impulse response, and the state
before it times what that state rings on with; the state after it is made the same way. The states themselves obey a
short recurrence, block by block (Barnes and Shinnaka, "Block-shift invariance and block implementation of discrete-time
filters", 1980). It takes a quarter of the time of filtering sample by sample, in single precision.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

Doubles = NDArray[np.float64]
#: Samples that are filtered at once, about.
BLOCK = 32


def block_within(n: int) -> int:
    """Give the length near :data:`BLOCK` of which ``n`` is a whole number, if there is one.

    >>> block_within(4410), block_within(4800), block_within(1103)
    (30, 32, 32)
    """
    lengths = [length for length in range(BLOCK // 2, 2 * BLOCK + 1) if n % length == 0]
    return min(lengths, key=lambda length: abs(length - BLOCK), default=BLOCK)


class BlockFilter:
    """A cascade of second-order sections.

    Parameters
    ----------
    sections : float64 [shape=(n_sections, 6)]
    n_channels : int
    block : int
        Samples that are filtered at once; what is left of pieces that are no whole number of blocks takes longer.
    blocks : int, optional
        How many go into one product of matrices, where pieces are whole numbers of that. The result is then the same to
        the last digit however a sound is cut, which products of other sizes do not promise.

    Examples
    --------
    >>> smooth = BlockFilter(np.array([[0.5, 0, 0, 1, -0.5, 0]]), 1)
    >>> smooth(np.ones((1, 3), dtype=np.float32)), smooth(np.ones((1, 1), dtype=np.float32))
    (array([[0.5  , 0.75 , 0.875]], dtype=float32), array([[0.9375]], dtype=float32))
    """

    def __init__(self, sections: Doubles, n_channels: int, block: int = BLOCK, blocks: int = 1) -> None:
        self._sections = np.array(sections, dtype=np.float64)  # a copy: SciPy wants to be able to write to it
        order = 2 * len(self._sections)
        self._length, self._blocks_at_once = block, blocks
        self._state = np.zeros((n_channels, order))
        units = [self._step(unit, 0.0) for unit in np.eye(order)]
        moves, rings = np.stack([after for _, after in units], axis=1), np.array([out for out, _ in units])
        first, enters = self._step(np.zeros(order), 1.0)
        powers = [np.eye(order)]
        for _ in range(block):
            powers.append(moves @ powers[-1])
        response = np.array([first, *(rings @ power @ enters for power in powers[: block - 1])])
        within = np.stack([np.concatenate((np.zeros(i), response[: block - i])) for i in range(block)])
        into = np.stack([powers[block - 1 - i] @ enters for i in range(block)])
        self._block = np.concatenate((within, into), axis=1).astype(np.float32)
        self._rings = np.stack([rings @ power for power in powers[:block]], axis=1).astype(np.float32)
        # States obey S[k + 1] = M S[k] + U[k]: the numerators of (z - M)^-1, by Faddeev and LeVerrier, over det(z - M).
        self._denominator = np.poly(powers[block])
        numerators = [np.eye(order)]
        for coefficient in self._denominator[1:order]:
            numerators.append(powers[block] @ numerators[-1] + coefficient * np.eye(order))
        self._numerators = numerators

    def __call__(self, samples: Floats) -> Floats:
        """Filter the next samples, float32 [shape=(n_channels, n)], each channel a row in memory."""
        n_blocks = samples.shape[1] // self._length
        whole = n_blocks * self._length
        parts = [self._blocks(samples[:, :whole].reshape(len(samples), n_blocks, self._length))] if n_blocks else []
        if whole < samples.shape[1]:
            parts.append(self._rest(samples[:, whole:]))
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def _blocks(self, blocks: Floats) -> Floats:
        n_channels, n_blocks, _ = blocks.shape
        at_once = self._blocks_at_once if n_blocks % self._blocks_at_once == 0 else n_blocks
        made = (blocks.reshape(-1, at_once, self._length) @ self._block).reshape(n_channels, n_blocks, -1)
        states = self._states(made[:, :, self._length :].astype(np.float64))
        self._state = states[:, -1]
        rings = states[:, :-1].astype(np.float32).reshape(-1, at_once, states.shape[2]) @ self._rings
        filtered = made[:, :, : self._length] + rings.reshape(n_channels, n_blocks, -1)
        return np.asarray(filtered.reshape(n_channels, -1), dtype=np.float32)

    def _states(self, entering: Doubles) -> Doubles:
        """Give the states before each block and after the last [shape=(n_channels, n_blocks + 1, order)]."""
        from scipy.signal import lfilter  # late: it takes half a second to import

        n_channels, n_blocks, order = entering.shape
        before = np.zeros((n_channels, order - 1, order))
        entering = np.concatenate((before, self._state[:, np.newaxis], entering), axis=1)
        summed = np.zeros((n_channels, n_blocks + 1, order))
        for lag, numerator in enumerate(self._numerators):
            delayed = entering[:, order - 1 - lag : order + n_blocks - lag]
            for place in range(order):
                summed += delayed[:, :, place, np.newaxis] * numerator[:, place]
        return np.asarray(lfilter([1.0], self._denominator, summed, axis=1))

    def _rest(self, samples: Floats) -> Floats:
        """Filter sample by sample what makes no block."""
        from scipy.signal import sosfilt

        state = self._state.reshape(len(samples), -1, 2).transpose(1, 0, 2).copy()
        filtered, state = sosfilt(self._sections, samples.astype(np.float64), axis=1, zi=state)
        self._state = state.transpose(1, 0, 2).reshape(len(samples), -1)
        return np.asarray(filtered, dtype=np.float32)

    def _step(self, state: Doubles, value: float) -> tuple[float, Doubles]:
        """Give what comes out for one sample, and the state after it."""
        after = np.empty_like(state)
        for place, (b0, b1, b2, _, a1, a2) in enumerate(self._sections):
            out = b0 * value + state[2 * place]
            after[2 * place] = b1 * value - a1 * out + state[2 * place + 1]
            after[2 * place + 1] = b2 * value - a2 * out
            value = out
        return float(value), after

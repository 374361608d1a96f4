"""How unevenly a beat is divided, from where in their beats sounds begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: Ratios that are tried: the first of a pair of notes by the second; 2 % from one to the next.
RATIOS: Values = np.asarray(0.8 * 1.02 ** np.arange(58), dtype=np.float64)
LEVELS = ("eighth", "sixteenth")
#: How far a hand, and our ear, strays: seconds, and share of a beat at least.
_STRAY_S, _LEAST_STRAY = 0.012, 0.012
#: Share of beginnings that are anywhere, and places of a beat that are told apart.
_ANYWHERE, _PLACES = 0.04, 240
#: Log-likelihood that an uneven division gains over an even one before it is believed, and how many beginnings must
#: lie between the beats; both looked at on 160 rendered excerpts of the open half.
_LEAST_GAIN, _LEAST_BETWEEN = 10.0, 6.0
#: Beginnings that are nearer the end of a beat belong to the next one.
_NEXT = 0.97
_EVEN = int(np.abs(RATIOS - 1.0).argmin())


@dataclass(frozen=True, slots=True)
class Swing:
    """How a beat is divided.

    Parameters
    ----------
    ratio : float
        Length of the first of a pair by that of the second: 1 is straight, 2 triplets.
    level : str
        What the pairs are made of: halves of a beat (``"eighth"``) or quarters of it (``"sixteenth"``).
    gain : float >= 0
        Log-likelihood beside an even division.
    """

    ratio: float
    level: str
    gain: float


def places(ratio: float | Values, level: str) -> Values:
    """Give where the four notes of a beat begin, as shares of it.

    Parameters
    ----------
    ratio : float or float64 [shape=(n,)]
    level : str
        Of :data:`LEVELS`: which pairs are uneven. Those inside an uneven one divide its parts evenly.

    Returns
    -------
    float64 [shape=(..., 4)]

    Examples
    --------
    >>> places(2.0, "eighth").round(3).tolist(), places(1.5, "sixteenth").tolist()
    ([0.0, 0.333, 0.667, 0.833], [0.0, 0.3, 0.5, 0.8])
    """
    middle = np.asarray(ratio, dtype=np.float64) / (1.0 + np.asarray(ratio, dtype=np.float64))
    zero = np.zeros_like(middle)
    if level == "eighth":
        return np.stack([zero, middle / 2, middle, (1.0 + middle) / 2], axis=-1)
    return np.stack([zero, middle / 2, zero + 0.5, 0.5 + middle / 2], axis=-1)


def find_swing(phases: Values, period_s: float) -> Swing | None:
    """Find how a beat is divided.

    Parameters
    ----------
    phases : float64 in [0, 1) [shape=(n_onsets,)]
        Where in its beat each sound begins.
    period_s : float > 0
        Of the beat.

    Returns
    -------
    Swing or None
        None where too few sounds begin between the beats, or no ratio between .8 and 2.5 is the likeliest.

    Notes
    -----
    The likeliest ratio of a mixture: a normal distribution around each of the four places, whose shares are fitted by
    expectation and maximisation for each ratio and level, and a few sounds that begin anywhere.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> phases = np.concatenate([0.005 * rng.random(20), 0.6 + 0.01 * rng.standard_normal(20)])
    >>> found = find_swing(phases, 0.5)
    >>> round(found.ratio, 1), found.level
    (1.5, 'eighth')
    """
    if not len(phases):
        return None
    counts = np.bincount((phases * _PLACES).astype(np.int64) % _PLACES, minlength=_PLACES).astype(np.float64)
    stray = max(_STRAY_S / period_s, _LEAST_STRAY)
    fitted = {level: _fitted(counts, level, stray) for level in LEVELS}
    gains = {level: float(score.max() - score[_EVEN]) for level, (score, _) in fitted.items()}
    level = max(LEVELS, key=lambda name: gains[name])
    if gains[level] < _LEAST_GAIN:
        level = "eighth"
    score, shares = fitted[level]
    best = int(score.argmax())
    between = shares[best, 2] if level == "eighth" else shares[best, 1] + shares[best, 3]
    # At the end of what is tried there is no ratio, but something that is no swing.
    if between * counts.sum() < _LEAST_BETWEEN or not 0 < best < len(RATIOS) - 1:
        return None
    return Swing(_between_ratios(score, best), level, gains[level])


def _fitted(counts: Values, level: str, stray: float) -> tuple[Values, Values]:
    """Give the log-likelihood of each ratio, and the shares of the four places [shape=(n_ratios, 4)]."""
    phase = (np.arange(_PLACES) + 0.5) / _PLACES
    away = phase - places(RATIOS, level)[:, :, np.newaxis]
    away -= np.rint(away)  # the end of a beat is the beginning of the next
    density = np.exp(-0.5 * np.square(away / stray)) / (stray * np.sqrt(2 * np.pi))
    shares = np.full((len(RATIOS), 4), (1.0 - _ANYWHERE) / 4)
    for _ in range(5):
        parts = shares[:, :, np.newaxis] * density
        weight = counts / (parts.sum(axis=1) + _ANYWHERE)
        shares = np.maximum(np.einsum("rpx,rx->rp", parts, weight) / counts.sum(), 1e-3)
        shares *= (1.0 - _ANYWHERE) / shares.sum(axis=1, keepdims=True)
    total = np.einsum("rp,rpx->rx", shares, density) + _ANYWHERE
    return np.log(total) @ counts, shares


def _between_ratios(score: Values, best: int) -> float:
    """Move the best ratio to the top of the parabola through its neighbours."""
    before, here, after = score[best - 1 : best + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < -1e-9 else 0.0
    return float(RATIOS[best] * 1.02 ** np.clip(shift, -0.5, 0.5))


def phases_of(times_s: Values, beats_s: Values) -> Values:
    """Give where in its beat each time lies, in [-0.03, 0.97); what lies outside of the beats is left out.

    >>> phases_of(np.array([0.2, 1.5, 1.99, 9.0]), np.array([1.0, 2.0, 3.0]))
    array([ 0.5 , -0.01])
    """
    inside = times_s[(times_s >= beats_s[0]) & (times_s <= beats_s[-1])]
    place = np.interp(inside, beats_s, np.arange(len(beats_s)))
    return np.asarray(place - np.floor(place + (1.0 - _NEXT)))

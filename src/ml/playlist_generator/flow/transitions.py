"""What every change between tracks costs, all things taken together.

Conventions
-----------
- A cost is the mean of its parts, each in [0, 1], weighed by :class:`Weights`. A part of which nothing is known counts
  as :data:`UNKNOWN`, so that a track without an analysis is neither sought nor shunned for its transitions.
- Parts that need an order (a lift of the key, the end of one track against the beginning of the next) make the matrix
  asymmetric: rows lead to columns.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import BadInput, did_you_mean
from ml.playlist_generator.flow.harmony import key_costs
from ml.playlist_generator.flow.tempo import tempo_costs

Floats = NDArray[np.float32]

UNKNOWN = 0.5
#: Differences that cost everything: of energy, in its own unit, of integrated loudness in LU, of the levels where one
#: track ends and the next begins in dB.
_ENERGY_WHOLE, _LOUDNESS_WHOLE_LU, _EDGE_WHOLE_DB = 0.4, 9.0, 24.0


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a transition counts; they are divided by their sum.

    Parameters
    ----------
    tempo, key, timbre, energy, loudness, edges : float >= 0
    """

    tempo: float = 0.30
    key: float = 0.25
    timbre: float = 0.20
    energy: float = 0.15
    loudness: float = 0.05
    edges: float = 0.05

    @classmethod
    def of(cls, **given: Any) -> Weights:
        """Take some weights, the others as they are.

        Raises
        ------
        BadInput
            If there is no such part, one is negative, or nothing is left.
        """
        names = [field.name for field in fields(cls)]
        for name, value in given.items():
            if name not in names:
                raise BadInput(f"transition weight {name!r}", did_you_mean(name, names))
            if not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise BadInput(f"transition weight {name} = {value!r}", "give a number of 0 or more")
        found = cls(**given)
        if not sum(getattr(found, name) for name in names):
            raise BadInput("all transition weights are 0", "give at least one of them some weight")
        return found


@dataclass(frozen=True)
class Sounds:
    """What transitions depend on, an entry a track; NaN, or -1 for a key, where it is unknown.

    Parameters
    ----------
    tempo_bpm, energy, loudness_lufs : float32 [shape=(n,)]
    key : int8 [shape=(n,)]
        As :mod:`ml.features.keys` numbers them.
    key_confidence : float32 in [0, 1] [shape=(n,)]
    level_in_db, level_out_db : float32 [shape=(n,)]
        How loud the track begins and ends, against its own mean.
    timbre : float32 [shape=(n, d)]
        Rows of length 1, or of zeros where it is unknown; ``d`` may be 0.
    """

    tempo_bpm: Floats
    energy: Floats
    loudness_lufs: Floats
    key: NDArray[np.int8]
    key_confidence: Floats
    level_in_db: Floats
    level_out_db: Floats
    timbre: Floats

    def take(self, rows: NDArray[np.integer]) -> Sounds:
        """Keep some tracks, in the order given."""
        return Sounds(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def transition_parts(before: Sounds, after: Sounds) -> dict[str, Floats]:
    """Give the parts of what it costs to go from each of some tracks to each of others.

    Returns
    -------
    mapping of str to float32 [shape=(n_before, n_after)], in [0, 1]
        By the names of :class:`Weights`.
    """
    sure = before.key_confidence[:, None] * after.key_confidence[None, :]
    return {
        "tempo": tempo_costs(before.tempo_bpm[:, None], after.tempo_bpm[None, :]),
        "key": key_costs(before.key[:, None], after.key[None, :], sure),
        "timbre": _timbre(before.timbre, after.timbre),
        "energy": _apart(before.energy, after.energy, _ENERGY_WHOLE),
        "loudness": _apart(before.loudness_lufs, after.loudness_lufs, _LOUDNESS_WHOLE_LU),
        "edges": _apart(before.level_out_db, after.level_in_db, _EDGE_WHOLE_DB),
    }


def transition_costs(before: Sounds, after: Sounds, weights: Weights) -> Floats:
    """Give what it costs to go from each of some tracks to each of others.

    Returns
    -------
    float32 [shape=(n_before, n_after)], in [0, 1]
    """
    parts = transition_parts(before, after)
    whole = np.float32(sum(getattr(weights, name) for name in parts))
    costs = np.zeros((len(before.key), len(after.key)), dtype=np.float32)
    for name, part in parts.items():
        costs += part * np.float32(getattr(weights, name)) / whole
    return costs


def _apart(before: Floats, after: Floats, whole: float) -> Floats:
    cost = np.minimum(np.abs(after[None, :] - before[:, None]) / np.float32(whole), 1)
    return np.where(np.isfinite(cost), cost, np.float32(UNKNOWN))


def _timbre(before: Floats, after: Floats) -> Floats:
    """Give half of one minus the cosine: 0 for the same direction, 1 for opposite ones."""
    cost = ((1 - before @ after.T) / 2).clip(0, 1).astype(np.float32)
    known = np.asarray(before.any(axis=1))[:, None] & np.asarray(after.any(axis=1))[None, :]
    return np.where(known, cost, np.float32(UNKNOWN))

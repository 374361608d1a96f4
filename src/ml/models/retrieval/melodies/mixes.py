"""In which mix somebody heard the melody that they hum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.melody import SALIENCE_RATE, salience_costs

Salience = NDArray[np.uint8]
#: A line of fewer values says nothing: two seconds.
SHORTEST = int(2 * SALIENCE_RATE)


@dataclass(frozen=True, slots=True)
class HummedMix:
    """A mix that may have the melody.

    Parameters
    ----------
    id : str
    cost : float
        How far what the hum passes falls short of what stands out most there, the mean along the path; 0 is a hum of
        the loudest voice alone.
    """

    id: str
    cost: float


class MixIndex:
    """Mixes by id, in each of which a hum is looked for in any key and tempo.

    Nothing is decided beforehand about what the melody of a mix is: a hum is warped onto what stands out of it. That is
    more often right than comparing hums with melodies that were followed in mixes, and takes longer: some 2 ms a minute
    of a mix, all of which are looked through.

    Parameters
    ----------
    saliences : mapping of str to uint8 [shape=(n_frames, n_semitones)]
        See :func:`ml.features.audio.melody.lead_salience`.
    """

    def __init__(self, saliences: Mapping[str, Salience]) -> None:
        self._saliences = dict(saliences)

    def __len__(self) -> int:
        return len(self._saliences)

    def search(self, line: Floats, count: int = 10) -> list[HummedMix]:
        """Find the mixes in which a hum costs least, the least first.

        Parameters
        ----------
        line : float32 [shape=(n,)]
            See :func:`ml.features.audio.melody.line_of`, at the rate of saliences; of under two seconds nothing is
            found.
        count : int >= 1
        """
        if len(line) < SHORTEST:
            return []
        found = [HummedMix(name, float(salience_costs(line, one)[0].min())) for name, one in self._saliences.items()]
        return sorted((one for one in found if np.isfinite(one.cost)), key=lambda one: one.cost)[:count]

"""The contexts of plays as numbers: the hour's part of the day, working day or weekend, device and activity.

Conventions
-----------
A context has a place in one table for each dimension of :mod:`ml.models.context.dimensions`; place 0 is of whatever is
not known, and says nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.models.context.dimensions import DIMENSIONS, asked, told
from ml.models.plays import Plays
from ml.models.situations import UNKNOWN

ContextTokens = NDArray[np.int16]

_SIZES = [len(values) for values in DIMENSIONS.values()]
_FIRST = dict(zip(DIMENSIONS, np.cumsum([1, *_SIZES]).tolist(), strict=False))
#: Places of the table.
N_TOKENS = 1 + sum(_SIZES)


def tokens_of(plays: Plays) -> ContextTokens:
    """Give the places of each play's context, int16 [shape=(n_plays, n_dimensions)]."""
    codes = told(plays)
    columns = [np.where(codes[name] == UNKNOWN, 0, codes[name] + first) for name, first in _FIRST.items()]
    return np.stack(columns, axis=1).astype(np.int16)


def tokens_asked(plays: Plays) -> ContextTokens:
    """Give the places of the context that each listener asks for, int16 [shape=(n_users, n_dimensions)]."""
    found = np.zeros((plays.n_users, len(_FIRST)), dtype=np.int16)
    for row, asking in enumerate(plays.asking or ()):
        codes = asked(asking)
        found[row] = [codes[name] + first if name in codes else 0 for name, first in _FIRST.items()]
    return found

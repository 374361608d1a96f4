"""Numbers of a sound in steps, each a word of the index.

A question for a stretch of a number reads every document's number; one for the words of a few steps reads lists of the
documents that have them. Stretches of moods and situations have no sharp ends, so that a step is fine enough for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from ml.intelligent_search.documents import FEATURES

#: How wide a step is, in the feature's unit; of shares of 1 where it is not said.
_WIDTHS: Mapping[str, float] = {"tempo_bpm": 5.0, "loudness_lufs": 1.0}
_OF_SHARES = 0.05


def steps_of() -> pl.Expr:
    """Give the words of documents: one for each number that is known."""
    each = [
        pl.when(pl.col(name).is_finite()).then(
            pl.format(f"{name} {{}}", (pl.col(name) / _width(name)).floor().cast(pl.Int64))
        )
        for name in FEATURES
    ]
    return pl.concat_list(each).list.drop_nulls()


def steps_between(name: str, ends: tuple[float, float]) -> list[str]:
    """Give the words of the steps whose middles lie between two ends; at least one.

    >>> steps_between("energy", (0.8, 0.95))
    ['energy 16', 'energy 17', 'energy 18']
    """
    width = _width(name)
    first, last = (round(end / width, 6) for end in ends)
    low = math.ceil(first - 0.5)
    return [f"{name} {step}" for step in range(low, max(math.ceil(last - 0.5), low + 1))]


def _width(name: str) -> float:
    return _WIDTHS.get(name, _OF_SHARES)

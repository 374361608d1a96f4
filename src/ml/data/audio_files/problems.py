"""What is wrong with a sound that can be analysed all the same."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result

#: Fewer seconds than a file promises that are still no loss: encoders round to whole frames.
ROUNDING_S = 0.2


@dataclass(frozen=True, slots=True)
class Problem(Result):
    """Something about a sound that its listener or its owner should know.

    Parameters
    ----------
    code : str
        For programs: one of those that :mod:`ml.data.audio_files` lists.
    message : str
        For people.
    """

    code: str
    message: str


def heard_of(heard_s: float, promised_s: float | None) -> str:
    """Say how much of a sound was heard, and of how much, where less was than the file promises.

    >>> heard_of(20.5, 30.0), heard_of(30.0, 30.1)
    ('20.5 s of the 30.0 s that it promises were heard', '30.0 s were heard')
    """
    if promised_s is not None and promised_s - heard_s > ROUNDING_S:
        return f"{heard_s:,.1f} s of the {promised_s:,.1f} s that it promises were heard"
    return f"{heard_s:,.1f} s were heard"


def complained(of: str) -> str:
    """Say that a decoder found something wrong."""
    return f"the decoder complained ({of}), and something may be missing"

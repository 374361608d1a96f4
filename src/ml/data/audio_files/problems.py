"""What is wrong with a sound that can be analysed all the same."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result

#: Of a sound that a decoder found something wrong with.
COMPLAINED = "the decoder complained, and something may be missing: {}"


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

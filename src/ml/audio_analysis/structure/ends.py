"""Intro and outro: a first and a last section that lead in and out."""

from __future__ import annotations

import numpy as np

from ml.features.audio.structure import Materials

#: An intro or outro is no longer than this share of the whole.
_LONGEST = 0.3
#: It is softer by so much than the sections between the two, all together, in dB.
_SOFTER_DB = 1.0
#: Sections that a song has at least where one of them is an intro or outro.
_LEAST = 3


def intro_end_s(found: Materials) -> float | None:
    """Give where the first section ends, if it is an intro: short, softer than the middle, and it never comes again.

    Something else does: where no section comes again, as in a cut of a few, nothing tells a beginning from a middle.
    """
    return float(found.edges_s[1]) if _leads(found, 0) else None


def outro_start_s(found: Materials) -> float | None:
    """Give where the last section begins, if it is an outro; see :func:`intro_end_s`."""
    return float(found.edges_s[-2]) if _leads(found, -1) else None


def _leads(found: Materials, place: int) -> bool:
    if len(found.kinds) < _LEAST or (found.kinds == found.kinds[place]).sum() > 1:
        return False
    if len(set(found.kinds.tolist())) == len(found.kinds):  # where nothing comes again, no form is heard
        return False
    lengths = np.diff(found.edges_s)
    middle = slice(1, -1)
    power = 10.0 ** (found.level_db / 10.0)
    middle_db = 10.0 * np.log10(np.average(power[middle], weights=lengths[middle]))
    short = lengths[place] <= _LONGEST * lengths.sum()
    return bool(short and found.level_db[place] <= middle_db - _SOFTER_DB)

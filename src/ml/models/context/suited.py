"""What suits one situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ml.models.plays import Floats


@dataclass(frozen=True)
class Suited:
    """How well each item suits a situation.

    Parameters
    ----------
    lift : float32 [shape=(n_items,)]
        Logarithm of how much likelier the item is there; read-only.
    used : mapping of str to str
        What had a say, part by part: ``{"activity": "workout"}``.
    unused : tuple of str
        Parts that were asked for, and that neither listens nor publications say anything of.
    learned : bool
        Whether listens say so, rather than publications.
    """

    lift: Floats
    used: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    learned: bool = False

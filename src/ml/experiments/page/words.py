"""Numbers of the page as text; a minus is a minus, not a hyphen."""

from __future__ import annotations

import math

from ml.experiments.decision import ALIKE, BETTER, WORSE, Comparison
from ml.experiments.interleaving import Preference
from ml.foundation.moments import in_utc
from ml.pages.marks import ABOVE, BASELINE, BELOW, UNCLEAR

_STANDS = {BETTER: ABOVE, WORSE: BELOW, "broken": BELOW, ALIKE: BASELINE}


def stands(each: Comparison) -> str:
    """Give the mark of a comparison: above is good, below is bad, the diamond is no difference that matters."""
    return _STANDS.get(each.stands, UNCLEAR)


def leans(found: Preference) -> str:
    """Give the mark of a preference: above is for the second ranking, below for the first."""
    if found.p_value > 1 - found.level:
        return UNCLEAR
    return ABOVE if found.share > 0.5 else BELOW


def percent(share: float | None) -> str:
    """Write a change as a share.

    >>> percent(0.1234), percent(-0.002), percent(None), percent(float("inf"))
    ('+12.3 %', '−0.2 %', '–', '?')
    """
    if share is None:
        return "–"
    if not math.isfinite(share):
        return "?"
    return f"{100 * share:+.1f} %".replace("-", "−")


def number(value: float | None) -> str:
    """Write a number.

    >>> number(1234.5), number(0.01234), number(-3.0), number(float("inf")), number(None)
    ('1,234', '0.01234', '−3', '?', '–')
    """
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "?"
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}").replace("-", "−")


def chance(p_value: float) -> str:
    """Write a p-value.

    >>> chance(0.0312), chance(1e-9), chance(1.0)
    ('0.031', 'below 0.0001', '1')
    """
    return "below 0.0001" if p_value < 0.0001 else f"{p_value:.2g}"


def moment(ms: int | None) -> str:
    """Write a moment.

    >>> moment(0), moment(None)
    ('1970-01-01 00:00 UTC', 'not yet')
    """
    return "not yet" if ms is None else in_utc(ms)

"""What an experiment may change about an answer.

Conventions
-----------
A variant fills in what a request leaves open; what the caller names stays as it was named. An experiment about anything
that the caller named is not met: no exposure is written down. So who always names an algorithm is in none about it.
The other way round with ``context``, which a variant can only switch off: an experiment about it is met where the
caller names a situation, since elsewhere there is nothing to switch off.

=============================  ======================================================================================
parameter                      is
=============================  ======================================================================================
``algorithm``                  a name of :data:`ml.models.registry.MODELS`
``familiar_ratio``             the dial, in [0, 1]
``max_per_artist``             the cap on artists
``exposure``                   shares for groups of artists; ``min_tail_share`` is short for that of the tail
``context``                    false answers as if no situation had been named
``session_strength``           how loud the session speaks; 0 switches it off
``session_half_life_minutes``  after how long it speaks half as loud
=============================  ======================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ml.experiments.definition import INTERLEAVED
from ml.experiments.exposure import Assignment
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.recommendation_engine.groups import exposure_of
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.serving import require_algorithm

#: Parameters of a variant that recommendations understand.
PARAMETERS = (
    "algorithm",
    "familiar_ratio",
    "max_per_artist",
    "exposure",
    "context",
    "session_strength",
    "session_half_life_minutes",
)
#: Written shorter: the least share of the tail.
TAIL_SHARE = "min_tail_share"
_SESSION, _MOST = {"session_strength": 0.0, "session_half_life_minutes": 0.001}, 1_000_000
_ASKED = ("algorithm", "familiar_ratio", "max_per_artist", "exposure")


def written_out(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Write parameters in full: two names of one thing would be taken for two things.

    >>> written_out({"min_tail_share": 0.2})
    {'exposure': {'tail': 0.2}}

    Raises
    ------
    BadInput
        If both names are given.
    """
    found = dict(parameters)
    if TAIL_SHARE in found:
        if "exposure" in found:
            raise BadInput(f"{TAIL_SHARE}, and exposure?", "leave one of them out")
        found["exposure"] = {"tail": found.pop(TAIL_SHARE)}
    return found


def check(parameters: Mapping[str, Any], design: str = "split") -> str:
    """Refuse parameters that no request could have; return the algorithm that is asked for.

    Raises
    ------
    BadInput
        Naming the parameter and what is allowed.
    """
    for name in parameters:
        if name not in PARAMETERS:
            raise BadInput(
                f"recommendations know no parameter {name!r}", did_you_mean(str(name), (*PARAMETERS, TAIL_SHARE))
            )
    if design == INTERLEAVED and "exposure" in parameters:
        raise BadInput("of two rankings in one list neither keeps its shares for groups", "take the design split")
    for name, value in parameters.items():
        if value is None:
            raise BadInput(f"{name} = null", "leave it out: a variant has everything as it is but what it names")
    asked: dict[str, Any] = {name: parameters.get(name) for name in _ASKED}
    if not isinstance(asked["algorithm"], str | None):
        raise BadInput(f"algorithm = {asked['algorithm']!r}", "give its name, such as 'hybrid'")
    if not isinstance(parameters.get("context", True), bool):
        raise BadInput(f"context = {parameters['context']!r}", "give true, or false, which leaves it out")
    for name, least in _SESSION.items():
        value = parameters.get(name, 1.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= _MOST:
            raise BadInput(f"{name} = {value!r}", f"give a number between {least:g} and {_MOST:,}")
    # An answer fills the parameters in as they stand; what that makes of a request must be one that can be answered.
    return require_algorithm(changed(Request.of(Settings(), count=1, **asked), parameters).algorithm)


def named(
    algorithm: str | None,
    familiar_ratio: float | None,
    max_per_artist: int | None,
    preferences: Mapping[str, Any] | None,
    exposure: Mapping[str, Any] | None = None,
) -> set[str]:
    """Say which parameters the caller named.

    >>> sorted(named("ease", None, None, {"familiar_ratio": 0.5}))
    ['algorithm', 'familiar_ratio']
    """
    dial = (preferences or {}).get("familiar_ratio") if familiar_ratio is None else familiar_ratio
    given = zip(_ASKED, (algorithm, dial, max_per_artist, exposure), strict=True)
    return {name for name, value in given if value is not None}


def vary(request: Request, assignments: Sequence[Assignment], fixed: set[str]) -> tuple[Request, list[Assignment]]:
    """Fill in what a listener's variants say.

    Parameters
    ----------
    request : Request
    assignments : sequence of Assignment
        Of different parameters. Those of interleaved experiments are met, and fill in nothing.
    fixed : set of str
        What the caller named.

    Returns
    -------
    request : Request
    met : list of Assignment
        Of the experiments that had a say, the variants that change nothing among them.
    """
    met = [each for each in assignments if meets(request, each, fixed)]
    for each in met:
        request = changed(request, each.parameters)
    return request, met


def meets(request: Request, assignment: Assignment, fixed: set[str]) -> bool:
    """Tell whether a request leaves open what an experiment is about."""
    if "context" in assignment.varied and request.asking is None:
        return False
    return not fixed & assignment.varied


def changed(request: Request, parameters: Mapping[str, Any]) -> Request:
    """Give a request as a variant has it."""
    found = dict(parameters)
    if not found.pop("context", True):
        found["asking"] = None
    if "exposure" in found:
        found["exposure"] = exposure_of(found["exposure"], 0.0)
    return replace(request, **found)

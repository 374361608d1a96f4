"""What an experiment may change about an answer.

Conventions
-----------
A variant fills in what a request leaves open; what the caller names stays as it was named. An experiment about anything
that the caller named is not met: no exposure is written down. So who always names an algorithm is in none about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ml.experiments.exposure import Assignment
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.serving import require_algorithm

#: Parameters of a variant that recommendations understand.
PARAMETERS = ("algorithm", "familiar_ratio", "max_per_artist")


def check(parameters: Mapping[str, Any]) -> str:
    """Refuse parameters that no request could have; return the algorithm that is asked for.

    Raises
    ------
    BadInput
        Naming the parameter and what is allowed.
    """
    for name in parameters:
        if name not in PARAMETERS:
            raise BadInput(f"recommendations know no parameter {name!r}", did_you_mean(str(name), PARAMETERS))
    asked: dict[str, Any] = {**dict.fromkeys(PARAMETERS), **parameters}
    if not isinstance(asked["algorithm"], str | None):
        raise BadInput(f"algorithm = {asked['algorithm']!r}", "give its name, such as 'hybrid'")
    request = Request.of(Settings(), count=1, **asked)
    return require_algorithm(request.algorithm)


def named(
    algorithm: str | None,
    familiar_ratio: float | None,
    max_per_artist: int | None,
    preferences: Mapping[str, Any] | None,
) -> set[str]:
    """Say which parameters the caller named.

    >>> sorted(named("ease", None, None, {"familiar_ratio": 0.5}))
    ['algorithm', 'familiar_ratio']
    """
    dial = (preferences or {}).get("familiar_ratio") if familiar_ratio is None else familiar_ratio
    given = zip(PARAMETERS, (algorithm, dial, max_per_artist), strict=True)
    return {name for name, value in given if value is not None}


def vary(request: Request, assignments: Sequence[Assignment], fixed: set[str]) -> tuple[Request, list[Assignment]]:
    """Fill in what a listener's variants say.

    Parameters
    ----------
    request : Request
    assignments : sequence of Assignment
        Of different parameters.
    fixed : set of str
        What the caller named.

    Returns
    -------
    request : Request
    met : list of Assignment
        Of the experiments that had a say, the variants that change nothing among them.
    """
    met = [each for each in assignments if not fixed & each.varied]
    for each in met:
        request = replace(request, **each.parameters)
    return request, met

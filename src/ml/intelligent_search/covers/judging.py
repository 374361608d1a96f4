"""How likely it is that a match is right."""

from __future__ import annotations

import math

from ml.intelligent_search.covers.matching import Match

#: From here on a cover counts as known.
KNOWN = 0.5
#: Of a logistic regression on photographs of generated covers, known and unknown (``benchmarks.training.covers``); a
#: wrong
#: match counts as three right ones, so that what is unknown is rather called so.
WEIGHTS = {
    "bias": -11.216,
    "details": 0.67,
    "explained": 2.615,
    "differing": -2.389,
    "worst": -3.074,
    "margin": 3.494,
    "cast": -7.728,
}


def parts_of(match: Match) -> dict[str, float]:
    """Name what speaks for a match and against it."""
    seen = match.comparison
    return {
        "details": float(match.inliers),
        "explained": round(seen.explained, 4),
        "differing": round(seen.differing, 4),
        "worst": round(seen.worst, 4),
        "cast": round(seen.cast, 4),
        "seen": round(seen.seen, 4),
        "margin": round(match.margin, 4),
    }


def evidence(parts: dict[str, float]) -> dict[str, float]:
    """Give what the regression sees."""
    return {
        "bias": 1.0,
        "details": math.log1p(min(parts["details"], 60.0)),
        "explained": max(parts["explained"], -0.5),
        "differing": parts["differing"],
        "worst": parts["worst"],
        "margin": math.log10(min(max(parts["margin"], 1e-4), 0.3) / 1e-4),
        "cast": min(parts["cast"], 0.5),
    }


def probability(parts: dict[str, float]) -> float:
    """Say how likely a match is right, from 0 to 1; what explains nothing is not."""
    if parts["explained"] <= 0.0:
        return 0.0
    seen = evidence(parts)
    total = sum(WEIGHTS[name] * seen[name] for name in WEIGHTS)
    return 1 / (1 + math.exp(-min(max(total, -30.0), 30.0)))

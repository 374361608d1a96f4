"""How likely it is that a match is right."""

from __future__ import annotations

import math

from ml.intelligent_search.covers.matching import Match

#: From here on a cover counts as known.
KNOWN = 0.5
#: Of a logistic regression on photographs of generated covers, known and unknown: ``benchmarks.training.covers``.
WEIGHTS = {
    "bias": -8.359,
    "details": 0.583,
    "explained": 2.731,
    "differing": -1.713,
    "worst": -1.924,
    "margin": 1.999,
    "cast": -1.482,
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
        "margin": math.log10(max(parts["margin"], 1e-5) / 1e-5),
        "cast": min(parts["cast"], 0.5),
    }


def probability(parts: dict[str, float]) -> float:
    """Say how likely a match is right, from 0 to 1."""
    seen = evidence(parts)
    total = sum(WEIGHTS[name] * seen[name] for name in WEIGHTS)
    return 1 / (1 + math.exp(-min(max(total, -30.0), 30.0)))

"""The deep part as small as the demo world needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.foundation.extras import missing
from ml.foundation.settings import Settings
from ml.models.sequential import Sequential

#: Of the transformer: it begins as a factorisation, and one epoch on top is enough to see it learn.
SMALL: Mapping[str, Any] = {"sequential": True, "embedding_dim": 32, "epochs": 1}


def small(settings: Settings) -> Settings:
    """Let the transformer be trained too, small, where its libraries are there and the deep part is wanted."""
    own = settings.recommendation_engine
    if own.sequential or not own.deep or missing("deep"):
        return settings
    return settings.model_copy(update={"recommendation_engine": own.model_copy(update=SMALL)})


def verdict(card: Mapping[str, Any]) -> str:
    """Say what the transformer adds to `hybrid_deep`, by the card of a set, or that it was not on trial."""
    worth = card.get("ranker", {}).get("worth", {}).get(Sequential.name)
    if worth is None:
        return "hybrid_deep was made without the transformer"
    kept = "stays in" if worth.low > 0 else "is left out of"
    return (
        f"the transformer adds {worth.mean:+.4f} NDCG (95 % {worth.low:+.4f} to {worth.high:+.4f}): {kept} hybrid_deep"
    )

"""Where the settings of models are searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers of a range.

    Parameters
    ----------
    low, high : float
        Both included.
    log : bool
        Whether ratios count, not differences.
    whole : bool
        Whether the numbers are whole.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def with_value(self, value: float) -> Between:
        """Widen the range so that a value lies in it."""
        return replace(self, low=min(self.low, value), high=max(self.high, value))


@dataclass(frozen=True, slots=True)
class OneOf:
    """Some values without an order."""

    values: tuple[str, ...]

    def with_value(self, value: str) -> OneOf:
        """Add a value, where it is not among them."""
        return self if value in self.values else OneOf((*self.values, value))


Space = Mapping[str, Between | OneOf]

#: By model, those that are fitted quickly first. What costs only time and never accuracy, such as a number of
#: iterations, is left alone.
SPACES: Mapping[str, Space] = MappingProxyType(
    {
        "popularity_recent": {"half_life_days": Between(1, 365, log=True)},
        "popularity_by_country": {"shrinkage": Between(1, 5_000, log=True)},
        "popularity_by_group": {"shrinkage": Between(0.01, 10, log=True)},
        "replay": {"decay": Between(0.1, 2.0), "unit_hours": Between(1, 720, log=True)},
        "content": {"artist_weight": Between(0, 1)},
        "graph_filter": {
            "alpha": Between(0, 1),
            "vectors": Between(16, 512, log=True, whole=True),
            "damping": Between(0, 1),
            "popularity": Between(0, 1),
            "sharpening": Between(0, 1),
        },
        "item_knn": {
            "neighbours": Between(20, 400, log=True, whole=True),
            "shrinkage": Between(1, 400, log=True),
            "weighting": OneOf(("bm25", "log", "none", "tfidf")),
            "damping": Between(0, 1),
            "asymmetry": Between(0, 1),
        },
        "ials": {
            "factors": Between(16, 256, log=True, whole=True),
            "regularization": Between(0.1, 100, log=True),
            "alpha": Between(0.0005, 0.5, log=True),
            "exponent": Between(0, 1),
            "confidence": Between(0, 1),
        },
        "content_tower": {
            "factors": Between(16, 256, log=True, whole=True),
            "regularization": Between(0.1, 100, log=True),
            "alpha": Between(0.0005, 0.5, log=True),
            "exponent": Between(0, 1),
            "attribute_regularization": Between(0.1, 100, log=True),
        },
        "taste_groups": {
            "groups": Between(8, 256, log=True, whole=True),
            "smoothing": Between(1, 1_000, log=True),
            "temper": Between(0.1, 1),
        },
        "slim": {"l1": Between(0.01, 10, log=True), "l2": Between(1, 1_000, log=True)},
        "bpr": {
            "factors": Between(16, 256, log=True, whole=True),
            "regularization": Between(0.0001, 0.1, log=True),
            "learning_rate": Between(0.01, 0.3, log=True),
        },
        "ease": {"regularization": Between(5, 5_000, log=True)},
    }
)


def space_around(name: str, settings: Mapping[str, Any]) -> Space:
    """Give a model's space, widened where the settings in force lie outside.

    >>> space_around("ease", {"regularization": 1.0})["regularization"]
    Between(low=1.0, high=5000, log=True, whole=False)
    """
    return {key: axis.with_value(settings[key]) for key, axis in SPACES[name].items()}

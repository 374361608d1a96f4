"""The module functions of the contract, on the workspace of the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ml.foundation import resolver
from ml.recommendation_engine.results import Recommendations


async def get_recommendations(
    user_id: str, context: Mapping[str, Any] | None = None, **options: Any
) -> Recommendations:
    """Recommend to one listener; see :meth:`RecommendationEngine.recommend`."""
    return await _engine().get_recommendations(user_id, context=context, **options)  # type: ignore[no-any-return]


async def get_contextual_recommendations(
    user_id: str,
    context: Mapping[str, Any] | None = None,
    preferences: Mapping[str, Any] | None = None,
    **options: Any,
) -> Recommendations:
    """Recommend to one listener in a situation, with wishes.

    Parameters
    ----------
    context : mapping
        Any of ``time_of_day``, ``activity``, ``location``, ``device``, ``mood``, ``weekday``, in words of
        :mod:`ml.features.vocabulary`. What of them had a say is in ``context`` of the answer.
    preferences : mapping
        Any of ``familiar_ratio``, ``energy_level``, ``genres``, ``language``, ``explicit``, ``year_from``, ``year_to``;
        see :mod:`ml.recommendation_engine.wishes`.
    """
    return await _engine().get_recommendations(  # type: ignore[no-any-return]
        user_id, context=context, preferences=preferences, **options
    )


async def process_recommendations_batch(user_ids: Sequence[str] | None = None, **options: Any) -> list[Recommendations]:
    """Recommend to many listeners, in their order; to everybody where none are named."""
    return await _engine().process_recommendations_batch(user_ids, **options)  # type: ignore[no-any-return]


def _engine() -> Any:
    return resolver.current().engine

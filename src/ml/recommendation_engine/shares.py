"""What a score is made of, in words: models that go by the same are one reason."""

from __future__ import annotations

from collections.abc import Sequence

from ml.recommendation_engine.explanation_results import Share, Source


def shares(sources: Sequence[Source]) -> tuple[Share, ...]:
    """Put together what models that say the same add to a score, the strongest first.

    >>> said = [Source("content", "its sound", 1.0, 1, 0.25), Source("content_tower", "its sound", 1.0, 2, 0.25)]
    >>> [(each.about, each.models, each.share) for each in shares([*said, Source("ease", "listeners", 1.0, 3, 0.5)])]
    [('its sound', ('content', 'content_tower'), 0.5), ('listeners', ('ease',), 0.5)]
    """
    given = [(each, each.contribution) for each in sources if each.contribution is not None and each.contribution > 0]
    total = sum(part for _, part in given)
    found: dict[str, tuple[tuple[str, ...], float]] = {}
    for each, part in given:
        models, before = found.get(each.about, ((), 0.0))
        found[each.about] = ((*models, each.name), before + part / total)
    made = [Share(about, models, share) for about, (models, share) in found.items()]
    return tuple(sorted(made, key=lambda each: -each.share))

"""Recommendations from listening history.

:class:`RecommendationEngine` (``EnhancedRecommendationEngine`` is its second name) answers
what a listener may want to hear, from everything up to a moment ago: events are folded into
the models when asked, nothing is trained for that.

Conventions
-----------
- Listeners and items are named by outside ids (``hetrec:user/2``); short forms and exact
  names are accepted where they are unique.
- ``familiar_ratio`` is the dial between what the listener knows (ranked by replay) and what
  is new to them (ranked by the algorithm). The default, 0.2, is two familiar items in ten:
  enough to be met where one is, mostly discovery. Heard items are never among the new ones.
- A score is comparable among items of one ``source`` for one listener, nothing else.
- A context moves scores, preferences move or exclude (:mod:`ml.recommendation_engine.wishes`); without them nothing
  is guessed. ``context_effect`` of an item is what they add to its score.
- ``exposure`` gives groups of artists a share of the new items, and the answer says what came of it; who is shown at
  all is measured by :mod:`ml.recommendation_engine.exposure`.
- A reason names listens and what the score would be without each, by asking the same models
  again: an exact counterfactual.
- Verbs: ``recommend``, ``recommend_batch``, ``similar``, ``record``, ``undo``, ``pause_history``, ``resume_history``,
  ``score``, ``explain``, ``main_parameters``;
  ``recommend_from`` and ``onboard`` for strangers, of whom nothing is stored; the ``await`` names of the
  contract run them in a worker thread.
"""

from ml.recommendation_engine.contract import (
    get_contextual_recommendations,
    get_recommendations,
    process_recommendations_batch,
)
from ml.recommendation_engine.engine import RecommendationEngine
from ml.recommendation_engine.explanation_results import (
    ContextPart,
    Explanation,
    Factor,
    Listen,
    MainParameters,
    Parameter,
    Signal,
    Source,
    WishFit,
)
from ml.recommendation_engine.onboarding import Onboarding, Question
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.results import (
    Because,
    HistoryState,
    Recommendation,
    Recommendations,
    Recorded,
    SimilarItem,
    SimilarItems,
)

EnhancedRecommendationEngine = RecommendationEngine

__all__ = [
    "Because",
    "ContextPart",
    "EngineParts",
    "EnhancedRecommendationEngine",
    "Explanation",
    "Factor",
    "HistoryState",
    "Listen",
    "MainParameters",
    "Onboarding",
    "Parameter",
    "Question",
    "Recommendation",
    "RecommendationEngine",
    "Recommendations",
    "Recorded",
    "Signal",
    "SimilarItem",
    "SimilarItems",
    "Source",
    "WishFit",
    "get_contextual_recommendations",
    "get_recommendations",
    "process_recommendations_batch",
]

"""What the playlist generator asks of the recommendation engine and of the audio library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ml.data.schema import audio_analyses
from ml.data.store import Store
from ml.playlist_generator import Scores

if TYPE_CHECKING:
    from ml.recommendation_engine import RecommendationEngine
    from ml.recommendation_engine.ratings import Ratings


class EngineTastes:
    """The engine as the generator wants it: who likes what.

    Parameters
    ----------
    engine : callable
        Gives the engine when it is first asked: most playlists are for nobody in particular.
    """

    def __init__(self, engine: Callable[[], RecommendationEngine]) -> None:
        self._engine = engine

    def taste(self, user_id: str) -> Scores | None:
        """Score all items for a listener; see :meth:`RecommendationEngine.ratings`."""
        return _scores(self._engine().ratings(user_id))

    def beside(self, keys: Sequence[int]) -> Scores | None:
        """Score all items beside some; see :meth:`RecommendationEngine.ratings_beside`."""
        return _scores(self._engine().ratings_beside(keys))

    def suited(self, context: Mapping[str, str]) -> Scores | None:
        """Score all items for a situation; see :meth:`RecommendationEngine.ratings_in`."""
        return _scores(self._engine().ratings_in(context))


def _scores(found: Ratings | None) -> Scores | None:
    return None if found is None else Scores(found.keys, found.scores, found.heard)


def has_sounds(store: Store) -> bool:
    """Tell whether any sound was analysed."""
    with store.read() as connection:
        return bool(connection.execute(select(func.count()).select_from(audio_analyses)).scalar())

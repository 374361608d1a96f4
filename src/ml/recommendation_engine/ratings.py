"""Scores of every item at once, for capabilities that choose among all of them, such as playlists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Model
from ml.models.context import Context
from ml.models.plays import Floats, Plays
from ml.recommendation_engine.asked import key_of
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.profile import Profiles
from ml.recommendation_engine.request import listeners
from ml.recommendation_engine.serving import BASE, Current, Serving
from ml.recommendation_engine.similar import beside
from ml.recommendation_engine.wishes import CONTEXT, asking_of, check_names

if TYPE_CHECKING:
    from sqlalchemy import Connection


#: What the weights in the hybrid are multiplied by beside a list, which is shorter and more of a piece than what one
#: listens to, and the power of popularity that decides between items that go with it as well. Chosen on lists and
#: listeners that the benchmark ``playlist_continuation`` does not report on.
_LOUDER: Mapping[str, float] = MappingProxyType({"content_tower": 3.0, "content": 0.5})
_POPULARITY, _LEAST_POPULAR = 0.1, 0.05


@dataclass(frozen=True)
class Ratings:
    """Scores of all items that the models know.

    Parameters
    ----------
    keys : int64 [shape=(n,)]
    scores : float32 [shape=(n,)]
        By the hybrid; NaN for what the listener has blocked.
    heard : bool [shape=(n,)]
        Which of them the listener has played.
    """

    keys: NDArray[np.int64]
    scores: NDArray[np.float32]
    heard: NDArray[np.bool_]


class Rated:
    """The verbs of the engine that score everything."""

    if TYPE_CHECKING:
        _parts: EngineParts
        _current: Current

        def _profiles(self, connection: Connection, serving: Serving, user_keys: Sequence[int]) -> Profiles: ...

    def ratings(self, user_id: str) -> Ratings | None:
        """Score every item for a listener, what they know too.

        Returns
        -------
        Ratings or None
            None where nobody is called so, or nothing is known of what they like, or may be looked at.

        Raises
        ------
        NotTrained, AmbiguousId, BadInput
        """
        if not self._parts.settings.profiling:
            return None
        serving = self._current.get()
        (user_id,) = listeners([user_id])
        with self._parts.store.read() as connection:
            key = key_of(connection, user_id)
            profiles = None if key is None else self._profiles(connection, serving, [key])
        if profiles is None or not len(profiles.asked.items):
            return None
        model: Model = serving.grown(BASE)
        scores = model.score(profiles.asked)[0].astype(np.float32)
        profiles.damping[0].lower(scores)
        scores[profiles.left_out[0]] = np.nan
        heard = np.zeros(len(scores), dtype=np.bool_)
        heard[profiles.played.items] = True
        return Ratings(serving.catalogue.vocabulary.keys, scores, heard)

    def ratings_beside(self, keys: Sequence[int]) -> Ratings | None:
        """Score every item for somebody who has heard some only: a list.

        Popularity has no say of its own; it decides between items that go with the list about as well.

        Parameters
        ----------
        keys : sequence of int
            Of items.

        Returns
        -------
        Ratings or None
            None where the models know none of them.

        Raises
        ------
        NotTrained
        """
        serving = self._current.get()
        vocabulary = serving.catalogue.vocabulary
        indices = vocabulary.indices(np.array(list(keys), dtype=np.int64))
        indices = np.unique(indices[indices >= 0])
        if not len(indices):
            return None
        scores = beside_list(serving.model(BASE), indices, len(vocabulary.keys))
        heard = np.zeros(len(scores), dtype=np.bool_)
        heard[indices] = True
        return Ratings(vocabulary.keys, np.asarray(scores, dtype=np.float32), heard)

    def ratings_in(self, context: Mapping[str, str]) -> Ratings | None:
        """Score every item for a situation: the logarithm of how many times as likely it is there, for anybody.

        Parameters
        ----------
        context : mapping of str to str
            As :meth:`RecommendationEngine.recommend` takes it.

        Returns
        -------
        Ratings or None
            None where neither listens nor publications say anything of that situation.

        Raises
        ------
        NotTrained, BadInput
        """
        check_names("context", context, CONTEXT)
        asking = asking_of(context)
        serving = self._current.get()
        model = serving.models.models.get(Context.name)
        suited = model.adjust(asking) if asking is not None and isinstance(model, Context) else None
        if suited is None or not suited.used:
            return None
        keys = serving.catalogue.vocabulary.keys
        return Ratings(keys, suited.lift, np.zeros(len(keys), dtype=np.bool_))


def beside_list(model: Model, indices: NDArray[np.integer], n_items: int) -> Floats:
    """Score all items for somebody who has heard a list only, float32 [shape=(n_items,)].

    Parameters
    ----------
    model : Model
        A hybrid, as a rule: its members' weights are other ones beside a list, and what speaks for an item is
        multiplied with a small power of its popularity.
    indices : int [shape=(n,)]
    n_items : int
    """
    scores = beside(model, indices, n_items, louder=_LOUDER)
    popularity = next((one for one in getattr(model, "members", ()) if one.name.startswith("popularity")), None)
    if popularity is None:
        return scores
    share = popularity.score(Plays.of([[]], n_items=n_items))[0]
    return np.where(scores > 0, scores * np.maximum(share, _LEAST_POPULAR) ** np.float32(_POPULARITY), scores)

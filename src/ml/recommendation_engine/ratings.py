"""Scores of every item at once, for capabilities that choose among all of them, such as playlists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Model
from ml.recommendation_engine.asked import key_of
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.profile import Profiles
from ml.recommendation_engine.request import listeners
from ml.recommendation_engine.serving import BASE, Current, Serving
from ml.recommendation_engine.similar import beside

if TYPE_CHECKING:
    from sqlalchemy import Connection


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
        """Score every item for somebody who has heard some only, popularity left out.

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
        scores = beside(serving.model(BASE), indices, len(vocabulary.keys))
        heard = np.zeros(len(scores), dtype=np.bool_)
        heard[indices] = True
        return Ratings(vocabulary.keys, np.asarray(scores, dtype=np.float32), heard)

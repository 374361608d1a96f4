"""Which items fit the wishes of a request, genres and a level of energy, by what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.features.vocabulary import Region
from ml.foundation.phrase import Phrase, plain_number
from ml.models.context import Context
from ml.recommendation_engine.explanation_results import WishFit
from ml.recommendation_engine.facts import Facts
from ml.recommendation_engine.wishes import Wishes
from ml.recommendation_engine.words import say


@dataclass(frozen=True)
class Wished:
    """What was wished for, as it looks on the items of a vocabulary.

    Parameters
    ----------
    genres : mapping of str to bool [shape=(n_items,)]
        Which items are of each genre.
    level : float in [0, 1], optional
        Of energy.
    energy : Region, optional
        What is near that level.
    """

    genres: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    level: float | None = None
    energy: Region | None = None

    @classmethod
    def of(cls, wishes: Wishes, facts: Facts | None, context: Context | None, n_items: int) -> Self:
        """Look the wishes up.

        Parameters
        ----------
        facts : Facts, optional
            Needed where genres are wished for, and has them.
        """
        genres: dict[str, NDArray[np.bool_]] = {}
        for genre in wishes.genres:
            genres[genre] = np.zeros(n_items, dtype=np.bool_)
            if facts is not None:
                genres[genre][facts.of_genre(genre)] = True
        if wishes.energy is None or context is None:
            return cls(genres)
        return cls(genres, wishes.energy, context.near_energy(wishes.energy))

    def fits(self, index: int, sound: Mapping[str, float]) -> list[WishFit]:
        """Tell how an item is to each wish, in phrases.

        Parameters
        ----------
        index : int
        sound : mapping of str to float
            Its known features.
        """
        found = []
        if self.genres:
            mine = tuple(genre for genre, members in self.genres.items() if members[index])
            found.append(WishFit("genres", _listed(tuple(self.genres)), _listed(mine) if mine else None))
        if self.energy is not None and self.level is not None:
            wanted, energy = say("wish energy", energy=_short(self.level)), sound.get("energy")
            near = energy is not None and self.energy.distance("energy", energy) == 0
            has = say("wish energy", energy=_short(energy)) if near and energy is not None else None
            found.append(WishFit("energy_level", wanted, has))
        return found

    def words(self, index: int, sound: Mapping[str, float]) -> str:
        """Say what of an item was wished for; empty where nothing was, or it does not fit."""
        has = tuple(each.has for each in self.fits(index, sound) if each.has)
        return say("as_wished", names=has) if has else ""


def _listed(names: tuple[str, ...]) -> Phrase:
    return say("wish genres", names=names)


def _short(energy: float) -> Phrase:
    return plain_number(round(energy, 2))

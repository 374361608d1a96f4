"""One question's situation and preferences, as numbers for every item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.features.vocabulary import ACTIVITIES, LOCATIONS, MOODS, Region
from ml.models.base import Model
from ml.models.context import Context, Suited, likelier, shift
from ml.models.context.words import in_words
from ml.models.exposure import Bound
from ml.models.plays import Floats, Plays
from ml.models.ranker import Wish, has_trees
from ml.recommendation_engine.explanation_results import WishFit
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.session import lower
from ml.recommendation_engine.wished import Wished
from ml.recommendation_engine.words import chained, say, sound, word

#: Logarithm of how many times as likely an item of a wanted genre counts: a hundred. With twenty, the lists of
#: ``hybrid_deep`` for listeners of the demo world who never hear a genre were mostly of others.
GENRE_LIFT = np.log(100.0)
#: An item is called fit for a situation where it is so much likelier there.
SUITS = 1.1


def zero_of(model: Model) -> float:
    """Give the score of what a model gives no chance: candidates that trees have ranked have 1 and their chance."""
    return 1.0 if has_trees(model) else 0.0


@dataclass(frozen=True)
class Situation:
    """What a question's context and preferences do to every item.

    Parameters
    ----------
    context : Context, optional
        The model; None where the set has none.
    suited : Suited, optional
        What the context does; None where none was given.
    lift : float32, optional [shape=(n_items,)]
        What context and preferences do together; None where they move nothing.
    allowed : bool, optional [shape=(n_items,)]
        Which items the preferences leave; None for all.
    notices : tuple of str
    bounds : tuple of Bound
        What shares of the new items groups of artists are given.
    wished : Wished
        Which items fit the wishes.
    """

    context: Context | None = None
    suited: Suited | None = None
    lift: Floats | None = None
    allowed: NDArray[np.bool_] | None = None
    notices: tuple[str, ...] = field(default=())
    bounds: tuple[Bound, ...] = ()
    wished: Wished = field(default_factory=Wished)

    @property
    def used(self) -> Mapping[str, str]:
        """What of the context had a say, part by part."""
        return {} if self.suited is None else self.suited.used

    @property
    def wish(self) -> Wish:
        """What a ranker chooses candidates by."""
        return Wish(self.lift, self.allowed)

    def score(self, model: Model, history: Plays) -> tuple[Floats, Floats | None]:
        """Score all items for some listeners; where trees give chances, these are moved already.

        Returns
        -------
        scores : float32 [shape=(n_users, n_items)]
            The caller's to change.
        moved : float32, optional [shape=(n_users, n_items)]
            What of them the situation added; None where :meth:`shift_new` is still to come.
        """
        if self.wish and has_trees(model):
            plain, moved = model.score_wished(history, self.wish)
            # Filters choose candidates, and add nothing to a score.
            return moved, None if self.lift is None else moved - plain
        return np.require(model.score(history), requirements="W"), None

    def shift_new(self, scores: Floats) -> Floats | None:
        """Give what is to be added to a listener's scores of new items."""
        return None if self.lift is None else shift(scores, self.lift)

    def move(
        self, model: Model, scores: NDArray[np.float64], index: int, effect: float, factor: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        """Lower and move other scores of an item, such as those without a listen, as its own was.

        Parameters
        ----------
        model : Model
            What scored it.
        scores : float64 [shape=(n,)]
        index : int
            The item's.
        effect : float
            What was added to its own score, for models whose scores are no chances.
        factor : float in (0, 1] [shape=(1,)]
            What early skips leave of a score.
        """
        zero = zero_of(model)
        if self.lift is not None and has_trees(model):
            moved = 1 + likelier((scores - 1).astype(np.float32), self.lift[index : index + 1])
            return lower(moved, factor, zero=zero)
        return (scores if factor[0] == 1 else lower(scores.astype(np.float32), factor, zero=zero)) + effect

    def remembered(self, history: Plays) -> Plays:
        """Let a listener's own plays in the situation count more."""
        return history if self.context is None else self.context.remember(history)

    def lift_known(self, scores: Floats, known: NDArray[np.integer]) -> Floats:
        """Move the scores of familiar items, which are logarithms of one plus what speaks for them."""
        if self.lift is None:
            return scores
        moved: Floats = np.log1p(np.expm1(scores) * np.exp(self.lift[known]))
        return moved

    def fits(self, index: int) -> list[WishFit]:
        """Tell how an item is to each wish."""
        return self.wished.fits(index, self._sound(index))

    def words(self, index: int) -> str:
        """Say why an item suits context and wishes, as far as its own values bear it out; empty where they do not."""
        wished = self.wished.words(index, self._sound(index))
        return chained("both", [each for each in (self._suits(index), wished) if each])

    def _sound(self, index: int) -> Mapping[str, float]:
        return {} if self.context is None or self.wished.energy is None else self.context.sound(index)

    def _suits(self, index: int) -> str:
        """Say why an item suits the context."""
        if self.context is None or self.suited is None or self.suited.lift[index] <= np.log(SUITS):
            return ""
        said: list[str] = []
        for part, name in self.suited.used.items():
            region = _region(part, name)
            heard = in_words(self.context.sound(index), region) if region is not None else []
            if heard:
                what = say("mood", word=word(name)) if part == "mood" else word(name)
                said.append(say("suits", word=what, sound=chained("comma", [sound(each) for each in heard])))
        if not said and self.suited.learned:
            times = float(np.exp(self.suited.lift[index]))
            said = [say("suits_times", words=tuple(word(name) for name in self.suited.used.values()), times=times)]
        return chained("both", said)


def situation_of(connection: Connection, serving: Serving, request: Request) -> Situation:
    """Work out what a request's context and preferences mean for the items of a set.

    Raises
    ------
    BadInput
        If a genre is not in the catalogue.
    """
    wishes = request.wishes
    model = serving.models.models.get(Context.name)
    context = model if isinstance(model, Context) else None
    situation = Situation(context)
    if request.asking is not None:
        situation = _with_context(situation, request)
    if wishes.energy is not None:
        situation = _with_energy(situation, wishes.energy)
    if wishes.genres:
        lift = np.zeros(len(serving.catalogue.vocabulary.keys), dtype=np.float32)
        lift[serving.facts.get(connection).of_genres(wishes.genres)] = GENRE_LIFT
        situation = _moved(situation, lift)
    if wishes.genres or wishes.energy is not None:
        facts = serving.facts.get(connection) if wishes.genres else None
        n_items = len(serving.catalogue.vocabulary.keys)
        situation = replace(situation, wished=Wished.of(wishes, facts, context, n_items))
    if wishes.filters:
        allowed = serving.facts.get(connection).allowed(wishes)
        said = () if allowed.any() else (say("filters_all"),)
        situation = replace(situation, allowed=allowed, notices=(*situation.notices, *said))
    if request.exposure:
        situation = replace(situation, bounds=serving.groups.get(connection).bounds(request.exposure))
    return situation


def _with_context(situation: Situation, request: Request) -> Situation:
    assert request.asking is not None
    if situation.context is None:
        return replace(situation, notices=(say("context_unknown"),))
    suited = situation.context.adjust(request.asking)
    notices = (_unused(suited),) if suited.unused else ()
    return _moved(replace(situation, suited=suited, notices=notices), suited.lift)


def _unused(suited: Suited) -> str:
    parts = chained("comma", [say(f"part {name}") for name in suited.unused])
    if suited.used:
        used = chained("comma", [say(f"part {name}") for name in suited.used])
        return say("unused_beside", parts=parts, used=used)
    return say("unused", parts=parts)


def _with_energy(situation: Situation, level: float) -> Situation:
    lift = None if situation.context is None else situation.context.of_energy(level)
    if lift is None:
        return replace(situation, notices=(*situation.notices, say("no_energy")))
    return _moved(situation, lift)


def _moved(situation: Situation, lift: Floats) -> Situation:
    if not lift.any():
        return situation
    return replace(situation, lift=lift if situation.lift is None else situation.lift + lift)


def _region(part: str, word: str) -> Region | None:
    if part == "mood":
        return MOODS[word].region
    activity = LOCATIONS[word].activity if part == "location" else word if part == "activity" else None
    return None if activity is None else ACTIVITIES[activity].region

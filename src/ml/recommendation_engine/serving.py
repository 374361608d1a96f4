"""The models that answer now, and the change to newer ones while the process runs."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

from ml.data.store import Store
from ml.foundation.errors import BadInput, MissingExtra, NotTrained, did_you_mean
from ml.foundation.extras import install_command
from ml.foundation.settings import Recommendation
from ml.models import files, pointer
from ml.models.base import Model
from ml.models.blend import Blend
from ml.models.first_guess import FirstGuess
from ml.models.group_popularity import GroupPopularity
from ml.models.growing import Growing, Growth
from ml.models.ranker import Ranker
from ml.models.registry import MODELS
from ml.models.sequential import Sequential
from ml.models.taste_groups import TasteGroups
from ml.models.training import make_models
from ml.recommendation_engine.catalogue import Catalogue
from ml.recommendation_engine.facts import LazyFacts
from ml.recommendation_engine.groups import LazyGroups
from ml.recommendation_engine.histories import Vocabulary
from ml.recommendation_engine.words import say

#: Where the deep part of this algorithm is missing, it answers as its base, and says so.
DEEP, BASE = Ranker.name, Blend.name
#: What its trees and its encoder are read by.
_READERS = ("lightgbm", "onnxruntime")
_INSTALL = f"{install_command('deep')} && ml train"
#: What `ml train` makes, and what it makes where it is asked to.
TRAINED = frozenset(make_models(Recommendation())) | {DEEP}
TRAINED_WITH_PORTFOLIO = frozenset(make_models(Recommendation(portfolio=True)))


@dataclass(frozen=True)
class Serving:
    """One set of models and the catalogue of their items.

    Parameters
    ----------
    version : str
    models : files.ModelSet
    catalogue : Catalogue
    facts : LazyFacts
    """

    version: str
    models: files.ModelSet
    catalogue: Catalogue
    facts: LazyFacts

    @property
    def read_at(self) -> int:
        """When what the models learned from was read from the store, UTC milliseconds; 0 where no card says so."""
        return int(self.models.card.get("read_at", 0))

    @cached_property
    def suspended(self) -> set[int]:
        """Experiments, by id, whose suspension is in the log already: once a set of models and process."""
        return set()

    @cached_property
    def groups(self) -> LazyGroups:
        """Groups of artists, read when they are first asked for."""
        return LazyGroups(self.catalogue)

    def model(self, name: str) -> Model:
        """Give a model of the set by name.

        Raises
        ------
        NotTrained
            If this set has none of that name.
        """
        if name not in self.models.models:
            raise _untrained(name)
        return self.models.models[name]

    def grown(self, name: str) -> Model:
        """Give a model as it answers: beside the hybrid, what a newcomer's kind listens to has a voice.

        Raises
        ------
        NotTrained
            If this set has none of that name.
        """
        model, growth = self.model(name), Growth.of(self.models.card)
        if name != BASE or not growth:
            return model
        return Growing(model, self.first_guess, growth)

    @cached_property
    def first_guess(self) -> FirstGuess:
        """Give what answers where little is known.

        Raises
        ------
        NotTrained
            If the set is of an earlier version, which had none.
        """
        taste, profile = self.model(TasteGroups.name), self.model(GroupPopularity.name)
        assert isinstance(taste, TasteGroups)
        assert isinstance(profile, GroupPopularity)
        return FirstGuess(taste, profile)


def _how_to_get(name: str) -> str:
    if name in TRAINED:
        return "train again: ml train"
    if name in TRAINED_WITH_PORTFOLIO:
        return "train it too: ml train --portfolio"
    if name == Sequential.name:
        return "train it too: ml train --sequential"
    return "it is only measured so far: ml evaluate"


class Current:
    """Keeps the current set loaded, and loads the next one when the pointer moves.

    Parameters
    ----------
    store : Store
    models_root : Path
    """

    def __init__(self, store: Store, models_root: Path) -> None:
        self._store, self._root = store, models_root
        self._lock = threading.Lock()
        self._serving: Serving | None = None

    def get(self) -> Serving:
        """Give the models that answer now.

        Raises
        ------
        NotTrained
            If nothing was trained yet.
        CorruptModel
            If the files are not what their card says.
        """
        version = pointer.current(self._root)
        if version is None:
            raise NotTrained("no models yet", "train them: ml train", code="no_models")
        serving = self._serving
        if serving is not None and serving.version == version:
            return serving
        with self._lock:
            if self._serving is None or self._serving.version != version:
                self._serving = self._load(version)
            return self._serving

    def _load(self, version: str) -> Serving:
        models = files.load_set(self._root / version)
        vocabulary = Vocabulary(models.item_keys)
        with self._store.read() as connection:
            catalogue = Catalogue.read(connection, vocabulary, models.item_kind)
        return Serving(version, models, catalogue, LazyFacts(vocabulary, catalogue.roots))


def require_algorithm(name: str) -> str:
    """Refuse a name that no algorithm has; give it back.

    Raises
    ------
    BadInput
    """
    if name not in MODELS:
        raise BadInput(f"unknown algorithm {name!r}", did_you_mean(name, list(MODELS)))
    return name


def resolve_algorithm(serving: Serving, name: str, *, strict: bool) -> tuple[str, tuple[str, ...]]:
    """Give the algorithm that will answer, and what has to be said about it.

    Raises
    ------
    BadInput
        If there is no such algorithm.
    MissingExtra, NotTrained
        If the deep part is insisted on.
    """
    if require_algorithm(name) != DEEP:
        return name, ()
    error = why_not(name, serving.models.models)
    if error is None:
        return name, ()
    if strict:
        raise error
    return BASE, (say("lesser", deep=DEEP, base=BASE, why=error.message, how=error.hint),)


def why_not(name: str, models: Collection[str]) -> MissingExtra | NotTrained | None:
    """Say why a set of models cannot answer as an algorithm; None where it can.

    Parameters
    ----------
    name : str
        Of an algorithm.
    models : collection of str
        Names of the models of the set.
    """
    library = _first_missing(_READERS) if name == DEEP else None
    if library is not None:
        return MissingExtra(say("no_library", library=library), _INSTALL)
    if name in models:
        return None
    return NotTrained(say("no_deep"), "ml train", code="no_models") if name == DEEP else _untrained(name)


def _untrained(name: str) -> NotTrained:
    return NotTrained(say("no_model", algorithm=name), _how_to_get(name))


@cache
def _first_missing(libraries: tuple[str, ...]) -> str | None:
    """Name the first library that is not installed; looked for once, since that is a walk through many folders."""
    return next((library for library in libraries if find_spec(library) is None), None)

"""The protocol of a model."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.errors import NotTrained
from ml.models.plays import Floats, Indices, Plays

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class TrainingData:
    """What a model may learn from.

    Parameters
    ----------
    plays : Plays
        What listeners heard.
    tags : scipy.sparse.csr_matrix, float32 >= 0 [shape=(n_items, n_tags)]
        How strongly each item carries each tag or genre; may have no columns.
    artists : int32 [shape=(n_items,)]
        Index of each item's first artist among the artists; -1 where unknown. Items of
        one artist share it.
    held_out : scipy.sparse.csr_matrix, optional [shape=(n_users, n_items)]
        1 where a listener played an item that was put aside to choose settings and weights by: nothing to
        fit on. Where it is None, a model that needs such a part carves one out of the plays.
    features : float32, optional [shape=(n_items, n_features)]
        What extractors measured of each item's sound, in the units of the feature's name; ``nan`` where unknown.
    feature_names : tuple of str
        Sorted; the columns of ``features``.
    years : int16, optional [shape=(n_items,)]
        Of release; 0 where unknown.
    languages : int16, optional [shape=(n_items,)]
        Positions in ``language_names``; -1 where unknown.
    language_names : tuple of str
        Sorted.
    explicit : int8, optional [shape=(n_items,)]
        1 with explicit words, 0 without; -1 where unknown.
    """

    plays: Plays
    tags: csr_matrix
    artists: Indices
    held_out: csr_matrix | None = None
    features: Floats | None = None
    feature_names: tuple[str, ...] = ()
    years: NDArray[np.int16] | None = None
    languages: NDArray[np.int16] | None = None
    language_names: tuple[str, ...] = ()
    explicit: NDArray[np.int8] | None = None

    @property
    def n_items(self) -> int:
        """Size of the vocabulary."""
        return self.plays.n_items


class Model(Protocol):
    """A scorer. Its settings are the ``init`` fields of a dataclass; what it learned are arrays."""

    name: ClassVar[str]
    """The name that ``algorithm=`` takes."""

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary it was fitted on; None before :meth:`fit`."""
        ...

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn from plays and items, leaving the inputs alone; return self."""
        ...

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score items for each listener of a history, by fold-in.

        Parameters
        ----------
        history : Plays
            Any listeners, known at training or not.
        items : int32 [shape=(n,)], optional
            Score only these; the result equals those columns of the full result.

        Returns
        -------
        float32 [shape=(n_users, n_items or n)]
            Finite. A listener without history gets finite scores too. May be read-only, where
            all listeners share a row: whoever wants to change it makes a copy.

        Raises
        ------
        ml.foundation.errors.NotTrained
            Before :meth:`fit`.
        """
        ...

    def arrays(self) -> Arrays:
        """Give what was learned as plain arrays (numbers and fixed-width strings, no objects)."""
        ...

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave; return self."""
        ...


@runtime_checkable
class Composite(Protocol):
    """What a model has besides that is made of others: a set of models keeps each member once, under its own name."""

    members: tuple[Model, ...]

    def own_arrays(self) -> Arrays:
        """Give what was learned beside the members."""
        ...

    def own_config(self) -> dict[str, Any]:
        """Give the settings beside the members."""
        ...


def parts_of(model: Model) -> tuple[Model, ...]:
    """List the members of a model; none where it is not made of others."""
    return model.members if isinstance(model, Composite) else ()


def arrays_of_members(whole: Composite) -> Arrays:
    """Give the arrays of a model's members, as ``member/array``."""
    return {f"{member.name}/{key}": array for member in whole.members for key, array in member.arrays().items()}


def restore_members(whole: Composite, arrays: Arrays) -> None:
    """Give the members back what :func:`arrays_of_members` gave; those without arrays there stay as they are."""
    for member in whole.members:
        prefix = f"{member.name}/"
        own = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
        if own:
            member.restore(own)


def config_of(model: Model) -> dict[str, Any]:
    """Read a model's settings: the fields its constructor takes."""
    return {field.name: getattr(model, field.name) for field in fields(model) if field.init}  # type: ignore[arg-type]


def require_fitted(model: Model, history: Plays) -> None:
    """Refuse to score before fitting, or for a history of another vocabulary.

    Parameters
    ----------
    model : Model
    history : Plays

    Raises
    ------
    ml.foundation.errors.NotTrained
        Before fitting.
    ValueError
        If the history indexes another vocabulary: the scores would be of other items.
    """
    if model.n_items is None:
        raise NotTrained(f"the model {model.name!r} has not been trained", "ml train", code="no_models")
    if history.n_items != model.n_items:
        raise ValueError(f"{model.name!r} knows {model.n_items} items, the history speaks of {history.n_items}")

"""What a workspace answers about itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.data.workspace import Status
from ml.foundation.results import Result, plain

if TYPE_CHECKING:
    from ml.evaluation import Tuning
    from ml.models import files


@dataclass(frozen=True, slots=True)
class AppStatus(Result):
    """What a workspace holds and how good its models are.

    Parameters
    ----------
    data : ml.data.workspace.Status
    models : str or None
        Version of the models that answer.
    scores : dict
        By model; see :mod:`ml.models.training`.
    problem : str or None
        Why the models cannot be read.
    news : str or None
        Which import the models do not know, or only in part.
    """

    data: Status
    models: str | None
    scores: dict[str, Any]
    problem: str | None = None
    news: str | None = None


@dataclass(frozen=True, slots=True)
class Begun(Result):
    """A workspace that was taken up.

    Parameters
    ----------
    home : Path
    already : bool
        Whether it had been before.
    since : str or None
        When it was begun before, ISO 8601, UTC; None where it was not, or the time was not kept.
    """

    home: Path
    already: bool
    since: str | None


@dataclass(frozen=True, slots=True)
class Trained:
    """A training run.

    Parameters
    ----------
    version : str
    models : ml.models.files.ModelSet
    in_use : bool
        Whether these models answer from now on; ``models.card["gate"]`` says why.
    news : str or None
        Which import they know only in part.
    lost : tuple of str
        Running experiments that could not go on with these models: the reason why they are not in use, where they
        could be.
    """

    version: str
    models: files.ModelSet
    in_use: bool
    news: str | None = None
    lost: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the models' card, their version, and whether they answer from now on."""
        return {**plain(self.models.card), "version": self.version, "in_use": self.in_use, "lost": list(self.lost)}


@dataclass(frozen=True, slots=True)
class Search(Result):
    """A search for settings on a workspace.

    Parameters
    ----------
    kind : str
    task : str
    split : str
        In words: settings were chosen on a part of its first half.
    models : dict of str to Tuning
    not_reached : tuple of str
        Models that the time was over for before their first trial.
    file : Path
        Where the settings are kept: of discovery, for ``ml train``; of either task, for ``ml evaluate``.
    """

    kind: str
    task: str
    split: str
    models: dict[str, Tuning]
    not_reached: tuple[str, ...]
    file: Path

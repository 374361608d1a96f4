"""The sets of models of a workspace, which of them answers, and the experiments that need them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ml.app.experiments import Experiments
from ml.data.demo import LABEL
from ml.data.workspace import DEMO, Workspace
from ml.foundation.errors import BadInput
from ml.models import pointer
from ml.models.listing import KnownSet, card_of, list_sets
from ml.recommendation_engine.words import say


class ModelSets:
    """What :class:`~ml.app.app.App` does with the sets of models and with experiments; it has the workspace."""

    workspace: Workspace

    @cached_property
    def experiments(self) -> Experiments:
        """The experiments of this workspace."""
        return Experiments(self.workspace, self.notices)

    @property
    def notices(self) -> tuple[str, ...]:
        """What everything that this workspace answers should say, such as that it is synthetic."""
        return (say("demo", label=LABEL),) if self.workspace.label == DEMO else ()

    def model_sets(self) -> list[KnownSet]:
        """List the sets of models, the newest first."""
        return list_sets(self.workspace.models)

    def model_card(self, version: str | None = None) -> dict[str, Any]:
        """Give the card of a set, or of the one in use.

        Raises
        ------
        UnknownId, NotTrained, CorruptModel
        """
        return card_of(self.workspace.models, version)

    def promote(self, version: str) -> None:
        """Let a set of models answer from now on, whatever the gate said of it.

        Raises
        ------
        BadInput
            If a running experiment asks for a model that the set has not.
        UnknownId, CorruptModel
        """
        self._refuse_loss(version)
        pointer.promote(self.workspace.models, version)

    def rollback(self) -> str:
        """Let the set answer that did before this one; return its version.

        Raises
        ------
        BadInput
            If there was none, or a running experiment asks for a model that it has not.
        CorruptModel
        """
        before = pointer.before(self.workspace.models)
        if before is not None:
            self._refuse_loss(before)
        return pointer.rollback(self.workspace.models)

    def _refuse_loss(self, version: str) -> None:
        lost = self.experiments.lost_by(card_of(self.workspace.models, version)["models"])
        if lost:
            raise BadInput(
                f"{lost[0]}, which {version} has not", "stop it first: ml experiment stop NAME; or train that model too"
            )

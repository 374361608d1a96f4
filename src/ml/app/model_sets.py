"""The sets of models of a workspace, which of them answers, and the experiments that need them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ml.data.workspace import DEMO, Workspace
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Language, Phrase

if TYPE_CHECKING:
    from ml.app.experiments import Experiments
    from ml.models.listing import KnownSet

_DEMO: dict[Language, str] = {
    "en": "{label}: nobody and nothing in it is real",
    "de": "{label} (künstliche Demo-Welt): niemand und nichts darin ist echt",
}


class ModelSets:
    """What :class:`~ml.app.app.App` does with the sets of models and with experiments; it has the workspace."""

    workspace: Workspace

    @cached_property
    def experiments(self) -> Experiments:
        """The experiments of this workspace."""
        from ml.app.experiments import Experiments

        return Experiments(self.workspace, self.notices)

    @property
    def notices(self) -> tuple[str, ...]:
        """What everything that this workspace answers should say, such as that it is synthetic."""
        if self.workspace.label != DEMO:
            return ()
        from ml.data.demo import LABEL

        return (Phrase(_DEMO, {"label": LABEL}),)

    def model_sets(self) -> list[KnownSet]:
        """List the sets of models, the newest first."""
        from ml.models.listing import list_sets

        return list_sets(self.workspace.models)

    def model_card(self, version: str | None = None) -> dict[str, Any]:
        """Give the card of a set, or of the one in use.

        Raises
        ------
        UnknownId, NotTrained, CorruptModel
        """
        from ml.models.listing import card_of

        return card_of(self.workspace.models, version)

    def promote(self, version: str) -> None:
        """Let a set of models answer from now on, whatever the gate said of it.

        Raises
        ------
        BadInput
            If a running experiment asks for a model that the set has not.
        UnknownId, CorruptModel
        """
        from ml.models import pointer

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
        from ml.models import pointer

        before = pointer.before(self.workspace.models)
        if before is not None:
            self._refuse_loss(before)
        return pointer.rollback(self.workspace.models)

    def _refuse_loss(self, version: str) -> None:
        from ml.models.listing import card_of

        lost = self.experiments.lost_by(card_of(self.workspace.models, version)["models"])
        if lost:
            raise BadInput(
                f"{lost[0]}, which {version} has not",
                "stop it first: ml experiment stop NAME; or train that model too",
                code="set_needed",
            )

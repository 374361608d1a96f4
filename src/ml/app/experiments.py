"""The verbs of experiments on one workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ml.data.identity import find_item, find_user
from ml.data.workspace import Workspace
from ml.experiments import registry
from ml.experiments.analysis import Report, report
from ml.experiments.definition import RECOMMENDATIONS, Definition
from ml.experiments.outcomes import record_outcome
from ml.experiments.registry import Experiment
from ml.foundation.errors import BadInput, NotTrained
from ml.models.listing import card_of
from ml.recommendation_engine import variants
from ml.recommendation_engine.serving import DEEP


class Experiments:
    """Defines, starts, ramps, stops and reads experiments.

    Parameters
    ----------
    workspace : ml.data.workspace.Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def create(self, definition: Definition | Mapping[str, Any]) -> Experiment:
        """Write an experiment down; nobody is in it before :meth:`start`.

        Raises
        ------
        BadInput
            If it cannot be, its name is taken, or a variant says what recommendations do not understand.
        """
        made = definition if isinstance(definition, Definition) else Definition.of(definition)
        if made.surface == RECOMMENDATIONS:
            for variant in made.variants:
                variants.check(variant.parameters)
        return registry.create(self._workspace.store, made)

    def list(self) -> list[Experiment]:
        """List the experiments, the newest first."""
        with self._workspace.store.read() as connection:
            return registry.everything(connection)

    def show(self, name: str) -> Experiment:
        """Give an experiment.

        Raises
        ------
        UnknownId
        """
        with self._workspace.store.read() as connection:
            return registry.find(connection, name)

    def start(self, name: str, *, share: float = 1.0) -> Experiment:
        """Let a share of the layer's listeners in.

        Raises
        ------
        BadInput, UnknownId
        NotTrained
            If the models in use could not answer as one of the variants.
        """
        definition = self.show(name).definition
        if definition.surface == RECOMMENDATIONS:
            self._refuse_unanswerable(definition)
        return registry.start(self._workspace.store, name, share=share)

    def ramp(self, name: str, *, share: float) -> Experiment:
        """Let more listeners in.

        Raises
        ------
        BadInput, UnknownId
        """
        return registry.ramp(self._workspace.store, name, share=share)

    def stop(self, name: str) -> Experiment:
        """End an experiment.

        Raises
        ------
        BadInput, UnknownId
        """
        return registry.stop(self._workspace.store, name)

    def report(self, name: str) -> Report:
        """Say everything that can be said of an experiment now.

        Raises
        ------
        BadInput, UnknownId
        """
        with self._workspace.store.read() as connection:
            return report(connection, registry.find(connection, name))

    def holdout(self, share: float | None = None) -> float:
        """Give the share of listeners whom no experiment touches, or set it first.

        Raises
        ------
        BadInput
        """
        if share is not None:
            return registry.hold_out(self._workspace.store, share)
        with self._workspace.store.read() as connection:
            return registry.holdout(connection)

    def record(
        self,
        user_id: str,
        event: str = "click",
        *,
        item_id: str | None = None,
        value: float = 1.0,
        at: datetime | None = None,
    ) -> int | None:
        """Record what a listener did that is no listen; give its moment in UTC milliseconds.

        None is given, and nothing stored, while the listener's history is paused.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput
        """
        if at is not None and at.tzinfo is None:
            raise BadInput(f"at = {at.isoformat()} has no time zone", "add one, such as +00:00")
        store = self._workspace.store
        with store.read() as connection:
            user_key = find_user(connection, user_id)
            item_key = None if item_id is None else find_item(connection, item_id).key
        moment = None if at is None else round(at.timestamp() * 1000)
        return record_outcome(store, user_key, event, item_key=item_key, value=value, occurred_at=moment)

    def _refuse_unanswerable(self, definition: Definition) -> None:
        known = card_of(self._workspace.models, None)["models"]
        for variant in definition.variants:
            algorithm = variants.check(variant.parameters)
            # Without its deep part the default answers as the hybrid, and says so.
            if algorithm not in known and algorithm != DEEP:
                message = f"variant {variant.name} asks for {algorithm!r}, which the models in use have not"
                raise NotTrained(message, "train it: ml train, or ml train --portfolio")

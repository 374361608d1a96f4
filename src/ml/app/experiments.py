"""The verbs of experiments on one workspace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ml.data.identity import find_item, find_user
from ml.data.ingest.countries import require_country
from ml.data.workspace import Workspace
from ml.experiments import registry
from ml.experiments.analysis import Report
from ml.experiments.definition import RECOMMENDATIONS, Definition, Variant
from ml.experiments.outcomes import record_outcome
from ml.experiments.reading import report
from ml.experiments.registry import Experiment
from ml.foundation.errors import BadInput, CorruptModel, MissingExtra, NotTrained
from ml.models.listing import card_of
from ml.recommendation_engine import variants
from ml.recommendation_engine.trials import lacking

SUSPENDED = (
    "suspended: a variant asks for {!r}, and {}; nobody is let in, and who was in is answered"
    " as anybody else, so what they do now tells nothing of the variants"
)


class Experiments:
    """Defines, starts, ramps, stops and reads experiments.

    Parameters
    ----------
    workspace : ml.data.workspace.Workspace
    notices : tuple of str
        Said with every answer.
    """

    def __init__(self, workspace: Workspace, notices: tuple[str, ...] = ()) -> None:
        self._workspace, self._notices = workspace, notices

    def create(self, definition: Definition | Mapping[str, Any]) -> Experiment:
        """Write an experiment down; nobody is in it before :meth:`start`.

        Raises
        ------
        BadInput
            If it cannot be, its name is taken, or a variant says what recommendations do not understand.
        """
        made = definition if isinstance(definition, Definition) else Definition.of(definition)
        countries = tuple(require_country(each) for each in made.targeting.countries)
        made = replace(made, targeting=replace(made.targeting, countries=countries))
        if made.surface == RECOMMENDATIONS:
            made = replace(made, variants=tuple(_checked(each, made.design) for each in made.variants))
        return self._told(registry.create(self._workspace.store, made))

    def list(self) -> list[Experiment]:
        """List the experiments, the newest first."""
        with self._workspace.store.read() as connection:
            return [self._told(each) for each in registry.everything(connection)]

    def show(self, name: str) -> Experiment:
        """Give an experiment.

        Raises
        ------
        UnknownId
        """
        with self._workspace.store.read() as connection:
            return self._told(registry.find(connection, name))

    def start(self, name: str, *, share: float = 1.0) -> Experiment:
        """Let a share of the layer's listeners in.

        Raises
        ------
        BadInput, UnknownId
        NotTrained
            If the models in use could not answer as one of the variants.
        MissingExtra
            If a library is missing that reads what one of the variants asks for.
        """
        definition = self.show(name).definition
        if definition.surface == RECOMMENDATIONS:
            self._refuse_unanswerable(definition)
        return self._told(registry.start(self._workspace.store, name, share=share))

    def ramp(self, name: str, *, share: float) -> Experiment:
        """Let more listeners in.

        Raises
        ------
        BadInput, UnknownId
        """
        return self._told(registry.ramp(self._workspace.store, name, share=share))

    def stop(self, name: str) -> Experiment:
        """End an experiment.

        Raises
        ------
        BadInput, UnknownId
        """
        return self._told(registry.stop(self._workspace.store, name))

    def delete(self, name: str) -> Experiment:
        """Delete a draft; give what it was.

        Raises
        ------
        BadInput
            If it was started.
        UnknownId
        """
        return self._told(registry.discard(self._workspace.store, name))

    def report(self, name: str) -> Report:
        """Say everything that can be said of an experiment now.

        Raises
        ------
        BadInput, UnknownId
        """
        with self._workspace.store.read() as connection:
            found = report(connection, registry.find(connection, name))
        told = self._told(found.experiment)
        return replace(found, experiment=told, notices=(*told.notices, *found.notices))

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
        if at is not None and not isinstance(at, datetime):
            raise BadInput(f"at = {at!r}", "give a datetime with a time zone")
        if at is not None and at.tzinfo is None:
            raise BadInput(f"at = {at.isoformat()} has no time zone", "add one, such as +00:00")
        store = self._workspace.store
        with store.read() as connection:
            user_key = find_user(connection, user_id)
            item_key = None if item_id is None else find_item(connection, item_id).key
        moment = None if at is None else round(at.timestamp() * 1000)
        return record_outcome(store, user_key, event, item_key=item_key, value=value, occurred_at=moment)

    def lost_by(self, models: Collection[str]) -> tuple[str, ...]:
        """Say which running experiments could not go on with other models than those in use, and why.

        Parameters
        ----------
        models : collection of str
            Names of the models that are to answer.
        """
        with self._workspace.store.read() as connection:
            running = registry.running(connection)
        gone = [(each, missing) for each in running if (missing := _missing(each, models)) and not self._missing(each)]
        return tuple(f"experiment {each.name} is running and asks for {next(iter(names))!r}" for each, names in gone)

    def _told(self, found: Experiment) -> Experiment:
        """Add what a reader should know."""
        missing = self._missing(found) if found.state == registry.RUNNING else {}
        suspended = tuple(SUSPENDED.format(name, reason.message) for name, reason in missing.items())
        return replace(found, notices=(*self._notices, *suspended[:1]))

    def _missing(self, found: Experiment) -> dict[str, MissingExtra | NotTrained]:
        """Name what an experiment asks for and the set in use cannot answer as."""
        try:
            return _missing(found, card_of(self._workspace.models, None)["models"])
        except (NotTrained, CorruptModel):
            return {}  # then nobody is answered at all, which says so itself

    def _refuse_unanswerable(self, definition: Definition) -> None:
        known = card_of(self._workspace.models, None)["models"]
        for variant in definition.variants:
            for algorithm, reason in lacking([variant], known).items():
                message = f"variant {variant.name} asks for {algorithm!r}, and {reason.message}"
                raise type(reason)(message, reason.hint)


def _checked(variant: Variant, design: str) -> Variant:
    """Write a variant's parameters in full, refusing those that recommendations do not understand."""
    try:
        written = replace(variant, parameters=variants.written_out(variant.parameters))
        variants.check(written.parameters, design)
    except BadInput as error:
        raise BadInput(f"variant {variant.name}: {error.message}", error.hint) from None
    return written


def _missing(found: Experiment, models: Collection[str]) -> dict[str, MissingExtra | NotTrained]:
    on_answers = found.definition.surface == RECOMMENDATIONS
    return lacking(found.definition.variants, models) if on_answers else {}

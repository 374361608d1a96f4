"""The verbs of those who run the place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Unpack

from ml.client.asked import ImportAsked, ReadingAsked
from ml.client.asking import delete, get, post, put, send
from ml.client.verbs import Many, Nothing, One, Raw, Verbs

State = Literal["queued", "running", "done", "failed", "cancelled"]


class Running(Verbs[One, Many, Raw, Nothing]):
    """What is asked to look after models, data, experiments."""

    def health(self) -> One:
        """Tell that the service lives."""
        return self._one(get("/health"))

    def ready(self) -> One:
        """Tell whether the database answers, and which models do."""
        return self._one(get("/ready"))

    def metrics(self) -> Raw:
        """Give all counts as Prometheus reads them."""
        return self._raw(get("/metrics"))

    def workspace_status(self) -> One:
        """Say what the workspace holds, and how good its models are."""
        return self._one(get("/status"))

    def begin_workspace(self) -> One:
        """Let the own workspace answer instead of the demo world, in a moment; accounts and keys stay."""
        return self._one(post("/workspace/begin"))

    def list_models(self) -> Many:
        """List the sets of models, the newest first."""
        return self._many(get("/models"))

    def model_card(self, version: str) -> One:
        """Give the card of a set: what it learned from, how, and how well it does."""
        return self._one(get("/models/{}", version))

    def promote_models(self, version: str) -> One:
        """Let a set of models answer from now on."""
        return self._one(post("/models/{}/promote", version))

    def roll_back_models(self) -> One:
        """Let the set answer that did before this one."""
        return self._one(post("/models/rollback"))

    def preview_import(self, file: Path | bytes, **asked: Unpack[ReadingAsked]) -> One:
        """Say what a file is, how it would be read, and what of its beginning would be refused; nothing is stored."""
        return self._one(send("/imports/preview", file, form=_form(asked)))

    def import_file(self, file: Path | bytes, **asked: Unpack[ImportAsked]) -> One:
        """Import a file in the background; the answer is the job."""
        return self._one(send("/imports", file, form=_form(asked)))

    def list_imports(self, *, count: int = 100, before: int | None = None) -> Many:
        """List the imports, the newest first."""
        return self._many(get("/imports", count=count, before=before))

    def undo_import(self, import_id: int) -> One:
        """Remove what an import brought."""
        return self._one(post("/imports/{}/undo", import_id))

    def list_rejects(
        self, import_id: int, *, reason: str | None = None, count: int = 100, after: int | None = None
    ) -> One:
        """List the rows that an import refused, with file, line and reason."""
        return self._one(get("/imports/{}/rejects", import_id, reason=reason, count=count, after=after))

    def export_rejects(self, import_id: int, *, file: str | None = None) -> Raw:
        """Give the rows that an import refused as a table that can be mended and imported again."""
        return self._raw(get("/imports/{}/rejects.csv", import_id, file=file))

    def submit_job(
        self,
        kind: Literal["train", "evaluate", "tune", "exposure", "index", "heads", "duplicates", "snapshot", "map"],
        *,
        arguments: Mapping[str, Any] | None = None,
    ) -> One:
        """Ask for work in the background; it outlives whoever asks."""
        return self._one(post("/jobs", body={"kind": kind, "arguments": arguments}))

    def list_jobs(
        self, *, state: State | None = None, kind: str | None = None, count: int = 50, before: int | None = None
    ) -> Many:
        """List jobs, the newest first."""
        return self._many(get("/jobs", state=state, kind=kind, count=count, before=before))

    def show_job(self, job_id: int) -> One:
        """Say how far a job is, and what came of it."""
        return self._one(get("/jobs/{}", job_id))

    def cancel_job(self, job_id: int) -> One:
        """Ask a job to stop; what it stored stays whole."""
        return self._one(delete("/jobs/{}", job_id))

    def list_experiments(self, *, count: int = 100, before: int | None = None) -> Many:
        """List the experiments, the newest first."""
        return self._many(get("/experiments", count=count, before=before))

    def create_experiment(self, definition: Mapping[str, Any]) -> One:
        """Write an experiment down; nobody is in it before it is started."""
        return self._one(post("/experiments", body=definition))

    def show_experiment(self, name: str) -> One:
        """Give an experiment."""
        return self._one(get("/experiments/{}", name))

    def delete_experiment(self, name: str) -> One:
        """Delete a draft."""
        return self._one(delete("/experiments/{}", name))

    def experiment_report(self, name: str) -> One:
        """Say everything that can be said of an experiment now."""
        return self._one(get("/experiments/{}/report", name))

    def start_experiment(self, name: str, *, share: float = 1.0) -> One:
        """Let a share of the layer's listeners in."""
        return self._one(post("/experiments/{}/start", name, body={"share": share}))

    def ramp_experiment(self, name: str, *, share: float = 1.0) -> One:
        """Let more of the layer's listeners in."""
        return self._one(post("/experiments/{}/ramp", name, body={"share": share}))

    def stop_experiment(self, name: str) -> One:
        """End an experiment."""
        return self._one(post("/experiments/{}/stop", name))

    def experiment_holdout(self) -> One:
        """Give the share of listeners whom no experiment touches."""
        return self._one(get("/experiments/holdout"))

    def set_experiment_holdout(self, share: float) -> One:
        """Set the share of listeners whom no experiment touches."""
        return self._one(put("/experiments/holdout", {"share": share}))

    def record_outcome(
        self,
        event: str,
        *,
        user_id: str | None = None,
        item_id: str | None = None,
        value: float = 1.0,
        at: datetime | None = None,
    ) -> One:
        """Store what a listener did that is no listen, such as a click."""
        return self._one(
            post("/outcomes", body={"event": event, "user_id": user_id, "item_id": item_id, "value": value, "at": at})
        )


def _form(asked: ReadingAsked) -> dict[str, Any]:
    """Write options as fields of a form."""
    columns = asked.get("columns")
    said = {"columns": json.dumps(dict(columns))} if isinstance(columns, Mapping) else {}
    return {**asked, **said}

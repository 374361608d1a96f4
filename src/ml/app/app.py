"""One workspace and all that works on it.

What works on it is imported when it is first asked for: a playlist waits for no model, and a model for no playlist.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.app.capabilities import Capabilities
from ml.app.encryption import Encryption
from ml.app.identities import Identities
from ml.app.imports import Imports
from ml.app.listeners import Listeners
from ml.app.model_sets import ModelSets
from ml.app.playlists import PlaylistExchange
from ml.app.results import AppStatus, Begun, Search, Trained
from ml.app.scrobbles import Scrobbles
from ml.data.diagnosis import check_workspace
from ml.data.exporters import PlaylistsExport, TableExport, export
from ml.data.ingest import load, news_since
from ml.data.snapshot import Snapshot, take
from ml.data.vault import source_of
from ml.data.vault.profiles import profiles
from ml.data.workspace import DEMO, Backup, Workspace, backup, demo_home, status
from ml.foundation.diagnosis import Check, check_installation
from ml.foundation.errors import BadInput, CorruptModel, EmptyWorkspace
from ml.foundation.settings import Settings
from ml.foundation.steps import step
from ml.foundation.workers import WorkerPool

if TYPE_CHECKING:
    from ml.app.jobs import BackgroundJobs
    from ml.data.demo import DemoSize
    from ml.evaluation import Budget, Evaluation
    from ml.models.dataset import Dataset
    from ml.recommendation_engine.exposure import ExposureReport

#: The fact in which a demo workspace remembers how it was made.
RECIPE = "demo recipe"
#: The folder beside the models where a training remembers how far it is.
CHECKPOINTS = ".training"


def own_workspace(settings: Settings) -> Workspace:
    """Give the workspace that the settings name, there or not."""
    storage = settings.storage
    return Workspace.at(storage.home, storage.database_url, keys=source_of(settings.vault, storage.home))


class App(Capabilities, Imports, ModelSets, PlaylistExchange, Identities, Scrobbles, Encryption, Listeners):
    """One workspace and all that works on it.

    Parameters
    ----------
    settings : Settings
    home : Path, optional
        Another folder than the settings name, with a SQLite database in it: the demo world's.
    """

    def __init__(self, settings: Settings, *, home: Path | None = None) -> None:
        self.settings = settings
        #: Who gets in belongs to the installation: it is kept here, also while the demo world answers.
        self.own = own_workspace(settings)
        self.workspace = self.own if home is None else Workspace.at(home, keys=source_of(settings.vault, home))
        self.pool = WorkerPool(settings.compute.workers)

    @classmethod
    def of_settings(cls, settings: Settings) -> App:
        """Build the App that answers where no workspace was named.

        It is the workspace of the settings if anything was imported into it or it was begun
        (:meth:`begin`), else the demo world, which then says so in every answer.

        Raises
        ------
        EmptyWorkspace
            If there is neither.
        """
        app = cls(settings)
        if app.workspace.is_taken_up():
            return app
        app.close()
        home = demo_home(settings.storage.home)
        if (home / "ml.db").exists():
            return cls(settings, home=home)
        raise EmptyWorkspace(
            app.nothing,
            "try the demo world with `ml demo`, or bring your own history with `ml import PATH`",
            code="no_data",
        )

    @classmethod
    def demo(
        cls,
        settings: Settings,
        *,
        size: DemoSize | None = None,
        seed: int = 0,
        null: bool = False,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> App:
        """Open the demo world, making and training it if it is not there in this size.

        Raises
        ------
        DiskFull
            Leaving no half-made world.
        """
        from ml.app.small_deep import small, verdict
        from ml.data.demo import DemoSize, make_world
        from ml.models import pointer

        home = demo_home(settings.storage.home)
        recipe = f"{size or DemoSize()} seed={seed} null={null}"
        app = cls(settings, home=home) if (home / "ml.db").exists() else None
        if app is not None and app.workspace.store.fact(RECIPE) == recipe and pointer.current(app.workspace.models):
            return app
        if app is not None:
            if app.workspace.label != DEMO and not app.workspace.is_bare():
                raise BadInput(
                    f"{home}: holds data that were imported",
                    "the demo world needs another folder: ML_HOME=FOLDER ml demo",
                )
            app.close()
            shutil.rmtree(home)
        app = cls(small(settings), home=home)
        on_step("make the demo world")
        world = make_world(size, seed=seed, null=null)
        on_step("store it")
        app.workspace.mark(DEMO)
        # Nobody in it needs protection: keys by the seed make one world the same everywhere.
        load(app.workspace.store, world.batches(), draw=random.Random(seed).getrandbits)  # noqa: S311
        on_step(verdict(app.train(on_step=on_step).models.card))
        # Written last: a world without its recipe is unfinished, and made anew.
        app.workspace.store.state(RECIPE, recipe)
        app.close()
        return cls(settings, home=home)

    @staticmethod
    def diagnose(settings: Settings) -> list[Check]:
        """Check the installation and the workspace of the settings, opening and changing nothing."""
        from ml.models.diagnosis import check_models

        storage = settings.storage
        checks = check_installation(settings) + check_workspace(storage.home, storage.database_url)
        return [*checks, check_models(storage.home / "models")]

    def begin(self) -> Begun:
        """Let the workspace of the settings answer from now on, empty as it may be, and the demo world no longer.

        Returns
        -------
        Begun

        Raises
        ------
        BadInput
            If the settings name the demo world's folder.
        """
        before = self.own.begin()
        return Begun(self.own.home, already=before is not None, since=before or None)

    @cached_property
    def jobs(self) -> BackgroundJobs:
        """The work in the background of this workspace."""
        from ml.app.jobs import BackgroundJobs  # late: it knows what an app is

        return BackgroundJobs(self)

    def export(
        self,
        what: str,
        out: Path | str,
        *,
        form: str | None = None,
        user: str | None = None,
        playlist: str | None = None,
        force: bool = False,
    ) -> TableExport | PlaylistsExport:
        """Write a table or playlists to files; see :func:`ml.data.exporters.export`."""
        return export(self.workspace.store, what, out, form=form, user=user, playlist=playlist, force=force)

    def snapshot(self) -> Snapshot:
        """Take a snapshot of the store, or give the one there is if nothing changed.

        Raises
        ------
        EmptyWorkspace
            If there is nothing in the store.
        """
        self._refuse_empty()
        return take(self.workspace.store, self.workspace.snapshots)

    def train(
        self,
        *,
        kind: str | None = None,
        judge: bool = True,
        portfolio: bool | None = None,
        sequential: bool | None = None,
        deep: bool | None = None,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> Trained:
        """Train on what is in the store now, and let the new models answer from now on.

        Models that do not beat popularity on the held-out part are kept, but those in use go on
        answering; where there are none yet, the new ones answer all the same.

        Parameters
        ----------
        kind : str, optional
            ``"track"`` or ``"artist"``; left out, the kind with more plays.
        judge : bool
            Whether to measure the models on a held-out part first.
        portfolio : bool, optional
            Whether to make the portfolio too; None is what the settings say.
        sequential : bool, optional
            Whether to make the transformer too; None is what the settings say. It is remembered after each epoch: a
            training that was killed goes on with it.
        deep : bool, optional
            Whether to make the deep part; None is what the settings say.
        """
        from ml.models import files, pointer, training, tuned

        on_step(step("snapshot"))
        read_at = time.time_ns() // 1_000_000
        dataset = self._dataset(kind)
        asked = {"portfolio": portfolio, "sequential": sequential, "deep": deep}
        settings = self.settings.recommendation_engine.model_copy(
            update={name: value for name, value in asked.items() if value is not None}
        )
        found = tuned.read(self.workspace.tuning, dataset.kind)
        about = {"data_hash": dataset.snapshot, "read_at": read_at}
        root = self.workspace.models
        trained = training.train(
            dataset,
            settings,
            about=about,
            tuned=found,
            on_step=on_step,
            judge=judge,
            checkpoints=root / CHECKPOINTS / dataset.kind,
        )
        on_step(step("write_models"))
        version = files.save_set(root, trained)
        # Where no set can answer, this one does, however good it is: without one nobody would be answered. One that
        # learned from nobody, such as of a kind that was not played, takes no other's place.
        good = trained.card["gate"].passed is not False and trained.card["n_listeners"] > 0
        # Nor does one that a running experiment could not go on with: what it counts would change under it.
        lost = self.experiments.lost_by(trained.models)
        in_use = (good and not lost) or not pointer.answers(root)
        if in_use:
            pointer.promote(root, version)
        return Trained(version, trained, in_use, self._news(trained.card), lost)

    def evaluate(self, *, kind: str | None = None, split: str = "auto", seed: int = 0, **options: Any) -> Evaluation:
        """Measure models on a part of the history that they have not seen; nothing is kept.

        Parameters
        ----------
        kind : str, optional
            ``"track"`` or ``"artist"``; left out, the kind with more plays.
        split : str
            See :func:`ml.models.splits.cut`.
        seed : int
        **options
            ``models``, ``ks``, ``task``, ``command`` and ``on_step`` of :func:`ml.evaluation.evaluate`.

        Raises
        ------
        BadInput
            If there is no such model, task or split, or nobody to judge by.
        """
        from ml.data.demo import LABEL
        from ml.evaluation import evaluate
        from ml.models import judging, tuned
        from ml.models.splits import cut

        dataset = self._dataset(kind)
        halves, said = cut(dataset, split, seed=seed)
        found = tuned.read(self.workspace.tuning, dataset.kind, judging.task_named(options.get("task", "discovery")))
        own = found.models if found.fits(halves) else {}
        if self.workspace.label == DEMO:
            # A page or a number of it may be passed on: it must not pass for one of real listeners.
            said = f"{LABEL}; {said}"
        if not self.settings.recommendation_engine.profiling:
            said = f"{said}; profiling is off: listeners are answered by popularity, whatever a model reaches here"
        return evaluate(halves, self.settings.recommendation_engine, said=said, seed=seed, tuned=own, **options)

    def exposure(
        self,
        *,
        by: str | Path = "tail",
        costs: bool = False,
        on_step: Callable[[str], None] = lambda _: None,
        **options: Any,
    ) -> ExposureReport:
        """Say which groups of artists the engine shows, to a sample of listeners, against what they played.

        Parameters
        ----------
        by : str or Path
            ``tail``, ``country``, or a CSV file of ``artist_id,group``.
        costs : bool
            Whether to measure too what shares for the tail would cost in accuracy: the hybrid is fitted on a part of
            the history for that.
        **options
            ``algorithm``, ``k``, ``listeners``, ``familiar_ratio``, ``exposure``, ``least_artists`` and ``seed`` of
            :func:`ml.recommendation_engine.exposure.measure_exposure`.

        Raises
        ------
        BadInput, UnknownId, AmbiguousId, NotTrained
        """
        from ml.app.exposure import report

        parts, settings = self.engine_parts(), self.settings.recommendation_engine
        return report(parts, self._dataset, settings, by=by, costs=costs, on_step=on_step, **options)

    def tune(
        self,
        *,
        kind: str | None = None,
        split: str = "auto",
        task: str = "discovery",
        models: Sequence[str] | None = None,
        budget: Budget,
        seed: int = 0,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> Search:
        """Search for settings of models, which :meth:`train` takes from then on; the next search goes on from this one.

        The history is cut as :meth:`evaluate` cuts it, and the search works on a part of what is learned from: what
        an evaluation by this split and seed tests on is never looked at.

        Parameters
        ----------
        kind : str, optional
            ``"track"`` or ``"artist"``; left out, the kind with more plays.
        split, task : str
        models : sequence of str, optional
            None is all that the data have something for.
        budget : ml.evaluation.Budget
        seed : int

        Raises
        ------
        BadInput
            If there is no such model, task or split, or nobody to judge by.
        MissingExtra
            If Optuna is not installed.
        """
        from ml.app.search import search
        from ml.models import judging

        return search(
            self._dataset(kind),
            self.settings.recommendation_engine,
            self.workspace,
            split=split,
            task=judging.task_named(task),
            models=models,
            budget=budget,
            seed=seed,
            on_step=on_step,
        )

    def forget_tuning(self, kind: str | None = None) -> int:
        """Let the defaults hold again, for one kind of item or all; return how many files were removed.

        Searches stay, and the next one goes on from them.
        """
        from ml.models import tuned

        return tuned.forget(self.workspace.tuning, kind)

    def _dataset(self, kind: str | None) -> Dataset:
        from ml.models.dataset import Dataset

        with self.workspace.store.read() as connection:
            told = profiles(connection)
        countries = {key: profile.country for key, profile in told.items() if profile.country is not None}
        ages = {key: profile.age for key, profile in told.items() if profile.age is not None}
        return Dataset.load(self.snapshot(), kind=kind, countries=countries, ages=ages).by_history()

    def status(self) -> AppStatus:
        """Say what the workspace holds, and how good its models are."""
        from ml.models import files, pointer

        held, version = status(self.workspace), None
        try:
            version = pointer.current(self.workspace.models)
            card = files.read_card(self.workspace.models / version) if version else {"about": {}}
        except CorruptModel as error:
            return AppStatus(held, version, {}, str(error))
        news = self._news(card["about"]) if version else None
        return AppStatus(held, version, card["about"].get("scores", {}), news=news)

    def _news(self, about: Mapping[str, Any]) -> str | None:
        with self.workspace.store.read() as connection:
            return news_since(connection, about["read_at"]) if "read_at" in about else None

    def backup(self, file: Path) -> Backup:
        """Write everything in the workspace into one archive.

        Raises
        ------
        EmptyWorkspace
            If there is nothing to write.
        """
        if self.workspace.is_bare():
            raise EmptyWorkspace(self.nothing, "bring your history: ml import PATH", code="no_data")
        return backup(self.workspace, file)

    def close(self) -> None:
        """Close the database, the worker threads and the audit log."""
        self.pool.close()
        log = vars(self).get("audit")  # where nobody has asked for it there is none
        if log is not None:
            log.close()
        self.workspace.close()
        self.own.close()

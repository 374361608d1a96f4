"""What comes into a workspace from files, and goes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ml.data.importers.base import Options
from ml.data.ingest import ImportRecord, ImportSummary, UndoReport, list_imports, run, undo
from ml.data.ingest.history import show_import
from ml.data.ingest.refused import Rejects, page_of, written
from ml.data.ingest.rejects import rejects_file
from ml.data.ingest.run import OnRows
from ml.data.workspace import REAL, Workspace
from ml.foundation import resolver
from ml.foundation.errors import EmptyWorkspace


class Imports:
    """What :class:`~ml.app.app.App` does with imports; it has the workspace."""

    workspace: Workspace

    def import_path(
        self,
        path: Path | str,
        *,
        kind: str = "auto",
        options: Options | None = None,
        again: bool = False,
        on_rows: OnRows = lambda _unit, _rows: None,
    ) -> ImportSummary:
        """Import everything recognised under a path; see :func:`ml.data.ingest.run`.

        Raises
        ------
        BadInput
            Also if this is the demo world's workspace: the two are never mixed.
        """
        self.workspace.mark(REAL)
        summary = run(
            self.workspace.store,
            path,
            rejects_folder=self.workspace.rejects,
            kind=kind,
            options=options,
            again=again,
            on_rows=on_rows,
        )
        # Whoever asks without naming a workspace may have been answered by the demo world until now.
        resolver.reset()
        return summary

    def imports(self, *, count: int = 1_000, before: int | None = None) -> list[ImportRecord]:
        """List the imports, newest first.

        Parameters
        ----------
        count : int
            At most so many.
        before : int, optional
            Only those made before this one.

        Raises
        ------
        EmptyWorkspace
            If there is no workspace.
        """
        self._refuse_nothing()
        with self.workspace.store.read() as connection:
            return list_imports(connection, limit=count, before=before)

    def rejects(self, import_id: int, *, reason: str | None = None, after: int = 0, count: int = 100) -> Rejects:
        """Give a page of the rows that an import refused; see :func:`ml.data.ingest.refused.page_of`.

        Raises
        ------
        UnknownId
            If there is no such import.
        """
        return page_of(import_id, self._rejects_of(import_id)[0], reason=reason, after=after, count=count)

    def export_rejects(self, import_id: int, *, file: str | None = None) -> Iterator[str]:
        """Write the rows that an import refused as CSV; see :func:`ml.data.ingest.refused.written`.

        Raises
        ------
        UnknownId
            If there is no such import.
        """
        return written(*self._rejects_of(import_id), file=file)

    def _rejects_of(self, import_id: int) -> tuple[Path, Mapping[str, Any]]:
        self._refuse_nothing()
        with self.workspace.store.read() as connection:
            record = show_import(connection, import_id)
        return rejects_file(self.workspace.rejects, import_id), record.summary

    def undo_import(self, import_id: int) -> UndoReport:
        """Remove what an import brought."""
        self._refuse_nothing()
        return undo(self.workspace.store, import_id)

    def _refuse_nothing(self) -> None:
        if not self.workspace.is_there:
            raise EmptyWorkspace(
                self.nothing, "name another folder with --home or ML_HOME, or begin: ml import PATH", code="no_data"
            )

    def _refuse_empty(self) -> None:
        if self.workspace.is_empty():
            raise EmptyWorkspace(self.nothing, "bring your history: ml import PATH", code="no_data")

    @property
    def nothing(self) -> str:
        """Say that there is nothing here yet, or that there is no workspace at all."""
        home = self.workspace.home
        return f"{home}: nothing was imported yet" if self.workspace.is_there else f"{home}: there is no workspace"

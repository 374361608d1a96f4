"""What is stored of one listener: given to them, or erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ml.data.audit.reading import Wanted, records
from ml.data.listeners import Erased, Whom, erase, export, find_whom, tainted_by
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.phrase import Phrase

if TYPE_CHECKING:
    from ml.data.audit import AuditLog
    from ml.intelligent_search.history.log import SearchLog
    from ml.intelligent_search.history.saved import SavedSearch

#: The folder of files that wait for their jobs.
UPLOADS = "uploads"
_UNCONFIRMED = Phrase(
    {
        "en": "what is to be erased has to be confirmed by the whole id of the listener, once more",
        "de": "was gelöscht werden soll, muss mit der ganzen Kennung des Hörers bestätigt werden, noch einmal",
    }
)
_IN_FULL = Phrase(
    {
        "en": "confirm it by the id in full, source:id, such as hetrec:user/2",
        "de": "bestätige mit der vollen Kennung, quelle:id, etwa hetrec:user/2",
    }
)


class Listeners:
    """What :class:`~ml.app.app.App` does with all that is stored of a listener."""

    workspace: Workspace

    if TYPE_CHECKING:

        @property
        def audit(self) -> AuditLog | None:
            """The audit log."""

    def export_listener(self, user_id: str) -> Iterator[bytes]:
        """Give all that is stored of a listener, as one JSON document in pieces.

        Raises
        ------
        UnknownId, AmbiguousId
            Before the first piece.
        EmptyWorkspace
            If there is no workspace.
        """
        whom = self._whom(user_id)
        more = {"searches": self._searches(whom), "saved_searches": self._kept(whom), "audit": self._recorded(whom)}
        return export(self.workspace.store, whom, more=more)

    def listener_key(self, user_id: str) -> int:
        """Give the key of a listener, by which the audit log knows them also after an erasure."""
        return self._whom(user_id).key

    def erase_listener(self, user_id: str, *, confirm: str) -> Erased:
        """Delete all that is stored of a listener; give a receipt.

        What learned from them, snapshots and models, stays and is named in the receipt: it knows them by a key that
        leads to nobody any more.

        Parameters
        ----------
        user_id : str
        confirm : str
            Their outside id, in full: an erasure cannot be undone.

        Raises
        ------
        UnknownId, AmbiguousId
        BadInput
            If it is not confirmed.
        EmptyWorkspace
            If there is no workspace.
        """
        from ml.models.files import data_hashes

        whom = self._whom(user_id)
        if confirm != whom.user_id:
            raise BadInput(_UNCONFIRMED, _IN_FULL)
        taint = tainted_by(whom.key, self.workspace.snapshots, data_hashes(self.workspace.models))
        pseudonym = self.audit.pseudonym(whom.key) if self.audit is not None else None
        log = self._search_log()
        before = {
            "searches": sum(log.forget(name) for name in _names(whom)) if log is not None else 0,
            "saved_searches": self._forget_saved(whom),
        }
        return erase(
            self.workspace.store,
            whom,
            uploads=self.workspace.home / UPLOADS,
            pseudonym=pseudonym,
            taint=taint,
            before=before,
        )

    def _whom(self, user_id: str) -> Whom:
        if not self.workspace.is_there:
            home = self.workspace.home
            raise EmptyWorkspace(
                f"{home}: there is no workspace", "name another folder with --home or ML_HOME", code="no_data"
            )
        with self.workspace.store.read() as connection:
            return find_whom(connection, user_id)

    def _search_log(self) -> SearchLog | None:
        """Give the log of searches, whether or not they are kept now; None where no listener ever searched."""
        from ml.intelligent_search.history.log import SearchLog

        key_file = self.workspace.home / "search.key"
        return SearchLog(self.workspace.store, key_file, retention_days=1) if key_file.exists() else None

    def _searches(self, whom: Whom) -> Iterator[dict[str, object]]:
        log = self._search_log()
        for name in _names(whom) if log is not None else ():
            yield from log.of(name) if log is not None else ()

    def _saved(self, whom: Whom) -> list[SavedSearch]:
        """List the searches with a name that are somebody's."""
        from ml.intelligent_search.history.saved import list_saved

        return [one for one in list_saved(self.workspace.store) if one.whose in whom.names]

    def _kept(self, whom: Whom) -> Iterator[dict[str, object]]:
        for one in self._saved(whom):
            yield {"name": one.name, "request": one.request}

    def _forget_saved(self, whom: Whom) -> int:
        from ml.intelligent_search.history.saved import delete_saved

        found = self._saved(whom)
        for one in found:
            delete_saved(self.workspace.store, one.name)
        return len(found)

    def _recorded(self, whom: Whom) -> Iterator[dict[str, object]]:
        """Give what the audit log has of somebody, without who else did it."""
        log = self.audit
        if log is None or not Path(self.workspace.audit).is_dir():
            return
        for record in records(self.workspace.audit, Wanted(whom=log.pseudonym(whom.key))):
            yield {name: record[name] for name in ("at", "what", "role", "how", "result")}


def _names(whom: Whom) -> list[str]:
    """Give by what names searches of a listener may be kept: their key, or an id from before they had one."""
    return [f"key:{whom.key}", *sorted(whom.names)]

"""The verbs of the engine that look back: what was searched for, what was chosen, what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ml.data.identity import find_user
from ml.foundation.errors import BadInput, UnknownId
from ml.intelligent_search.history import Frequent, SavedSearch, SearchLog
from ml.intelligent_search.history.log import Asked
from ml.intelligent_search.history.saved import delete_saved, find_saved, list_saved, save_search
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.results import SearchResults

_DAY_MS = 86_400_000


class Remembering:
    """What :class:`~ml.intelligent_search.SearchEngine` remembers."""

    _parts: SearchParts

    if TYPE_CHECKING:

        def search(self, text: str = "", **asked: Any) -> SearchResults:
            """Search."""

    def choose(self, search_id: int, hit_id: str) -> None:
        """Tell which hit of a search was chosen: the next search for the same words knows it.

        Raises
        ------
        UnknownId
            If that search is not known, or no longer.
        BadInput
            If searches are not kept.
        """
        self._log.choose(search_id, hit_id, at_ms=self._parts.clock())

    def recent(self, user_id: str, *, count: int = 10) -> list[Asked]:
        """List what a listener searched for, the newest first."""
        return self._log.recent(self._listener(user_id), count=count)

    def trending(self, *, days: float = 7, count: int = 10) -> list[Frequent]:
        """List what most listeners searched for, and found, in the last days."""
        return self._log.trending(since_ms=self._since(days), count=count)

    def unanswered(self, *, days: float = 30, count: int = 20) -> list[Frequent]:
        """List what nothing was found for in the last days, the most frequent first."""
        return self._log.unanswered(since_ms=self._since(days), count=count)

    def forget(self, user_id: str) -> int:
        """Forget all that a listener searched for, and say how much that was."""
        return self._log.forget(self._listener(user_id))

    def save(self, name: str, text: str = "", **asked: Any) -> SavedSearch:
        """Keep a search under a name, to ask it again.

        Raises
        ------
        BadInput
        """
        return save_search(self._parts.store, name, text, asked, at_ms=self._parts.clock())

    def saved(self) -> list[SavedSearch]:
        """List the searches that have a name."""
        return list_saved(self._parts.store)

    def again(self, name: str) -> SearchResults:
        """Ask a search that has a name.

        Raises
        ------
        UnknownId
        """
        return self.search(**find_saved(self._parts.store, name).request)

    def delete_saved(self, name: str) -> None:
        """Take a search's name away.

        Raises
        ------
        UnknownId
        """
        delete_saved(self._parts.store, name)

    def _listener(self, user_id: str) -> str:
        """Give the one name that a listener is kept by, however the id is written."""
        try:
            with self._parts.store.read() as connection:
                return f"key:{find_user(connection, user_id)}"
        except UnknownId:
            return user_id

    def _since(self, days: float) -> int:
        return self._parts.clock() - int(days * _DAY_MS)

    @property
    def _log(self) -> SearchLog:
        if self._parts.log is None:
            raise BadInput("searches are not kept", "set intelligent_search.log = true")
        return self._parts.log

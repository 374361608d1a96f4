"""The verbs of the engine that look back: what was searched for, what was chosen, what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ml.data.identity import find_user
from ml.foundation.errors import BadInput, UnknownId
from ml.intelligent_search.history import Frequent, SavedSearch, SearchLog
from ml.intelligent_search.history.log import Asked
from ml.intelligent_search.history.saved import delete_saved, list_saved, save_search, saved_named
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.results import SearchResults

_DAY_MS = 86_400_000


class Remembering:
    """What :class:`~ml.intelligent_search.SearchEngine` remembers."""

    _parts: SearchParts

    if TYPE_CHECKING:

        def search(self, text: str = "", **asked: Any) -> SearchResults:
            """Search."""

    def choose(self, search_id: int, hit_id: str, *, user_id: str | None = None) -> None:
        """Tell which hit of a search was chosen: the next search for the same words knows it.

        Parameters
        ----------
        search_id : int
        hit_id : str
        user_id : str, optional
            The listener whose search it has to be; left out, it may be anybody's.

        Raises
        ------
        UnknownId
            If that search is not known, or no longer, or is somebody else's.
        BadInput
            If searches are not kept.
        """
        listener = None if user_id is None else self._listener(user_id)
        self._log.choose(search_id, hit_id, at_ms=self._parts.clock(), listener=listener)

    def recent(self, user_id: str, *, count: int = 10, before: int | None = None) -> list[Asked]:
        """List what a listener searched for, the newest first; ``before`` is the search to go on behind."""
        return self._log.recent(self._listener(user_id), count=count, before=before)

    def trending(self, *, days: float = 7, count: int = 10, least: int = 1) -> list[Frequent]:
        """List what most listeners searched for, and found, in the last days.

        Parameters
        ----------
        days : float
        count : int
        least : int
            What fewer listeners searched for is left out.
        """
        return self._log.trending(since_ms=self._since(days), count=count, least=least)

    def unanswered(self, *, days: float = 30, count: int = 20, least: int = 1) -> list[Frequent]:
        """List what nothing was found for in the last days, the most frequent first; see :meth:`trending`."""
        return self._log.unanswered(since_ms=self._since(days), count=count, least=least)

    def forget(self, user_id: str) -> int:
        """Forget all that a listener searched for, and say how much that was."""
        return self._log.forget(self._listener(user_id))

    def save(self, name: str, text: str = "", *, replace: bool = True, **asked: Any) -> SavedSearch:
        """Keep a search under a name, to ask it again; one with a ``user_id`` is that listener's.

        Parameters
        ----------
        name, text : str
        replace : bool
            Whether whatever has the name makes way; else only what is the same listener's, or nobody's too.
        **asked
            The other fields of :class:`~ml.intelligent_search.request.SearchRequest`.

        Raises
        ------
        BadInput
        """

        def makes_way(there: SavedSearch) -> bool:
            return replace or self._same(there.whose, asked.get("user_id"))

        at_ms = self._parts.clock()
        return save_search(self._parts.store, name, text, asked, at_ms=at_ms, makes_way=makes_way)

    def saved(self, *, user_id: str | None = None, unowned: bool = False) -> list[SavedSearch]:
        """List the searches that have a name.

        Parameters
        ----------
        user_id : str, optional
            Only this listener's.
        unowned : bool
            Without a listener: only nobody's, rather than everybody's.
        """
        found = list_saved(self._parts.store)
        if user_id is None and not unowned:
            return found
        return [one for one in found if self._same(one.whose, user_id)]

    def again(self, name: str, *, user_id: str | None = None, unowned: bool = False) -> SearchResults:
        """Ask a search that has a name, among those that :meth:`saved` lists.

        Raises
        ------
        UnknownId
        """
        return self.search(**saved_named(self.saved(user_id=user_id, unowned=unowned), name).request)

    def delete_saved(self, name: str, *, user_id: str | None = None, unowned: bool = False) -> None:
        """Take a search's name away, among those that :meth:`saved` lists.

        Raises
        ------
        UnknownId
        """
        delete_saved(self._parts.store, saved_named(self.saved(user_id=user_id, unowned=unowned), name).name)

    def _same(self, one: str | None, other: str | None) -> bool:
        """Tell whether two ids name one listener, or both nobody."""
        if one is None or other is None:
            return one is other
        return self._listener(one) == self._listener(other)

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

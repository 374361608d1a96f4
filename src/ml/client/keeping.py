"""The verbs about what is kept to be used again: searches, playlists, recipes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Unpack

from ml.client.asked import PlaylistAsked, SavedAsked
from ml.client.asking import delete, get, post, read
from ml.client.verbs import Many, Nothing, One, Raw, Verbs

ServerKind = Literal["subsonic", "listenbrainz"]


class Keeping(Verbs[One, Many, Raw, Nothing]):
    """What is asked about what is kept."""

    def recent_searches(self, *, user_id: str | None = None, count: int = 25, before: int | None = None) -> Many:
        """List what a listener searched for, the newest first, each text once."""
        return self._many(get("/search/recent", user_id=user_id, count=count, before=before))

    def forget_searches(self, *, user_id: str | None = None) -> One:
        """Forget all that a listener searched for."""
        return self._one(delete("/search/recent", user_id=user_id))

    def trending_searches(self, *, days: float = 7, count: int = 25) -> Many:
        """List what most listeners searched for, and found."""
        return self._many(get("/search/trending", days=days, count=count))

    def unanswered_searches(self, *, days: float = 30, count: int = 25) -> Many:
        """List what nothing was found for, the most frequent first."""
        return self._many(get("/search/unanswered", days=days, count=count))

    def choose_hit(self, search_id: int, hit: str, *, user_id: str | None = None) -> Nothing:
        """Tell which hit of a search was chosen; telling it twice changes nothing."""
        return self._nothing(read("/search/choices", {"search_id": search_id, "hit": hit, "user_id": user_id}))

    def saved_searches(self, *, user_id: str | None = None) -> Many:
        """List the searches that have a name."""
        return self._many(get("/search/saved", user_id=user_id))

    def save_search(self, **asked: Unpack[SavedAsked]) -> One:
        """Keep a search under a name, to ask it again."""
        return self._one(post("/search/saved", body=asked))

    def ask_saved_search(self, name: str, *, user_id: str | None = None) -> One:
        """Ask a search that has a name."""
        return self._one(read("/search/saved/again", {"name": name, "user_id": user_id}))

    def delete_saved_search(self, name: str, *, user_id: str | None = None) -> Nothing:
        """Take a search's name away."""
        return self._nothing(delete("/search/saved", name=name, user_id=user_id))

    def save_playlist(self, name: str, tracks: Sequence[str], *, user_id: str | None = None) -> One:
        """Keep tracks as a list under a name, in place of one's own of that name."""
        return self._one(read("/playlists", {"name": name, "tracks": tracks, "user_id": user_id}))

    def list_recipes(self, *, user_id: str | None = None) -> Many:
        """List the recipes by name."""
        return self._many(get("/playlists/recipes", user_id=user_id))

    def save_recipe(
        self,
        name: str,
        playlist: PlaylistAsked,
        *,
        rhythm: Literal["daily", "weekly"] = "daily",
        avoid: int = 1,
        replace: bool = False,
    ) -> One:
        """Keep a request under a name, to make lists of it day by day or week by week."""
        asked = {"name": name, "playlist": playlist, "rhythm": rhythm, "avoid": avoid, "replace": replace}
        return self._one(post("/playlists/recipes", body=asked))

    def refresh_recipe(
        self, name: str, *, user_id: str | None = None, on: date | None = None, again: bool = False
    ) -> One:
        """Give a recipe's list of a day or week, and say what is new in it."""
        asked = {"name": name, "user_id": user_id, "on": on, "again": again}
        return self._one(read("/playlists/recipes/refresh", asked))

    def delete_recipe(self, name: str, *, user_id: str | None = None, lists: bool = False) -> One:
        """Forget a recipe, and with ``lists`` the lists that it came to."""
        return self._one(delete("/playlists/recipes", name=name, user_id=user_id, lists=lists))

    def radio(
        self,
        *,
        playlist: PlaylistAsked | None = None,
        state: Mapping[str, Any] | None = None,
        heard: Sequence[Mapping[str, Any]] = (),
    ) -> One:
        """Begin a radio, or go on with one from the state that the last answer gave."""
        return self._one(read("/playlists/radio", {"playlist": playlist, "state": state, "heard": heard}))

    def list_server_playlists(self, server: ServerKind) -> Many:
        """List the playlists of a server that the service is set up for."""
        return self._many(get("/playlists/servers/{}", server))

    def push_playlist(self, name: str, server: ServerKind, *, title: str | None = None, public: bool = False) -> One:
        """Send a stored playlist to a server; sending it twice changes nothing."""
        asked = {"name": name, "server": server, "title": title, "public": public}
        return self._one(post("/playlists/push", body=asked))

    def pull_playlist(self, name: str, server: ServerKind) -> One:
        """Fetch a playlist from a server into the workspace; fetching it again updates it."""
        return self._one(post("/playlists/pull", body={"name": name, "server": server}))

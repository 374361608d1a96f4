"""What a generator does with lists that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection

from ml.foundation.errors import BadInput
from ml.foundation.phrase import spoken
from ml.playlist_generator.live.editing import edit
from ml.playlist_generator.live.extending import Extension, extend
from ml.playlist_generator.live.given import Given, ids_of, request_of
from ml.playlist_generator.live.planning import opened
from ml.playlist_generator.live.radio import Radio, start, take_up
from ml.playlist_generator.live.recipes import (
    Recipe,
    delete_recipe,
    list_recipes,
    recipe_named,
    save_recipe,
)
from ml.playlist_generator.live.refreshing import Refreshed, refresh
from ml.playlist_generator.live.resizing import resize
from ml.playlist_generator.live.saving import Saved, append, save
from ml.playlist_generator.parts import GeneratorParts
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.words import say

if TYPE_CHECKING:
    from ml.playlist_generator.library.tracks import Tracks


class LiveVerbs:
    """The verbs of a generator that change and continue lists, and make them anew."""

    if TYPE_CHECKING:
        _parts: GeneratorParts

        def _read(self, connection: Connection) -> Tracks: ...

    def show(self, playlist: Given) -> Playlist:
        """Say of a list as it stands, changed by hand or not, how it suits, how it flows and which demands it meets.

        Tracks that are not here any more are left out, and it is said. An arc is meant within the list here, from its
        calmest track to its most energetic, and no other track counts.

        Raises
        ------
        BadInput
            If none of its tracks is here.
        """
        request = request_of(playlist)
        with opened(self._parts, self._read) as desk:
            found = desk.rows(ids_of(playlist))
            rows = np.array([row for row in found if row is not None], dtype=np.int64)
            if not len(rows):
                raise BadInput("nothing of the list is here", "name tracks of this workspace")
            shown = desk.show(request, rows)
        gone = len(found) - len(rows)
        if not gone:
            return shown
        return changed(shown, notices=(*shown.notices, spoken(say("gone", n=gone), request.language)))

    def resize(
        self, playlist: Given, *, minutes: float | None = None, count: int | None = None, played: int = 0
    ) -> Playlist:
        """Make a list longer or shorter; what was played of it stays: :func:`.resizing.resize`."""
        with opened(self._parts, self._read) as desk:
            return resize(desk, playlist, minutes=minutes, count=count, played=played)

    def edit(
        self,
        playlist: Given,
        *,
        pin: Mapping[int, str] | None = None,
        remove: Sequence[str] = (),
        keep: Sequence[str] | None = None,
        seed: int | None = None,
    ) -> Playlist:
        """Pin, remove and keep tracks, and make the rest anew: :func:`.editing.edit`."""
        with opened(self._parts, self._read) as desk:
            return edit(desk, playlist, pin=pin, remove=remove, keep=keep, seed=seed)

    def extend(
        self,
        playlist: Given | str,
        *,
        minutes: float | None = None,
        count: int | None = None,
        threshold: float | None = None,
        **asked: Any,
    ) -> Extension:
        """Find tracks to go on with behind a list: :func:`.extending.extend`."""
        with opened(self._parts, self._read) as desk:
            return extend(desk, playlist, minutes=minutes, count=count, threshold=threshold, **asked)

    def append(self, extension: Extension | Mapping[str, Any], *, name: str | None = None) -> Saved:
        """Write what an extension added behind its stored list, or the whole under a name: :func:`.saving.append`.

        Parameters
        ----------
        extension : Extension or mapping
            What :meth:`extend` gave, or its JSON.
        name : str, optional
        """
        playlist_id, added = extension["playlist_id"], extension["added"]
        if playlist_id is None:
            raise BadInput("this extension is not of a stored list", "keep the list first: save(playlist, name)")
        return append(self._parts.store, playlist_id, ids_of({"tracks": added}), name=name)

    def radio(self, *, state: Mapping[str, Any] | None = None, **asked: Any) -> Radio:
        """Begin a radio, or go on with one from its state: :class:`.radio.Radio`.

        Parameters
        ----------
        state : mapping, optional
            As :meth:`.radio.Radio.state` gave it; then nothing else is asked.
        **asked
            The fields of :class:`~ml.playlist_generator.PlaylistRequest`; without a length it never ends.
        """

        def desk() -> Any:
            return opened(self._parts, self._read)

        return start(desk, **asked) if state is None else take_up(desk, state, **asked)

    def save(self, playlist: Given, name: str, *, user_id: str | None = None) -> Saved:
        """Keep a list in the store under a name, in place of what was kept under it: :func:`.saving.save`."""
        return save(self._parts.store, playlist, name, user_id=user_id)

    def save_recipe(
        self, name: str, *, rhythm: str = "daily", avoid: int = 1, replace: bool = False, **asked: Any
    ) -> Recipe:
        """Keep a request, to make lists of it again and again: :func:`.recipes.save_recipe`."""
        request = PlaylistRequest.of(**asked)
        clock = self._parts.clock
        return save_recipe(self._parts.store, name, request, rhythm=rhythm, avoid=avoid, replace=replace, at=clock())

    def recipes(self) -> list[Recipe]:
        """List the recipes by name."""
        with self._parts.store.read() as connection:
            return list_recipes(connection)

    def delete_recipe(self, name: str, *, lists: bool = False) -> Recipe:
        """Forget a recipe, and with ``lists`` the lists it came to: :func:`.recipes.delete_recipe`."""
        return delete_recipe(self._parts.store, name, lists=lists)

    def refresh(self, name: str, *, on: Any = None, again: bool = False) -> Refreshed:
        """Give a recipe's list of a day or week, and what is new in it: :func:`.refreshing.refresh`.

        Raises
        ------
        UnknownId, BadInput, EmptyWorkspace
        """
        with opened(self._parts, self._read) as desk:
            recipe = recipe_named(desk.connection, name)
            return refresh(desk, recipe, on=on, again=again)

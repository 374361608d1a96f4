"""Lists into the store, where exports and servers find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from ml.data.identity import find_item, find_user
from ml.data.identity.lookup import check_text
from ml.data.schema import playlist_items, playlists, recipe_lists
from ml.data.store import Store
from ml.foundation.errors import AmbiguousId, BadInput, UnknownId
from ml.foundation.phrase import spoken
from ml.foundation.results import Result
from ml.playlist_generator.live.given import Given, ids_of, request_of
from ml.playlist_generator.naming import is_readers
from ml.playlist_generator.words import say

#: Under which source generated lists are kept.
SOURCE = "ml"


@dataclass(frozen=True, slots=True)
class Saved(Result):
    """What became of a list in the store.

    Parameters
    ----------
    playlist_id : str
        Outside id: ``ml:`` and the name.
    name : str
    tracks : int
        In the store.
    changed : bool
        Whether anything is other than before.
    notices : tuple of str
    """

    playlist_id: str
    name: str
    tracks: int
    changed: bool
    notices: tuple[str, ...] = ()


def save(store: Store, playlist: Given, name: str, *, user_id: str | None = None) -> Saved:
    """Keep a list under a name, in place of what was kept under it; once more, and nothing changes.

    Parameters
    ----------
    store : Store
    playlist : Playlist or mapping
    name : str
    user_id : str, optional
        Whose it is; left out, the listener that the list was made for, if there is one.

    Raises
    ------
    BadInput
        If there is no name, or no track that can be kept, or the name is that of somebody else's list.
    UnknownId, AmbiguousId
        If nobody is called so.
    """
    name = named(name)
    ids = ids_of(playlist)
    request = request_of(playlist)
    with store.write() as connection:
        found = [_key(connection, one) for one in ids]
        keys = [key for key in found if key is not None]
        if not keys:
            raise BadInput(
                "none of the list's tracks can be kept", "bring their files in: ml import PATH", code="list_not_kept"
            )
        owner = find_user(connection, user_id) if user_id else owner_of(connection, request.user_id)
        changed = write(store, connection, name, name, keys, owner)[1]
    left = len(found) - len(keys)
    notices = (spoken(say("not_storable", n=left), request.language),) if left else ()
    return Saved(f"{SOURCE}:{name}", name, len(keys), changed, notices)


def named(name: str) -> str:
    """Check a name.

    Raises
    ------
    BadInput
    """
    check_text(name)
    if not name.strip():
        raise BadInput(f"name = {name!r}", "give the list a name", code="list_unnamed")
    return " ".join(name.split())


def owner_of(connection: Connection, user_id: str | None) -> int | None:
    """Find the listener that a request names; None where nobody is known by it."""
    if user_id is None:
        return None
    try:
        return find_user(connection, user_id)
    except UnknownId:
        return None


def _key(connection: Connection, track_id: str) -> int | None:
    """Find the item of a track; None for a file that no import named."""
    try:
        found = find_item(connection, track_id, kind="track")
    except (UnknownId, AmbiguousId):
        return None
    return found.key


def write(
    store: Store, connection: Connection, external_id: str, name: str, keys: Sequence[int], user_key: int | None
) -> tuple[int, bool]:
    """Write a list of items, in place of the one under the same id; give its key, and whether anything changed.

    Raises
    ------
    BadInput
        If the one under the same id is not for whoever asks to change.
    """
    here = (playlists.c.source == SOURCE) & (playlists.c.external_id == external_id)
    there = connection.execute(select(playlists.c.key, playlists.c.name, playlists.c.user_key).where(here)).first()
    if there is None:
        key = store.allocate(connection, "playlist", 1)
        values = {"key": key, "source": SOURCE, "external_id": external_id, "name": name, "user_key": user_key}
        connection.execute(insert(playlists).values(values))
    elif not is_readers(there.user_key):
        raise BadInput(
            f"a list is called {name!r} already", "give it another name", code="list_taken", values={"name": name}
        )
    else:
        key = int(there.key)
        if there.name == name and there.user_key == user_key and items_of(connection, key) == list(keys):
            return key, False
        connection.execute(update(playlists).where(playlists.c.key == key).values(name=name, user_key=user_key))
        connection.execute(delete(playlist_items).where(playlist_items.c.playlist_key == key))
    rows = [{"playlist_key": key, "position": at, "item_key": int(item)} for at, item in enumerate(keys)]
    connection.execute(insert(playlist_items), rows)
    return key, True


def items_of(connection: Connection, playlist_key: int) -> list[int]:
    """Give the item keys of a stored list, in order."""
    asked = select(playlist_items.c.item_key).where(playlist_items.c.playlist_key == playlist_key)
    return list(connection.execute(asked.order_by(playlist_items.c.position)).scalars())


def append(store: Store, playlist_id: str, track_ids: Sequence[str], *, name: str | None = None) -> Saved:
    """Write tracks behind a stored list.

    Parameters
    ----------
    store : Store
    playlist_id : str
        Outside id.
    track_ids : sequence of str
    name : str, optional
        Keeps the whole under this name, and leaves the list as it is.

    Raises
    ------
    BadInput
        If the list came from somewhere else, and no name is given: importing it again would undo what is done to it.
    UnknownId
    """
    source, _, external = playlist_id.partition(":")
    if source != SOURCE and name is None:
        raise BadInput(
            f"{playlist_id} came by an import, which would undo this",
            "keep the whole: --save-as NAME",
            code="list_of_import",
        )
    name = None if name is None else named(name)
    with store.write() as connection:
        here = (playlists.c.source == source) & (playlists.c.external_id == external)
        there = connection.execute(select(playlists.c.key, playlists.c.name, playlists.c.user_key).where(here)).first()
        if there is None:
            raise UnknownId(f"no playlist {playlist_id!r}", "ml export playlists lists them", code="list_unknown")
        more = [_key(connection, one) for one in track_ids]
        keys = [*items_of(connection, there.key), *(key for key in more if key is not None)]
        ours = external if name is None else name
        changed = write(store, connection, ours, name or there.name, keys, there.user_key)[1]
    return Saved(f"{SOURCE}:{ours}", name or there.name, len(keys), changed)


def remove(connection: Connection, keys: Sequence[int]) -> None:
    """Remove stored lists."""
    for key in keys:
        connection.execute(delete(playlist_items).where(playlist_items.c.playlist_key == key))
        connection.execute(delete(recipe_lists).where(recipe_lists.c.playlist_key == key))
        connection.execute(delete(playlists).where(playlists.c.key == key))

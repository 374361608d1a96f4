"""Requests that lists are made of again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from ml.data.schema import playlist_recipes, recipe_lists
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.results import Result, plain
from ml.playlist_generator.live.given import is_whole
from ml.playlist_generator.live.saving import named, owner_of, remove
from ml.playlist_generator.naming import is_readers
from ml.playlist_generator.request import PlaylistRequest

Rhythm = Literal["daily", "weekly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
#: Last lists that a recipe keeps away from, at most.
MOST_AVOIDED = 52


@dataclass(frozen=True, slots=True)
class Recipe(Result):
    """A request with a name and a rhythm.

    Parameters
    ----------
    name : str
    rhythm : {"daily", "weekly"}
    avoid : int
        Of so many of the last lists it takes no track, as far as there are others.
    request : mapping
        Fields of :class:`~ml.playlist_generator.PlaylistRequest`.
    created_at : int
        UTC milliseconds.
    lists : int
        That it came to so far.
    last : str or None
        First day of the last one's time, ISO 8601.
    """

    name: str
    rhythm: Rhythm
    avoid: int
    request: Mapping[str, Any]
    created_at: int
    lists: int = 0
    last: str | None = None


def save_recipe(
    store: Store,
    name: str,
    request: PlaylistRequest,
    *,
    rhythm: str = "daily",
    avoid: int = 1,
    replace: bool = False,
    at: int,
) -> Recipe:
    """Keep a request under a name.

    Parameters
    ----------
    store : Store
    name : str
    request : PlaylistRequest
    rhythm : {"daily", "weekly"}
    avoid : int
        Of so many of the last lists it takes no track, as far as there are others.
    replace : bool
        Whether a recipe of the name makes way; its lists stay.
    at : int
        UTC milliseconds.

    Raises
    ------
    BadInput
        If there is one of the name already, or something is not allowed.
    """
    name = named(name)
    if rhythm not in RHYTHMS:
        raise BadInput(f"rhythm = {rhythm!r}", did_you_mean(str(rhythm), RHYTHMS))
    if not is_whole(avoid) or not 0 <= avoid <= MOST_AVOIDED:
        raise BadInput(f"avoid = {avoid!r}", f"give a number of lists from 0 to {MOST_AVOIDED}")
    values = {
        "name": name,
        "request": orjson.dumps(plain(request.to_dict())).decode(),
        "rhythm": rhythm,
        "avoid": avoid,
        "created_at": at,
    }
    here = playlist_recipes.c.name == name
    with store.write() as connection:
        there = connection.execute(select(playlist_recipes.c.user_key).where(here)).first()
        if there is not None and not (replace and is_readers(there.user_key)):
            raise BadInput(
                f"there is a recipe {name!r} already",
                "give it another name, or replace it: --replace",
                code="recipe_taken",
                values={"name": name},
            )
        connection.execute(delete(playlist_recipes).where(here))
        connection.execute(insert(playlist_recipes).values(**values, user_key=owner_of(connection, request.user_id)))
        return recipe_named(connection, name)


def list_recipes(connection: Connection) -> list[Recipe]:
    """List the recipes that whoever asks may change, by name."""
    made = select(recipe_lists.c.recipe, func.count().label("lists"), func.max(recipe_lists.c.day).label("last"))
    made_by = made.group_by(recipe_lists.c.recipe).subquery()
    asked = select(playlist_recipes, made_by.c.lists, made_by.c.last)
    asked = asked.join(made_by, made_by.c.recipe == playlist_recipes.c.name, isouter=True)
    found = [
        Recipe(
            name=row.name,
            rhythm=row.rhythm,
            avoid=row.avoid,
            request=orjson.loads(row.request),
            created_at=row.created_at,
            lists=row.lists or 0,
            last=row.last,
        )
        for row in connection.execute(asked)
        if is_readers(row.user_key)
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def recipe_named(connection: Connection, name: str) -> Recipe:
    """Find a recipe by its name, whatever the case.

    Raises
    ------
    UnknownId
    """
    known = list_recipes(connection)
    wanted = named(name)
    found = [one for one in known if one.name == wanted]
    found = found or [one for one in known if one.name.casefold() == wanted.casefold()]
    if not found:
        names = [one.name for one in known]
        hint = did_you_mean(wanted, names) if names else "keep one first: ml playlist save-recipe NAME --ask mood=calm"
        raise UnknownId(f"no recipe {name!r}", hint)
    return found[0]


def delete_recipe(store: Store, name: str, *, lists: bool = False) -> Recipe:
    """Forget a recipe.

    Parameters
    ----------
    store : Store
    name : str
    lists : bool
        Whether the lists that it came to go too; else they stay as they are.

    Raises
    ------
    UnknownId
    """
    with store.write() as connection:
        found = recipe_named(connection, name)
        of_it = recipe_lists.c.recipe == found.name
        keys = connection.execute(select(recipe_lists.c.playlist_key).where(of_it)).scalars().all()
        connection.execute(delete(recipe_lists).where(of_it))
        connection.execute(delete(playlist_recipes).where(playlist_recipes.c.name == found.name))
        if lists:
            remove(connection, keys)
    return found

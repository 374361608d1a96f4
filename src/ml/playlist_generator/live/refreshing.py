"""A recipe's list of a day or a week, and what is new in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from ml.data.identity import outside_ids
from ml.data.schema import items, playlist_items, recipe_lists
from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.playlist_generator.holding.demands import Demand, Only
from ml.playlist_generator.live.differences import Difference, difference
from ml.playlist_generator.live.planning import Around, Desk, impossible
from ml.playlist_generator.live.recipes import Recipe
from ml.playlist_generator.live.saving import SOURCE, owner_of, write
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.words import say


@dataclass(frozen=True, slots=True)
class Refreshed(Result):
    """A recipe's list.

    Parameters
    ----------
    name : str
        Of the recipe.
    day : str
        First day of the list's time, ISO 8601: the day itself, or the Monday of its week.
    playlist_id : str or None
        Under which it is kept; None where its tracks are files that no import has named.
    made : bool
        Whether it was made just now; else it was there.
    previous : str or None
        Day of the list before.
    difference : Difference
        Against the list before, or an empty one.
    playlist : Playlist
    """

    name: str
    day: str
    playlist_id: str | None
    made: bool
    previous: str | None
    difference: Difference
    playlist: Playlist


@dataclass(frozen=True)
class _Made:
    day: str
    playlist_key: int


def refresh(desk: Desk, recipe: Recipe, *, on: date | str | None = None, again: bool = False) -> Refreshed:
    """Give the list of a day: the one that is kept for it, else a new one, which is kept.

    Parameters
    ----------
    desk : Desk
    recipe : Recipe
    on : date or str, optional
        Any day of the list's time, ISO 8601; left out, today in UTC.
    again : bool
        Whether to make it anew though it is there, from what is in the store now.

    Raises
    ------
    BadInput
    """
    day = first_day(recipe, _day(desk, on)).isoformat()
    asked = select(recipe_lists.c.day, recipe_lists.c.playlist_key).where(recipe_lists.c.recipe == recipe.name)
    made = [_Made(row.day, row.playlist_key) for row in desk.connection.execute(asked.order_by(recipe_lists.c.day))]
    before = [one for one in made if one.day < day]
    there = next((one for one in made if one.day == day), None)
    request = PlaylistRequest.of(**recipe.request)
    request = replace(request, seed=seed_of(recipe.name, day, request.seed))
    old = _tracks(desk.connection, before[-1].playlist_key) if before else []
    if there is not None and not again:
        rows = desk.tracks.rows_of(np.array([key for key, _, _ in _tracks(desk.connection, there.playlist_key)]))
        playlist = desk.show(request, rows[rows >= 0]) if (rows >= 0).any() else None
        if playlist is not None:
            return _refreshed(recipe, day, f"{recipe.name}/{day}", before, old, playlist, made=False)
    avoided = [key for one in before[-recipe.avoid :] for key, _, _ in _tracks(desk.connection, one.playlist_key)]
    playlist = _new(desk, request, avoided if recipe.avoid else [], recipe.avoid)
    external = _keep(desk, recipe, day, playlist)
    return _refreshed(recipe, day, external, before, old, playlist, made=True)


def first_day(recipe: Recipe, day: date) -> date:
    """Give the first day of a list's time."""
    return day - timedelta(days=day.weekday()) if recipe.rhythm == "weekly" else day


def seed_of(name: str, day: str, seed: int) -> int:
    """Give the seed of a list: the same for the same recipe, day and request.

    >>> seed_of("jam", "2026-11-26", 0) == seed_of("jam", "2026-11-27", 0)
    False
    """
    return int.from_bytes(hashlib.sha256(f"{name}\n{day}\n{seed}".encode()).digest()[:8]) >> 1


def _day(desk: Desk, on: date | str | None) -> date:
    if on is None:
        return datetime.fromtimestamp(desk.parts.clock() / 1000, UTC).date()
    if isinstance(on, datetime):
        return on.date()
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(str(on))
    except ValueError:
        raise BadInput(f"on = {on!r} is no day", "write it as 2026-11-26") from None


def _tracks(connection: Connection, playlist_key: int) -> list[tuple[int, str, str]]:
    """Give the items of a stored list with their outside ids and titles, in order."""
    root = func.coalesce(items.c.same_as, items.c.key)
    asked = select(root, items.c.name).join_from(playlist_items, items, items.c.key == playlist_items.c.item_key)
    asked = asked.where(playlist_items.c.playlist_key == playlist_key).order_by(playlist_items.c.position)
    found = [(int(key), str(name or "")) for key, name in connection.execute(asked)]
    ids = outside_ids(connection, "item", [key for key, _ in found])
    return [(key, ids[key], name) for key, name in found]


def _new(desk: Desk, request: PlaylistRequest, avoided: Sequence[int], lists: int) -> Playlist:
    """Make a list without what the last ones had; where that is too little, rather without it."""
    keyed = desk.tracks.keys >= 0
    demands: list[Demand] = [] if keyed.all() or not keyed.any() else [Only("in_catalogue", True, keyed)]
    around = Around(demands=demands)
    rows = desk.tracks.rows_of(np.array(avoided, dtype=np.int64))
    had = set(rows[rows >= 0].tolist())
    if had:
        found = desk.plan(request, replace(around, demands=(*demands, desk.but("not_in_last_lists", lists, had))))
        if found is not None and found.whole:
            return found.playlist
        around = replace(around, fit={**around.fit, "lately": 1 - desk.within(had)}, notices=(say("lists_again"),))
    found = desk.plan(request, around)
    if found is None:
        raise impossible()
    return found.playlist


def _keep(desk: Desk, recipe: Recipe, day: str, playlist: Playlist) -> str | None:
    rows = [row for row in desk.rows([track.track_id for track in playlist.tracks]) if row is not None]
    keys = [int(key) for key in desk.tracks.keys[rows] if key >= 0]
    if not keys:
        return None
    external = f"{recipe.name}/{day}"
    store = desk.parts.store
    with store.write() as connection:
        owner = owner_of(connection, recipe.request.get("user_id"))
        key, _ = write(store, connection, external, f"{recipe.name} {day}", keys, owner)
        here = (recipe_lists.c.recipe == recipe.name) & (recipe_lists.c.day == day)
        connection.execute(delete(recipe_lists).where(here))
        values = {"recipe": recipe.name, "day": day, "playlist_key": key, "made_at": desk.parts.clock()}
        connection.execute(insert(recipe_lists).values(values))
    return external


def _refreshed(
    recipe: Recipe,
    day: str,
    external: str | None,
    before: Sequence[_Made],
    old: Sequence[tuple[int, str, str]],
    playlist: Playlist,
    *,
    made: bool,
) -> Refreshed:
    new = [(track.track_id, track.title) for track in playlist.tracks]
    return Refreshed(
        name=recipe.name,
        day=day,
        playlist_id=None if external is None else f"{SOURCE}:{external}",
        made=made,
        previous=before[-1].day if before else None,
        difference=difference([(track_id, title) for _, track_id, title in old], new),
        playlist=playlist,
    )

"""A list edited by hand: tracks pinned, removed and kept, the rest made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ml.foundation.errors import BadInput
from ml.playlist_generator.live.given import Given, ids_of, request_of
from ml.playlist_generator.live.planning import Around, Desk, impossible
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.words import say


def edit(
    desk: Desk,
    playlist: Given,
    *,
    pin: Mapping[int, str] | None = None,
    remove: Sequence[str] = (),
    keep: Sequence[str] | None = None,
    seed: int | None = None,
) -> Playlist:
    """Edit a list, and fill what is open.

    Parameters
    ----------
    desk : Desk
    playlist : Playlist or mapping
    pin : mapping of int to str, optional
        Tracks by position, from 1; what was there makes way.
    remove : sequence of str
        Tracks that go, and do not come back.
    keep : sequence of str, optional
        Tracks that stay at their places, while all others are made anew: they come again only where there are too few
        others. Left out, all that is not removed stays.
    seed : int, optional
        Of what is made anew; left out, the next one after the list's.

    Raises
    ------
    BadInput, UnknownId, AmbiguousId
        If a track that is named is not here, or not in the list.
    """
    ids = ids_of(playlist)
    before = request_of(playlist)
    pins = PlaylistRequest.of(pins=dict(pin or {})).pins
    beyond = next((position for position in sorted(pins) if position > len(ids)), None)
    if beyond is not None:
        room = f"pin at 1 to {len(ids)}" if ids else "it is empty"
        raise BadInput(f"pin {beyond}: the list has {len(ids)} tracks", f"{room}, or make it longer first: resize(…)")
    there = {row: place for place, row in enumerate(desk.rows(ids)) if row is not None}
    pinned = {desk.row(text): position - 1 for position, text in pins.items()}
    if len(pinned) < len(pins):
        raise BadInput(f"pin = {dict(pins)!r}", "a track comes once, at one position")
    gone = {_in_list(desk, there, name) for name in remove}
    stay = set(there) - gone if keep is None else {_in_list(desk, there, name) for name in keep}
    if gone & (stay | set(pinned)):
        raise BadInput("a track is removed, and kept or pinned too", "name it in one of them")
    # What was pinned before stays, unless it was removed or moved, or its place is taken.
    earlier = {desk.row(text): (position, text) for position, text in before.pins.items()}
    stay |= {row for row, (position, _) in earlier.items() if there.get(row) == position - 1 and row not in gone}
    taken = set(pinned.values())
    kept = {there[row]: row for row in stay if row not in pinned and there[row] not in taken}
    still = {
        position: text
        for row, (position, text) in earlier.items()
        if row not in gone | set(pinned) and position - 1 not in taken
    }
    include = tuple(text for text in before.include if desk.row(text) not in gone)
    request = replace(
        before,
        pins={**still, **pins},
        include=include,
        exclude=tuple(dict.fromkeys((*before.exclude, *(ids[there[row]] for row in sorted(gone))))),
        seed=before.seed + 1 if seed is None else PlaylistRequest.of(seed=seed).seed,
    )
    rest = set(there) - set(kept.values()) - gone - set(pinned)
    # What only made way for a pin is welcome elsewhere.
    welcome = rest & (stay | {desk.row(text) for text in include})
    kept |= {position: row for row, position in pinned.items()}
    return _filled(desk, request, kept, welcome, rest - welcome)


def _filled(
    desk: Desk, request: PlaylistRequest, kept: Mapping[int, int], welcome: set[int], let_go: set[int]
) -> Playlist:
    """Make the rest anew: of other tracks, and where that fails, rather of others."""
    around = Around(places=kept, name="kept", fit={"stay": desk.within(welcome)} if welcome else {})
    if let_go:
        found = desk.plan(request, replace(around, demands=(desk.but("others", len(let_go), let_go),)))
        if found is not None and found.whole:
            kept_to = tuple(one for one in found.playlist.constraints if one.name != "others")
            return replace(found.playlist, constraints=kept_to)
        around = replace(around, fit={**around.fit, "lately": 1 - desk.within(let_go)}, notices=(say("again"),))
    found = desk.plan(request, around)
    if found is None:
        raise impossible()
    return found.playlist


def _in_list(desk: Desk, there: Mapping[int, int], text: str) -> int:
    row = desk.row(text)
    if row not in there:
        raise BadInput(f"{text!r} is not in the list", "name one of its tracks")
    return row

"""What listeners said, read from the store: what to leave out, what speaks for an item, what against it.

Conventions
-----------
- The last word about an item counts: a like takes a dislike back, and the other way round.
- A like and an addition to a playlist count as so many plays at the moment they were said, a seek backwards (to hear
  a part again) as a fraction of one; a seek forwards says nothing. How many plays, :mod:`ml.models.feedback` says.
- A dislike leaves the item out of every list, takes the say from its plays, and counts against its artist as so many
  early skips do.
- What is said of an artist is said of all their tracks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, Row, bindparam, cast, literal, null, select, union_all

from ml.data.identity.lookup import families
from ml.data.ingest.record import SAID
from ml.data.schema import blocks, feedback, users
from ml.models.feedback import PLAYS

#: Early skips that a dislike counts as, against the artist.
DISLIKE_SKIPS = 3.0

_NONE = cast(null(), BigInteger)
# Three parameters of the same value: a statement cannot take one of them twice.
_USERS: tuple[BindParameter[int], ...] = tuple(bindparam(f"users{n}", expanding=True) for n in range(3))
# Built once, and one statement: putting it together takes longer than SQLite takes to answer it.
_STATEMENT = union_all(
    select(
        blocks.c.user_key,
        blocks.c.item_key,
        literal("block").label("kind"),
        blocks.c.blocked_at.label("at"),
        _NONE.label("until_at"),
        _NONE.label("from_ms"),
        _NONE.label("to_ms"),
        _NONE.label("event_id"),
    ).where(blocks.c.user_key.in_(_USERS[0])),
    select(
        feedback.c.user_key,
        feedback.c.item_key,
        feedback.c.kind,
        feedback.c.at,
        feedback.c.until_at,
        feedback.c.from_ms,
        feedback.c.to_ms,
        feedback.c.event_id,
    ).where(feedback.c.user_key.in_(_USERS[1]), feedback.c.undone.is_(False), feedback.c.kind.in_(SAID)),
    select(users.c.key, cast(literal(0), BigInteger), literal("paused"), users.c.paused_at, *[_NONE] * 4).where(
        users.c.key.in_(_USERS[2]), users.c.paused_at.is_not(None)
    ),
)


@dataclass
class Said:
    """What one listener said, by keys of the store; with an item go all that count as one with it.

    Parameters
    ----------
    left_out : set of int
        Items and artists that are blocked, disliked, or not wanted now.
    disliked : set of int
    liked : list of (set of int, float, int)
        One item's keys, as how many plays it counts, and when that was said.
    paused_at : int, optional
        Since when plays are not kept, UTC milliseconds.
    """

    left_out: set[int] = field(default_factory=set)
    disliked: set[int] = field(default_factory=set)
    liked: list[tuple[set[int], float, int]] = field(default_factory=list)
    paused_at: int | None = None


def read_said(connection: Connection, user_keys: Sequence[int], *, now: int) -> dict[int, Said]:
    """Read what some listeners said that counts at a moment; those who said nothing are absent.

    Parameters
    ----------
    now : int
        UTC milliseconds: which ``not_now`` are over.
    """
    rows = connection.execute(_STATEMENT, {f"users{n}": user_keys for n in range(3)}).all()
    found: dict[int, Said] = {row.user_key: Said() for row in rows}
    if not found:
        return found
    same = families(connection, {row.item_key for row in rows if row.kind != "paused"})
    last_word: dict[tuple[int, int], Row[Any]] = {}
    for row in sorted(rows, key=lambda row: row.event_id or 0):
        said = found[row.user_key]
        if row.kind == "paused":
            said.paused_at = row.at
        elif row.kind in ("like", "dislike"):
            last_word[row.user_key, min(same[row.item_key])] = row
        elif row.kind == "block" or (row.kind == "not_now" and row.until_at > now):
            said.left_out |= same[row.item_key]
        elif row.kind == "add_to_playlist" or (row.kind == "seek" and _goes_back(row)):
            said.liked.append((same[row.item_key], PLAYS[row.kind], row.at))
    for row in last_word.values():
        said, family = found[row.user_key], same[row.item_key]
        if row.kind == "like":
            said.liked.append((family, PLAYS["like"], row.at))
        else:
            said.disliked |= family
            said.left_out |= family
            said.liked = [word for word in said.liked if not word[0] & family]
    return found


def _goes_back(row: Row[Any]) -> bool:
    return row.from_ms is not None and row.to_ms is not None and row.to_ms < row.from_ms

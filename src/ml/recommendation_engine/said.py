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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    String,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from ml.data.identity.lookup import families
from ml.data.ingest.record import SAID
from ml.data.schema import blocks, feedback, items, users
from ml.models.feedback import PLAYS

#: Early skips that a dislike counts as, against the artist.
DISLIKE_SKIPS = 3.0

_ZERO = cast(literal(0), BigInteger)
_KINDS = [literal_column(f"'{kind}'", String) for kind in SAID]


def _statement(of: Callable[[Column[int], str], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Put it together, in one: that takes longer than SQLite takes to answer it.

    Parameters
    ----------
    of : callable
        Says that a column is one of the listeners asked for, by a parameter: the statement has it three times, under
        three names.
    """
    return union_all(
        select(
            blocks.c.user_key,
            blocks.c.item_key,
            blocks.c.item_key.label("root"),
            literal("block").label("kind"),
            blocks.c.blocked_at.label("at"),
            _ZERO.label("event_id"),
            _ZERO.label("until_at"),
        ).where(of(blocks.c.user_key, "users0")),
        select(
            feedback.c.user_key,
            feedback.c.item_key,
            func.coalesce(items.c.same_as, items.c.key),
            feedback.c.kind,
            feedback.c.at,
            feedback.c.event_id,
            feedback.c.until_at,
        )
        .join(items, items.c.key == feedback.c.item_key)
        .where(
            of(feedback.c.user_key, "users1"),
            feedback.c.undone.is_(False),
            feedback.c.kind.in_(_KINDS),
            # What says nothing, or nothing any more, is not even read.
            (feedback.c.kind != "seek") | (feedback.c.to_ms < feedback.c.from_ms),
            (feedback.c.kind != "not_now") | (feedback.c.until_at > bindparam("now")),
        ),
        select(users.c.key, _ZERO, _ZERO, literal("paused"), users.c.paused_at, _ZERO, _ZERO).where(
            of(users.c.key, "users2"), users.c.paused_at.is_not(None)
        ),
    )


_OF_MANY = _statement(lambda column, name: column.in_(bindparam(name, expanding=True)))
# Most ask for one, and a list of parameters is written into a statement anew each time.
_OF_ONE = _statement(lambda column, name: column == bindparam(name))

#: An item's key, as how many plays it counts, and when that was said.
Liked = tuple[int, float, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A word that keeps an item, or all of an artist, out of a listener's lists.

    Parameters
    ----------
    kind : str
        ``block``, ``dislike`` or ``not_now``.
    key : int
        Of what it was said of.
    keys : set of int
        All that count as one with it: models trained before a merge still know them apart.
    at, until : int
        When it was said, and when it is over, UTC milliseconds; 0: never.
    """

    kind: str
    key: int
    keys: set[int]
    at: int
    until: int = 0


@dataclass
class Said:
    """What one listener said, by keys of the store.

    Parameters
    ----------
    refusals : list of Refusal
        In the order in which they were said, blocks first.
    liked : list of (int, float, int)
    paused_at : int, optional
        Since when plays are not kept, UTC milliseconds.
    """

    refusals: list[Refusal] = field(default_factory=list)
    liked: list[Liked] = field(default_factory=list)
    paused_at: int | None = None

    @property
    def left_out(self) -> set[int]:
        """Items and artists that are blocked, disliked, or not wanted now, and all that count as one with them."""
        return {key for refusal in self.refusals for key in refusal.keys}

    @property
    def disliked(self) -> set[int]:
        """Those of them that are disliked."""
        return {key for refusal in self.refusals if refusal.kind == "dislike" for key in refusal.keys}


def read_said(
    connection: Connection, user_keys: Sequence[int], *, now: int, roots: Mapping[int, int] = MappingProxyType({})
) -> dict[int, Said]:
    """Read what some listeners said that counts at a moment; those who said nothing are absent.

    Parameters
    ----------
    now : int
        UTC milliseconds: which ``not_now`` are over.
    roots : mapping of int to int
        As of :class:`~ml.recommendation_engine.catalogue.Catalogue`.
    """
    one = len(user_keys) == 1
    asked = {f"users{n}": user_keys[0] if one else user_keys for n in range(3)}
    rows = connection.execute(_OF_ONE if one else _OF_MANY, {"now": now} | asked).all()
    found: dict[int, Said] = {}
    rated: dict[tuple[int, int], tuple[int, int, str, int]] = {}
    out: list[tuple[int, int, str, int, int]] = []
    for user, item, root, kind, at, _, until in sorted(rows, key=itemgetter(5)):
        said = found.get(user) or found.setdefault(user, Said())
        if kind == "paused":
            said.paused_at = at
        elif kind in ("like", "dislike"):
            root = roots.get(root, root)  # noqa: PLW2901
            rated[user, root] = item, root, kind, at  # the last word
        elif kind in PLAYS:
            said.liked.append((roots.get(root, root), PLAYS[kind], at))
        else:
            out.append((user, item, kind, at, until or 0))
    for (user, _), (item, root, kind, at) in rated.items():
        if kind == "like":
            found[user].liked.append((root, PLAYS["like"], at))
        else:
            out.append((user, item, kind, at, 0))
            found[user].liked = [word for word in found[user].liked if word[0] != root]
    same = families(connection, {item for _, item, *_ in out})
    for user, item, kind, at, until in out:
        found[user].refusals.append(Refusal(kind, item, same[item], at, until))
    return found

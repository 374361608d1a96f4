"""Descriptions to keys, for whole frames at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from typing import Any

import polars as pl
from sqlalchemy import Connection, bindparam, case, func, select, update

from ml.data.identity.candidates import Candidates
from ml.data.identity.credits import Credit, guests, parts, split_credit
from ml.data.identity.description import DETAILS, Description, description
from ml.data.identity.lookup import matching_rows
from ml.data.identity.names import match_key
from ml.data.identity.outside import OutsideId
from ml.data.schema import aliases, items, track_artists, users
from ml.data.store import Store, bulk
from ml.data.vault import vault_of
from ml.data.vault.listeners import hidden, hide

#: Descriptions resolved in one transaction: short enough that a recorded listen does not wait.
SLICE = 500
#: Descriptions remembered between frames, some 200 bytes each.
_REMEMBERED = 1_000_000
Draw = Callable[[int], int]
_KEY_BITS = 53  # exact in JSON and in floating point


class Resolver:
    """Gives every listener and item of a frame its key, making what is new.

    Parameters
    ----------
    store : Store
    import_id : int or None
        The import that new rows belong to.
    draw : callable
        Gives a number of so many random bits: the keys of new listeners. People get keys that
        nobody can guess; the demo world's listeners get those of its seed.
    """

    def __init__(self, store: Store, import_id: int | None, *, draw: Draw = secrets.randbits) -> None:
        self._store, self._import_id, self._draw = store, import_id, draw
        self._users: dict[str, int] = {}
        self._items: dict[str, int] = {}
        self.made = 0
        """Described items that were new, so far."""

    def users(self, ids: pl.Series, *, within: Connection | None = None) -> pl.Series:
        """Give the key of each listener; null where the id is null.

        Parameters
        ----------
        within : sqlalchemy.Connection, optional
            A transaction that writes, in which it is done; short ones of its own if left out. If that one is not
            committed, nothing more may be asked of this resolver, which remembers what it made.
        """
        wanted = [name for name in ids.unique(maintain_order=True) if name is not None]
        unknown = [name for name in wanted if name not in self._users]
        for start in range(0, len(unknown), SLICE):
            with self._transaction(within) as connection:
                self._add_users(connection, unknown[start : start + SLICE])
        keys = pl.DataFrame(
            {"id": wanted, "key": [self._users[name] for name in wanted]}, {"id": pl.String, "key": pl.Int64}
        )
        return ids.to_frame("id").join(keys, on="id", how="left", maintain_order="left")["key"]

    def _add_users(self, connection: Connection, names: Sequence[str]) -> None:
        ids = {(outside.source, outside.external): name for name in names for outside in [OutsideId.parse(name)]}
        vault_of(connection).sealer(connection)  # another process may have encrypted the workspace meanwhile
        stored = {(source, hidden(connection, external)): name for (source, external), name in ids.items()}
        statement = select(users.c.source, users.c.external_id, users.c.key)
        externals = [external for _, external in stored]
        for source, external, key in matching_rows(connection, statement, users.c.external_id, externals):
            if (source, external) in stored:
                self._users[stored[source, external]] = key
        new = [pair for pair, name in ids.items() if name not in self._users]
        keys = [1 + self._draw(_KEY_BITS) for _ in new]
        rows = [
            {"key": key, "source": source, "external_id": external, "import_id": self._import_id}
            for key, (source, external) in zip(keys, new, strict=True)
        ]
        bulk.insert(connection, users, _frame(hide(connection, rows)))
        self._users |= {ids[pair]: key for key, pair in zip(keys, new, strict=True)}

    def items(self, frame: pl.DataFrame, *, fill: bool = False, within: Connection | None = None) -> pl.Series:
        """Give the key of each described item.

        Parameters
        ----------
        frame : polars.DataFrame
            With the columns of :data:`ml.data.frames.ITEM`, and any of year, language,
            explicit, country and artist_mbids. Every row has a title or an outside id.
        fill : bool
            Whether the descriptions are a catalogue's: then what they know is written to
            items that are already there and lack it.
        within : sqlalchemy.Connection, optional
            As :meth:`users` takes it.
        """
        described = frame.with_columns(description())
        distinct = described.unique("description", keep="first", maintain_order=True)
        new = distinct if fill else distinct.filter(~pl.col("description").is_in(self._known(distinct)))
        for part in new.iter_slices(SLICE):
            # Reading names takes longer than writing rows: it is done before the transaction begins.
            descriptions = [Description.of(row) for row in part.iter_rows(named=True)]
            with self._transaction(within) as connection:
                self._resolve(connection, descriptions, fill=fill)
        texts = distinct["description"]
        keys = pl.DataFrame(
            {"description": texts, "key": [self._items[text] for text in texts]},
            {"description": pl.String, "key": pl.Int64},
        )
        return described.select("description").join(keys, on="description", how="left", maintain_order="left")["key"]

    def _transaction(self, within: Connection | None) -> AbstractContextManager[Connection]:
        return self._store.write(durable=False) if within is None else nullcontext(within)

    def _known(self, distinct: pl.DataFrame) -> list[str]:
        if len(self._items) > _REMEMBERED:
            self._items.clear()
        return [text for text in distinct["description"] if text in self._items]

    def _resolve(self, connection: Connection, descriptions: list[Description], *, fill: bool) -> None:
        candidates = Candidates.of(connection, descriptions)
        new: list[dict[str, Any]] = []
        made: list[tuple[int, Description]] = []
        there: list[tuple[int, Description]] = []
        next_key = self._store.allocate(connection, "item", len(descriptions))
        for described in descriptions:
            outside = described.outside
            key = candidates.by_alias.get((outside.source, outside.external)) if outside else None
            recognised = None if key is not None else candidates.recognise(described)
            if key is None and recognised and outside is None:
                key = recognised.candidate.key
            if key is None:
                key, next_key = next_key, next_key + 1
                root = recognised.candidate.root if recognised else None
                new.append(_item_row(key, described, self._import_id) | _redirect(root, recognised))
                made.append((key, described))
                candidates.add(described, key, root or key)
            else:
                there.append((key, described))
            self._items[described.text] = key
        self.made += len(made)
        bulk.insert(connection, items, _frame(new))
        self._add_aliases(connection, made)
        self._add_credits(connection, [(key, d) for key, d in made if d.kind == "track" and d.credit])
        if fill:
            _fill(connection, there)

    def _add_aliases(self, connection: Connection, made: list[tuple[int, Description]]) -> None:
        rows = [
            {
                "source": d.outside.source,
                "external_id": d.outside.external,
                "item_key": key,
                "import_id": self._import_id,
            }
            for key, d in made
            if d.outside
        ]
        bulk.insert(connection, aliases, _frame(rows))

    def _add_credits(self, connection: Connection, tracks: list[tuple[int, Description]]) -> None:
        """Write who made each track, adding the artists nobody has named before."""
        if not tracks:
            return
        texts = {text for _, d in tracks for text in _possible_artists(d.credit or "")}
        artists = Candidates()
        artists.read(connection, items.c.match, (match_key("artist", text, None) for text in texts))
        artists.read(connection, items.c.mbid, (mbid for _, d in tracks for mbid in d.artist_mbids))

        def known(name: str) -> bool:
            return artists.named(match_key("artist", name, None)) is not None

        new: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        free = count(self._store.allocate(connection, "item", len(texts)))
        for track_key, d in tracks:
            found = split_credit(d.credit or "", known, artists=len(d.artist_mbids))
            mbids = d.artist_mbids if len(d.artist_mbids) == len(found) else (None,) * len(found)
            for position, (credit, mbid) in enumerate(zip(found, mbids, strict=True)):
                artist_key = self._artist(credit, mbid, artists, free, new)
                rows.append(
                    {"track_key": track_key, "position": position, "artist_key": artist_key, "role": credit.role}
                )
        bulk.insert(connection, items, _frame(new))
        bulk.insert(connection, track_artists, _frame(rows))

    def _artist(
        self, credit: Credit, mbid: str | None, artists: Candidates, free: Iterator[int], new: list[dict[str, Any]]
    ) -> int:
        details = dict.fromkeys(DETAILS) | {"mbid": mbid}
        match = match_key("artist", credit.name, None)
        described = Description("", "artist", None, credit.name, None, match, (), details)
        recognised = artists.recognise(described)
        if recognised:
            return recognised.candidate.root
        key = next(free)
        new.append(_item_row(key, described, self._import_id) | _redirect(None, None))
        artists.add(described, key, key)
        return key


def _possible_artists(credit: str) -> set[str]:
    main, featured = guests(credit)
    return {name for text in (main, featured) if text for name in (text, *parts(text))}


def _item_row(key: int, described: Description, import_id: int | None) -> dict[str, Any]:
    row = {"key": key, "kind": described.kind, "name": described.name, "credit": described.credit}
    return row | {"match": described.match, "import_id": import_id, **described.details}


def _redirect(root: int | None, recognised: Any) -> dict[str, Any]:
    if recognised is None:
        return {"same_as": None, "confidence": None, "method": None}
    return {"same_as": root, "confidence": recognised.confidence, "method": recognised.method}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame()


def _fill(connection: Connection, there: list[tuple[int, Description]]) -> None:
    """Write what a catalogue knows to items that lack it; what is there stays."""
    if not there:
        return
    statement = (
        update(items)
        .where(items.c.key == bindparam("at"))
        .values(
            {name: func.coalesce(items.c[name], bindparam(f"new_{name}")) for name in DETAILS}
            | {
                # An item known by its id alone takes the name that a catalogue gives it.
                "name": case((items.c.match.startswith("="), bindparam("new_name")), else_=items.c.name),
                "credit": func.coalesce(items.c.credit, bindparam("new_credit")),
                "match": case((items.c.match.startswith("="), bindparam("new_match")), else_=items.c.match),
            }
        )
    )
    rows = [
        {"at": key, "new_name": d.name, "new_credit": d.credit, "new_match": d.match}
        | {f"new_{name}": d.details[name] for name in DETAILS}
        for key, d in there
    ]
    connection.execute(statement, rows)

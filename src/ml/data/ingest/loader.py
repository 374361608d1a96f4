"""Frames to tables: the one place where described rows become stored rows."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl
from sqlalchemy import Table, delete, select, tuple_, update

from ml.data.frames import FRAMES, ITEM, conform
from ml.data.identity import OutsideId, Resolver
from ml.data.identity.lookup import matching
from ml.data.identity.resolver import SLICE, Draw
from ml.data.importers.base import Batch, Reject
from ml.data.ingest import reconcile
from ml.data.ingest.checks import check, clean
from ml.data.ingest.playlist_files import link_entries, named_by_file
from ml.data.ingest.slices import SlicedWriter
from ml.data.ingest.summary import Tally
from ml.data.schema import (
    features,
    files,
    friends,
    listens,
    play_counts,
    playlist_items,
    playlists,
    subjects,
    tags,
)
from ml.data.store import Store
from ml.data.vault.profiles import hide_profiles, profile_frame

#: The fact that says some listens are known to the minute only; see :mod:`~ml.data.ingest.reconcile`.
ROUNDED = "rounded listens"
_DETAILS = ("year", "language", "explicit", "country", "artist_mbids")
_NOBODY = 0
_AT_ONCE = 2_000
#: Listens that are gathered before they are sorted and written; some 60 bytes each.
PENDING_ROWS = 1_500_000


def load(
    store: Store, batches: Iterable[Batch], *, import_id: int | None = None, draw: Draw = secrets.randbits
) -> Tally:
    """Store batches without the book-keeping of an import, such as those of the demo world."""
    loader = Loader(store, import_id, draw=draw)
    for batch in batches:
        loader.load(batch)
    loader.flush()
    return loader.tally


class Loader:
    """Checks, resolves and writes batches.

    Parameters
    ----------
    store : Store
    import_id : int or None
        Stands in every row written, for undoing.
    on_rejects : callable, optional
        Takes the rejected rows of each batch.
    private_in_profile : bool
        Whether listens of private sessions are stored like any other.
    draw : callable
        See :class:`~ml.data.identity.resolver.Resolver`.
    """

    def __init__(
        self,
        store: Store,
        import_id: int | None,
        on_rejects: Callable[[list[Reject]], None] | None = None,
        *,
        private_in_profile: bool = False,
        draw: Draw = secrets.randbits,
    ) -> None:
        self.tally = Tally()
        self._store, self._import_id = store, import_id
        self._resolver = Resolver(store, import_id, draw=draw)
        self._writer = SlicedWriter(store, import_id)
        self._on_rejects = on_rejects or (lambda _: None)
        self._private_in_profile = private_in_profile
        self._has_rounded = store.fact(ROUNDED) is not None
        self._pending: list[pl.DataFrame] = []
        self.pending = 0
        """Listens that are resolved and not written yet."""

    def load(self, batch: Batch) -> None:
        """Take one batch; its listens may wait for :meth:`flush`."""
        good, rejects = checked(batch)
        self._on_rejects(rejects)
        self.tally.rows += batch.rows
        self.tally.reasons.update(reject.reason for reject in rejects)
        for name in FRAMES:
            if name in good and len(good[name]):
                getattr(self, f"_{name}")(good[name])

    def reject(self, reject: Reject) -> None:
        """Note a file, or the rest of one, that could not be read."""
        self._on_rejects([reject])
        self.tally.reasons[reject.reason] += 1

    def _insert(self, name: str, table: Table, frame: pl.DataFrame) -> None:
        """Write rows that are new; what is there stays."""
        added = self._writer.insert(table, self._owned(frame))
        self.tally.count(name, added=added, of=len(frame))

    def _replace(
        self,
        name: str,
        table: Table,
        frame: pl.DataFrame,
        *,
        fill: bool = False,
        there: pl.DataFrame | None = None,
    ) -> None:
        """Write rows that are new or say something new; with ``fill``, null says nothing.

        ``there`` are the rows as they are, where they are read in a way of their own.
        """
        key = [column.name for column in table.primary_key]
        if there is None:
            there = self._there(table, frame, key[0])
        if fill:
            old = frame.join(there, on=key, how="left", maintain_order="left", suffix="_old")
            rest = [column for column in frame.columns if column not in key]
            frame = old.select(*key, *(pl.coalesce(column, f"{column}_old") for column in rest)).select(frame.columns)
        unlike = frame.join(there, on=frame.columns, how="anti", nulls_equal=True)
        new = unlike.join(there, on=key, how="anti")
        self._writer.insert(table, self._owned(self._hidden(table, unlike)), replace=True)
        self.tally.count(name, added=len(new), of=len(frame), updated=len(unlike) - len(new))

    def _there(self, table: Table, frame: pl.DataFrame, key: str) -> pl.DataFrame:
        statement = select(*(table.c[column] for column in frame.columns))
        with self._store.read() as connection:
            return matching(connection, statement, table.c[key], frame[key].unique().to_list())

    def _hidden(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """Give rows as they are stored: of an encrypted workspace, what is personal is sealed."""
        if table is not subjects or frame.is_empty():
            return frame
        parts = []
        for part in frame.iter_slices(SLICE):
            with self._store.write(durable=False) as connection:
                parts.append(hide_profiles(connection, part))
        return pl.concat(parts)

    def _keyed(self, frame: pl.DataFrame, *, fill: bool = False) -> pl.DataFrame:
        details = [name for name in _DETAILS if name in frame.columns]
        keys = self._resolver.items(frame.select(*ITEM, *details), fill=fill)
        return frame.with_columns(keys.alias("item_key"))

    def _profiles(self, frame: pl.DataFrame) -> None:
        frame = frame.with_columns(self._resolver.users(frame["user_id"]).alias("user_key"))
        columns = ("user_key", "name", "gender", "age", "country", "registered_at")
        frame = frame.select(columns).unique("user_key", keep="last")
        with self._store.read() as connection:
            there = profile_frame(connection, frame["user_key"].to_list())
        self._replace("profiles", subjects, frame, fill=True, there=there)

    def _items(self, frame: pl.DataFrame) -> None:
        before = self._resolver.made
        frame = self._keyed(frame, fill=True)
        self.tally.count("items", added=self._resolver.made - before, of=len(frame))
        genres = frame.select("item_key", pl.col("genres").alias("tag")).explode("tag").drop_nulls("tag")
        genres = genres.with_columns(pl.col("tag").str.strip_chars()).filter(pl.col("tag") != "")
        self._write_tags("genres", genres.with_columns(user_key=_NOBODY, kind=pl.lit("genre")))

    def _files(self, frame: pl.DataFrame) -> None:
        frame = self._keyed(frame, fill=True)
        # A file that was moved is known by its sound; its old place is forgotten unless it is still there.
        statement = select(files.c.path, files.c.content_hash)
        with self._store.read() as connection:
            there = matching(connection, statement, files.c.content_hash, frame["content_hash"].unique().to_list())
        old = [path for path in there["path"].to_list() if not Path(path).exists()]
        with self._store.write() as connection:
            connection.execute(delete(files).where(files.c.path.in_(old)))
        columns = [column.name for column in files.columns if column.name in frame.columns]
        frame = frame.select(columns).unique("path", keep="last")
        self._replace("files", files, frame)
        link_entries(self._store, frame)

    def _listens(self, frame: pl.DataFrame) -> None:
        frame = self._keyed(frame).with_columns(self._resolver.users(frame["user_id"]).alias("user_key"))
        if self._private_in_profile:
            self._publish(frame.filter(pl.col("incognito")))
            frame = frame.with_columns(incognito=None)
        self._pending.append(frame.select(column.name for column in listens.columns if column.name in frame.columns))
        self.pending += len(frame)
        if self.pending >= PENDING_ROWS:
            self.flush()

    def _publish(self, frame: pl.DataFrame) -> None:
        """Let listens that an earlier import stored as private count like others."""
        at = (listens.c.user_key, listens.c.listened_at, listens.c.item_key)
        for part in frame.select(column.name for column in at).iter_slices(_AT_ONCE):
            private = tuple_(*at).in_(list(part.iter_rows())) & listens.c.incognito
            with self._store.write() as connection:
                changed = connection.execute(update(listens).where(private).values(incognito=None)).rowcount
            # They are counted as already there when they are written.
            self.tally.updated["listens"] += changed
            self.tally.already_there["listens"] -= changed

    def flush(self) -> None:
        """Write the listens that wait. Few large sorted writes touch each page of the table less often."""
        if not self._pending:
            return
        total, frame = self.pending, pl.concat(self._pending)
        self._pending, self.pending = [], 0
        key = ["user_key", "listened_at", "item_key"]
        frame = frame.unique(key, keep="first", maintain_order=True)
        if frame.select(reconcile.rounded().any()).item():
            frame = reconcile.drop_known_exactly(self._store, frame)
            if not self._has_rounded:
                self._store.state(ROUNDED, "yes")
                self._has_rounded = True
        elif self._has_rounded:
            replaced = reconcile.delete_rounded(self._store, frame)
            self.tally.updated["listens"] += replaced
            self.tally.added["listens"] -= replaced
        self._insert("listens", listens, frame.sort(key))
        self.tally.count("listens", added=0, of=total - len(frame))

    def _counts(self, frame: pl.DataFrame) -> None:
        frame = self._keyed(frame).with_columns(self._resolver.users(frame["user_id"]).alias("user_key"))
        key = ["user_key", "item_key"]
        totals = frame.group_by(key, maintain_order=True).agg(pl.col("plays").last()).sort(key)
        self._replace("counts", play_counts, totals)
        self.tally.count("counts", added=0, of=len(frame) - len(totals))

    def _owned(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.lit(self._import_id, dtype=pl.Int64).alias("import_id"))

    def _tags(self, frame: pl.DataFrame) -> None:
        users = self._resolver.users(frame["user_id"]).fill_null(_NOBODY)
        frame = self._keyed(frame).with_columns(users.alias("user_key"), pl.lit("tag").alias("kind"))
        self._write_tags("tags", frame.select("item_key", "tag", "kind", "user_key", "tagged_at"))

    def _write_tags(self, name: str, frame: pl.DataFrame) -> None:
        key = ["item_key", "tag", "kind", "user_key"]
        self._insert(name, tags, frame.with_columns(pl.col("tag").str.to_lowercase()).unique(key).sort(key))

    def _features(self, frame: pl.DataFrame) -> None:
        frame = self._keyed(frame).with_columns(pl.col("extractor", "version").fill_null("unknown"))
        key = ["item_key", "extractor", "version", "feature"]
        self._replace("features", features, frame.select(*key, "value").unique(key, keep="last").sort(key))

    def _friends(self, frame: pl.DataFrame) -> None:
        one, other = self._resolver.users(frame["user_id"]), self._resolver.users(frame["friend_id"])
        pairs = pl.DataFrame(
            {"user_key": [*one, *other], "friend_key": [*other, *one]},
            schema_overrides={"user_key": pl.Int64, "friend_key": pl.Int64},
        )
        pairs = pairs.filter(pl.col("user_key") != pl.col("friend_key")).unique().sort("user_key", "friend_key")
        self._insert("friends", friends, pairs)

    def _playlists(self, frame: pl.DataFrame) -> None:
        frame = self._with_files(frame)
        frame = frame.with_columns(self._resolver.users(frame["user_id"]).alias("owner"))
        frame = frame.with_columns(self._playlist_keys(frame).alias("playlist_key"))
        ends = frame.group_by("playlist_key").agg(pl.col("position").min().alias("first"), pl.col("position").max())
        with self._store.write() as connection:
            # A playlist that is read again is what it is now, also where it has become shorter.
            for key, end in ends.filter(pl.col("first") == 0).select("playlist_key", "position").iter_rows():
                behind = (playlist_items.c.playlist_key == key) & (playlist_items.c.position > end)
                connection.execute(delete(playlist_items).where(behind))
        entries = frame.select("playlist_key", "position", "item_key", "path")
        self._replace("playlist entries", playlist_items, entries)
        # Entries belong to the import of their playlist, so that undoing takes or leaves all of it.
        owner = select(playlists.c.import_id).where(playlists.c.key == playlist_items.c.playlist_key)
        mine = playlist_items.c.playlist_key.in_(ends["playlist_key"].to_list())
        with self._store.write() as connection:
            connection.execute(update(playlist_items).where(mine).values(import_id=owner.scalar_subquery()))

    def _with_files(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give each entry its item: the file it names if the library has it, else what it describes."""
        statement = select(files.c.path, files.c.item_key)
        with self._store.read() as connection:
            there = matching(connection, statement, files.c.path, frame["path"].drop_nulls().unique().to_list())
        frame = frame.join(there, on="path", how="left", maintain_order="left")
        # A file that nobody has scanned is described by its name.
        rest = named_by_file(frame.filter(pl.col("item_key").is_null()).drop("item_key"))
        return pl.concat([frame.filter(pl.col("item_key").is_not_null()), self._keyed(rest)])

    def _playlist_keys(self, frame: pl.DataFrame) -> pl.Series:
        keys: dict[str, int] = {}
        for row in frame.unique("playlist_id", maintain_order=True).iter_rows(named=True):
            outside = OutsideId.parse(row["playlist_id"])
            at = tuple_(playlists.c.source, playlists.c.external_id) == (outside.source, outside.external)
            with self._store.write() as connection:
                there = connection.execute(select(playlists.c.key, playlists.c.name).where(at)).first()
                key = None if there is None else there.key
                if there is not None and row["playlist"] not in (None, there.name):
                    connection.execute(update(playlists).where(playlists.c.key == key).values(name=row["playlist"]))
                    self.tally.updated["playlists"] += 1
                if key is None:
                    key = self._store.allocate(connection, "playlist", 1)
                    values = {"key": key, "source": outside.source, "external_id": outside.external}
                    values |= {"name": row["playlist"] or outside.external, "user_key": row["owner"]}
                    connection.execute(playlists.insert().values(values | {"import_id": self._import_id}))
                    self.tally.added["playlists"] += 1
                keys[row["playlist_id"]] = key
        return frame["playlist_id"].replace_strict(keys, return_dtype=pl.Int64)


def checked(batch: Batch) -> tuple[Mapping[str, pl.DataFrame], list[Reject]]:
    """Clean a batch's frames and separate what may not be stored."""
    rejects = list(batch.rejects)
    good: dict[str, pl.DataFrame] = {}
    for name, frame in batch.frames.items():
        good[name], bad = check(name, clean(conform(frame, FRAMES[name])))
        rejects += [Reject(batch.file, line, reason, _raw(batch, line, raw)) for line, reason, raw in bad.iter_rows()]
    return good, rejects


def _raw(batch: Batch, line: int | None, made: str) -> str:
    """Give a refused row as its file has it; what was made of it, where the file is no table of lines."""
    return made if batch.table is None or line is None else batch.table.text(line)

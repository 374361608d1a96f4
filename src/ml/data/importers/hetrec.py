"""The HetRec 2011 Last.fm data set: play counts of artists, tags and friends.

Conventions
-----------
- Files are ``artists.dat``, ``user_artists.dat``, ``user_friends.dat``, ``tags.dat`` and
  ``user_taggedartists.dat`` of one folder; only the first two are needed. UTF-8, tabs, quoting
  off, a header each.
- An artist is ``hetrec:artist/51``, a listener ``hetrec:user/2``; the weight is the number of plays.
- A tag's date is a day, taken as midnight UTC. A date that is none, or that lies before Last.fm
  existed (the set has some of 1956), is left out; the tag is kept.
- ``user_taggedartists-timestamps.dat`` repeats the days as midnights in Spain. It is read only
  where ``user_taggedartists.dat`` is absent.
- A row about an artist or a tag that the set does not name is a reject: without a name it
  could mean nothing to anyone.

References
----------
I. Cantador, P. Brusilovsky, T. Kuflik, "2nd Workshop on Information Heterogeneity and Fusion
in Recommender Systems", RecSys 2011.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import ClassVar

import polars as pl

from ml.data.importers.base import Batch, Options, Unit
from ml.data.importers.batching import lacks
from ml.data.importers.delimited import read_bare
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.times import parse_times
from ml.foundation.errors import BadInput

#: The columns of each file, in the order of reading.
FILES: dict[str, tuple[str, ...]] = {
    "artists.dat": ("id", "name", "url", "pictureURL"),
    "user_artists.dat": ("userID", "artistID", "weight"),
    "user_friends.dat": ("userID", "friendID"),
    "tags.dat": ("tagID", "tagValue"),
    "user_taggedartists.dat": ("userID", "artistID", "tagID", "day", "month", "year"),
    "user_taggedartists-timestamps.dat": ("userID", "artistID", "tagID", "timestamp"),
}

#: Last.fm began in 2002: no tag is older.
EARLIEST = int(datetime(2002, 1, 1, tzinfo=UTC).timestamp() * 1000)

#: A table of the set as the importer sees it: its rows as text with their ``line``.
Shape = Callable[[pl.DataFrame], pl.DataFrame]


class HetRec:
    """Reads the HetRec 2011 Last.fm data set."""

    kind: ClassVar[str] = "hetrec"
    title: ClassVar[str] = "HetRec 2011 Last.fm data set (artists, tags, friends)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find folders with ``user_artists.dat``; each is one unit."""
        folders: dict[PurePosixPath, dict[str, Entry]] = {}
        for entry in source.entries:
            if entry.basename in FILES:
                folders.setdefault(PurePosixPath(entry.name).parent, {})[entry.basename] = entry
        named = [files for files in folders.values() if "user_artists.dat" in files]
        return [
            Unit(self.kind, _name(source, files), tuple(files[name] for name in FILES if name in files))
            for files in named
        ]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read artists, play counts, friends, then tags.

        Raises
        ------
        BadInput
            If the file that names the artists or the tags is missing.
        """
        return _batches({entry.basename: entry for entry in unit.entries}, options.encoding)


def _name(source: Source, files: Mapping[str, Entry]) -> str:
    """Call a unit by its folder, since its rows come from several files."""
    folder = PurePosixPath(files["user_artists.dat"].name).parent
    return source.path.name if folder == PurePosixPath(".") else folder.as_posix()


def _batches(files: Mapping[str, Entry], encoding: str | None) -> Iterator[Batch]:
    table = partial(_table, encoding=encoding)
    artists = [pl.DataFrame(schema={"item_id": pl.String, "title": pl.String})]
    for batch in table(_needed(files, "artists.dat"), "items", _artists):
        artists.append(batch.frames["items"].select("item_id", "title"))
        yield batch
    known = _unique(artists, "item_id")
    yield from table(files["user_artists.dat"], "counts", lambda rows: _counts(rows, known))
    if "user_friends.dat" in files:
        yield from table(files["user_friends.dat"], "friends", _friends)
    assigned = files.get("user_taggedartists.dat") or files.get("user_taggedartists-timestamps.dat")
    if assigned:
        tags = [pl.DataFrame(schema={"tagID": pl.String, "tag": pl.String})]
        for batch in table(_needed(files, "tags.dat"), "names", _tag_names):
            tags.append(batch.frames["names"].drop("line"))
            # The names of the tags are a key to the next file, and no rows of a frame.
            if batch.rejects:
                yield Batch(batch.file, len(batch.rejects), {}, batch.rejects)
        names = _unique(tags, "tagID")
        yield from table(assigned, "tags", lambda rows: _tags(rows, known, names))


def _table(entry: Entry, name: str, shape: Shape, *, encoding: str | None) -> Iterator[Batch]:
    """Read a file as batches of one frame; ``shape`` gives its columns and a ``reason``."""
    columns = FILES[entry.basename]
    places = {column: at for at, column in enumerate(columns)}
    for rows in read_bare(entry, columns, encoding=encoding, header=f"{columns[0]}\t"):
        yield rows.batch(entry.name, name, shape(rows.named(places)))


def _needed(files: Mapping[str, Entry], name: str) -> Entry:
    if name in files:
        return files[name]
    beside = next(iter(files.values())).name
    raise BadInput(f"{beside}: {name}, which holds the names, is not beside it", "import the folder with all its files")


def _unique(frames: Sequence[pl.DataFrame], key: str) -> pl.DataFrame:
    return pl.concat(frames).unique(key, keep="first", maintain_order=True)


def _artists(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "line",
        kind=pl.lit("artist"),
        item_id="hetrec:artist/" + pl.col("id"),
        title="name",
        reason=pl.coalesce(lacks("id", reason("no_id")), lacks("name", reason("no_name"))),
    )


def _counts(rows: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    return _with_artists(rows, artists).select(
        "line",
        "user_id",
        "item_id",
        "title",
        kind=pl.lit("artist"),
        plays=_whole("weight"),
        reason=pl.coalesce(
            lacks("user_id", reason("no_user_id")),
            _unnamed("title", "artistID", "artist_not_in", "artists.dat"),
            lacks(_whole("weight"), reason("not_weight")),
        ),
    )


def _friends(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "line",
        user_id=_user("userID"),
        friend_id=_user("friendID"),
        reason=pl.coalesce(lacks("userID", reason("no_user_id")), lacks("friendID", reason("no_friend_id"))),
    )


def _tag_names(rows: pl.DataFrame) -> pl.DataFrame:
    why = pl.coalesce(lacks("tagID", reason("no_id")), lacks("tagValue", reason("no_name")))
    return rows.select("line", "tagID", tag="tagValue", reason=why)


def _tags(rows: pl.DataFrame, artists: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    named = _with_artists(rows, artists).join(names, on="tagID", how="left", maintain_order="left")
    day = _whole("timestamp") if "timestamp" in rows.columns else _day()
    return named.select(
        "line",
        "user_id",
        "item_id",
        "title",
        "tag",
        kind=pl.lit("artist"),
        tagged_at=pl.when(day >= EARLIEST).then(day),
        reason=pl.coalesce(
            lacks("user_id", reason("no_user_id")),
            _unnamed("title", "artistID", "artist_not_in", "artists.dat"),
            _unnamed("tag", "tagID", "tag_not_in", "tags.dat"),
        ),
    )


def _with_artists(rows: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    about = rows.with_columns(user_id=_user("userID"), item_id="hetrec:artist/" + pl.col("artistID"))
    return about.join(artists, on="item_id", how="left", maintain_order="left")


def _user(column: str) -> pl.Expr:
    return "hetrec:user/" + pl.col(column)


def _whole(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64, strict=False)


def _day() -> pl.Expr:
    """Read day, month and year as milliseconds; null where they are no date."""
    written = pl.concat_str("year", "month", "day", separator="-")
    return parse_times(written, "%Y-%m-%d")


def _unnamed(name: str, key: str, code: str, file: str) -> pl.Expr:
    why = pl.format(reason(code, id="{}", file=file).coded, pl.col(key).fill_null("without an id"))
    return pl.when(pl.col(name).is_null()).then(why)

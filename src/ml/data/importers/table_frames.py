"""Columns of strings into the frames of :mod:`ml.data.frames`, and what is wrong with a row.

Conventions
-----------
An id that has a source (``spotify:track:…``) is kept. Any other gets ``--source``: a bare
id is a track, everything else says what it is, so that they never meet:

======== ==================
track    ``ml:31``
artist   ``ml:artist/51``
listener ``ml:user/15``
======== ==================

A column ``kind`` says of each row whether it is about a track or an artist; other words in it
mean what the table as a whole is about. Empty cells are null. A rating is not a listen and is
not read; the summary says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from ml.data.importers.base import Batch, Options
from ml.data.importers.columns import Layout, ms_per_unit
from ml.data.importers.reasons import reason
from ml.data.importers.rows import Rows
from ml.data.importers.times import Clock

_HAS_SOURCE = r"^[a-z][a-z0-9_.+-]*:\S"
#: How files write that a number is not known.
_UNKNOWN = ["NA", "N/A", "NULL", "null", "None", "none", "nan", "NaN", "\\N", "-"]
_YES, _NO = ["true", "1", "yes", "t", "y"], ["false", "0", "no", "f", "n"]
_NO_GENRES = "(no genres listed)"
#: A decimal comma; with three digits behind it, it may as well part thousands.
_DECIMAL_COMMA = r"^(-?\d+),(\d{1,2}|\d{4,})$"
#: Durations are taken for milliseconds if half of them are above this: nearly three hours in seconds.
_LONG = 10_000

#: A value, and the reason why it is none (null where there is nothing wrong).
Judged = tuple[pl.Expr, pl.Expr]


@dataclass(slots=True)
class FrameBuilder:
    """Makes batches of one file.

    Parameters
    ----------
    layout : Layout
    options : Options
    file : str
    """

    layout: Layout
    options: Options
    file: str
    _clocks: dict[str, Clock] = field(default_factory=dict)
    _units: dict[str, int] = field(default_factory=dict)
    _notes: list[str] = field(default_factory=list)

    def batch(self, rows: Rows) -> Batch:
        """Make a batch of some rows."""
        frame = self._timed(rows.named(self.layout.columns))
        makers = {
            "listens": self._listens,
            "counts": self._counts,
            "tags": self._tags,
            "items": self._items,
            "profiles": self._profiles,
        }
        judged = makers[self.layout.holds](frame)
        why = pl.coalesce([wrong for _, wrong in judged.values()]).alias("reason")
        made = frame.select("line", why, *(value.alias(name) for name, (value, _) in judged.items()))
        batch = rows.batch(self.file, self.layout.holds, made, notes=self._notes)
        return replace(batch, frames=self._split(batch.frames[self.layout.holds]))

    def _timed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add each time in milliseconds, and its precision."""
        for name in ("time", "registered"):
            if name in frame.columns:
                read = self._clock(name, frame[name]).read(frame[name])
                frame = frame.with_columns(
                    read["ms"].alias(f"{name}_ms"), read["precision_ms"].alias(f"{name}_precision")
                )
        return frame

    def _clock(self, name: str, values: pl.Series) -> Clock:
        if name not in self._clocks:
            if values.null_count() == len(values):
                return Clock()
            self._clocks[name] = Clock.guess(values)
            self._note(self._clocks[name].said(self.layout.name_of(name)))
        return self._clocks[name]

    def _note(self, text: str) -> None:
        if text and text not in self._notes:
            self._notes.append(text)

    def _listens(self, frame: pl.DataFrame) -> dict[str, Judged]:
        own = {
            "user_id": self._user(),
            "listened_at": self._time("time"),
            "precision_ms": _sure(pl.col("time_precision")),
            "ms_played": self._duration("ms_played", frame),
            "skipped": self._flag("skipped"),
            "incognito": self._flag("incognito"),
            "shuffle": self._flag("shuffle"),
            "device": self._text("device"),
            "activity": self._text("activity"),
            "artist_mbids": self._artist_mbids(),
        }
        self._ratings_unused()
        return self._about(frame) | own

    def _counts(self, frame: pl.DataFrame) -> dict[str, Judged]:
        plays = self._whole("plays") if "plays" in self.layout.columns else _sure(pl.lit(1, dtype=pl.Int64))
        self._ratings_unused()
        return self._about(frame) | {"user_id": self._user(), "plays": plays}

    def _tags(self, frame: pl.DataFrame) -> dict[str, Judged]:
        own = {"user_id": self._user(), "tag": self._text("tag")}
        tagged = {"tagged_at": self._time("time")} if "time" in self.layout.columns else {}
        return self._about(frame) | own | tagged

    def _items(self, frame: pl.DataFrame) -> dict[str, Judged]:
        own = {
            "year": self._year(),
            "language": self._text("language"),
            "explicit": self._flag("explicit"),
            "genres": self._list("genres", frame),
            "artist_mbids": self._artist_mbids(),
        }
        if "tag" in self.layout.columns:
            own["tags"] = self._list("tag", frame)
        country, fine = self._text("country")
        own["country"] = (pl.when(self._is_artist()).then(country), fine)
        return self._about(frame) | own

    def _profiles(self, frame: pl.DataFrame) -> dict[str, Judged]:
        age, wrong = self._whole("age")
        gender, fine = self._text("gender")
        own = {
            "user_id": self._user(),
            "name": self._text("title"),
            "gender": (gender.str.to_lowercase(), fine),
            "age": (pl.when(age >= 0).then(age), wrong),
            "country": self._text("country"),
        }
        registered = self._time("registered") if "registered" in frame.columns else None
        return own | ({"registered_at": registered} if registered else {})

    def _split(self, good: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Take a catalogue's tags out into a frame of their own."""
        if "tags" not in good.columns:
            return {self.layout.holds: good}
        about = ["line", "kind", "item_id", "title", "artist", "album", "duration_ms", "isrc", "mbid"]
        tags = good.select(*about, pl.col("tags").alias("tag")).explode("tag").filter(pl.col("tag").is_not_null())
        return {"items": good.drop("tags"), "tags": tags}

    @property
    def _artists(self) -> bool:
        return self.layout.about_artists or self.options.item_kind == "artist"

    def _is_artist(self) -> pl.Expr:
        """Tell whether a row is about an artist: by its own kind, else by that of the table."""
        table = pl.lit(self._artists)
        if "kind" not in self.layout.columns or self.layout.about_artists:
            return table
        kind = pl.col("kind").str.to_lowercase()
        return pl.when(kind.is_in(["track", "artist"])).then(kind == "artist").otherwise(table)

    def _about(self, frame: pl.DataFrame) -> dict[str, Judged]:
        """Make the columns that name the item of a row."""
        artists_own = self.layout.about_artists
        artist = self._is_artist()
        source = self.options.source
        prefix = pl.when(artist).then(pl.lit(f"{source}:artist/")).otherwise(pl.lit(f"{source}:"))
        credit, fine = self._text("artist")
        return {
            "kind": _sure(pl.when(artist).then(pl.lit("artist")).otherwise(pl.lit("track"))),
            "item_id": self._id("artist_id" if artists_own else "item", prefix),
            "title": self._text("artist" if artists_own else "title"),
            "artist": (pl.when(~artist).then(credit), fine),
            "album": self._text("album"),
            "duration_ms": self._duration("duration", frame),
            "isrc": self._text("isrc"),
            "mbid": self._text("artist_mbid" if artists_own and "mbid" not in self.layout.columns else "mbid"),
        }

    def _user(self) -> Judged:
        if "user" not in self.layout.columns:
            return _sure(pl.lit(self.options.user))
        return self._id("user", pl.lit(f"{self.options.source}:user/"))

    def _id(self, name: str, prefix: pl.Expr) -> Judged:
        if name not in self.layout.columns:
            return self._text(name)
        value = pl.col(name)
        return _sure(pl.when(value.str.contains(_HAS_SOURCE)).then(value).otherwise(prefix + value))

    def _text(self, name: str) -> Judged:
        return _sure(pl.col(name) if name in self.layout.columns else pl.lit(None, dtype=pl.String))

    def _whole(self, name: str) -> Judged:
        if name not in self.layout.columns:
            return _sure(pl.lit(None, dtype=pl.Int64))
        value = _given(name)
        number, decimal = value.cast(pl.Int64, strict=False), value.cast(pl.Float64, strict=False)
        # A column with gaps is often written with decimals: "3.0".
        number = pl.coalesce(number, pl.when(decimal == decimal.floor()).then(decimal).cast(pl.Int64, strict=False))
        return number, self._reason(name, value, number, "not_whole")

    def _duration(self, name: str, frame: pl.DataFrame) -> Judged:
        if name not in self.layout.columns:
            return _sure(pl.lit(None, dtype=pl.Int64))
        value = _given(name)
        clock = value.str.extract_groups(r"^(?:(\d+):)?(\d{1,3}):(\d\d)$")
        hours, minutes, seconds = (clock.struct.field(str(group)).cast(pl.Int64) for group in (1, 2, 3))
        decimal = value.str.replace(_DECIMAL_COMMA, "${1}.${2}")
        ms = (decimal.cast(pl.Float64, strict=False) * self._unit(name, frame)).round().cast(pl.Int64, strict=False)
        ms = pl.coalesce(ms, ((hours.fill_null(0) * 60 + minutes) * 60 + seconds) * 1000)
        return ms, self._reason(name, value, ms, "not_duration")

    def _unit(self, name: str, frame: pl.DataFrame) -> int:
        """Give the milliseconds of one unit, by the column's name, else by the first values."""
        stated = ms_per_unit(self.layout.name_of(name))
        if stated:
            return stated
        if name not in self._units:
            values = frame[name].str.replace(_DECIMAL_COMMA, "${1}.${2}")
            values = values.cast(pl.Float64, strict=False).drop_nulls().drop_nans()
            if not len(values):
                return 1000
            median = values.median()
            self._units[name] = 1 if isinstance(median, float) and median > _LONG else 1000
            unit = "milliseconds" if self._units[name] == 1 else "seconds"
            self._note(reason("units", column=self.layout.name_of(name), unit=unit))
        return self._units[name]

    def _flag(self, name: str) -> Judged:
        if name not in self.layout.columns:
            return _sure(pl.lit(None, dtype=pl.Boolean))
        value = _given(name)
        word = value.str.to_lowercase()
        flag = pl.when(word.is_in(_YES)).then(pl.lit(True)).when(word.is_in(_NO)).then(pl.lit(False))
        return flag, self._reason(name, value, flag, "not_flag")

    def _year(self) -> Judged:
        if "year" not in self.layout.columns:
            return _sure(pl.lit(None, dtype=pl.Int64))
        value = _given("year")
        value = pl.when(~value.is_in(["0", "0.0"])).then(value)
        year = value.str.extract(r"^(\d{4})(?:\D|$)").cast(pl.Int64)
        return year, self._reason("year", value, year, "not_year")

    def _time(self, name: str) -> Judged:
        ms = pl.col(f"{name}_ms")
        return ms, self._reason(name, pl.col(name), ms, "not_time")

    def _list(self, name: str, frame: pl.DataFrame) -> Judged:
        if name not in self.layout.columns:
            return _sure(pl.lit(None, dtype=pl.List(pl.String())))
        value = pl.col(name)
        if frame.schema[name] == pl.String:
            value = value.str.replace_all(";", "|", literal=True).str.split("|")
        word = pl.element().str.strip_chars()
        return _sure(value.list.eval(word.filter((word.str.len_bytes() > 0) & (word != _NO_GENRES))))

    def _artist_mbids(self) -> Judged:
        if "artist_mbid" not in self.layout.columns or self._artists:
            return _sure(pl.lit(None, dtype=pl.List(pl.String())))
        mbid = pl.col("artist_mbid")
        return _sure(pl.when(mbid.is_not_null()).then(pl.concat_list(mbid)))

    def _reason(self, name: str, given: pl.Expr, read: pl.Expr, code: str) -> pl.Expr:
        wrong = given.is_not_null() & read.is_null()
        return pl.when(wrong).then(pl.lit(reason(code, column=self.layout.name_of(name)).coded))

    def _ratings_unused(self) -> None:
        if "rating" in self.layout.columns:
            self._note(reason("rating", column=self.layout.name_of("rating")))


def _sure(value: pl.Expr) -> Judged:
    """Judge a value that nothing can be wrong with."""
    return value, pl.lit(None, dtype=pl.String)


def _given(name: str) -> pl.Expr:
    """Take the ways of writing "not known" as null."""
    return pl.when(~pl.col(name).is_in(_UNKNOWN)).then(pl.col(name))

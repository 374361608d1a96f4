"""Checks that hold for every source: what no row may say."""

from __future__ import annotations

import time
from collections.abc import Callable

import polars as pl

from ml.data.frames import FRAMES, ITEM
from ml.data.importers.identifiers import UUID
from ml.data.importers.reasons import reason
from ml.data.ingest.countries import with_country_codes
from ml.foundation.errors import BadInput
from ml.foundation.said import Said

DAY_MS = 86_400_000
#: A player whose clock was never set stamps its listens near the epoch.
EARLIEST_MS = 365 * DAY_MS
#: Clocks of time zones run ahead of UTC by at most 14 hours.
AHEAD_MS = DAY_MS
_LONGEST_TEXT = 2_000
# Among them the two that part fields and records in bulk transfers; see `store/bulk.py`.
_CONTROL = r"[\x00-\x1f\x7f-\x9f]+"
_CONTROL_IN_LINES = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+"
_PATHS = frozenset({"path", "artwork"})
_ISRC = r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$"


#: Numbers that a row may be refused for; they stand beside its names in the rejects file.
_MEASURED = ("listened_at", "ms_played", "duration_ms", "plays", "age", "value")

Rule = tuple[pl.Expr, Said]


def clean_text(text: str | None) -> str | None:
    r"""Bring one text into the form that the store keeps; see :func:`clean`.

    >>> clean_text(" Cafe\u0301\x1e "), clean_text("  ")
    ('Café', None)
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadInput(f"{text!r} is no text", "give a word, such as 'phone'")
    cleaned: str | None = pl.select(_clean(pl.lit(text, dtype=pl.String), _CONTROL)).item()
    return cleaned


def clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring text into one form: no control characters, no outer spaces, NFC, null for empty.

    Lyrics keep their lines. Paths are left as they are: whatever a file is called, that is its
    name. An ISRC or MusicBrainz id that is not one becomes null: it could only lead astray.
    Countries become their codes.
    """
    texts = []
    for name, dtype in frame.schema.items():
        if dtype == pl.String and name not in _PATHS:
            texts.append(_clean(pl.col(name), _CONTROL_IN_LINES if name == "lyrics" else _CONTROL).alias(name))
        elif dtype == pl.List(pl.String):
            texts.append(pl.col(name).list.eval(_clean(pl.element(), _CONTROL)))
    frame = frame.with_columns(texts)
    codes = []
    if "isrc" in frame.columns:
        isrc = pl.col("isrc").str.replace_all("-", "").str.to_uppercase()
        codes.append(pl.when(isrc.str.contains(_ISRC)).then(isrc).alias("isrc"))
    if "mbid" in frame.columns:
        mbid = pl.col("mbid").str.to_lowercase()
        codes.append(pl.when(mbid.str.contains(rf"^{UUID}$")).then(mbid).alias("mbid"))
    return with_country_codes(frame.with_columns(codes))


def _clean(text: pl.Expr, control: str) -> pl.Expr:
    cleaned = text.str.replace_all(control, " ").str.strip_chars().str.normalize("NFC")
    return pl.when(cleaned.str.len_bytes() > 0).then(cleaned)


def check(name: str, frame: pl.DataFrame, *, now: int | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Separate the rows that may be stored from those that may not.

    Parameters
    ----------
    name : str
        The frame's name in :data:`ml.data.frames.FRAMES`.
    now : int, optional
        The present, in UTC milliseconds.

    Returns
    -------
    good : polars.DataFrame
    bad : polars.DataFrame
        Columns ``line``, ``reason`` (a coded sentence) and ``raw``.
    """
    rules = _rules(name, now or time.time_ns() // 1_000_000)
    why = pl.coalesce([pl.when(broken).then(pl.lit(said.coded)) for broken, said in rules])
    judged = frame.with_columns(why.alias("reason"))
    texts = [pl.col(n) for n in ("user_id", "artist", "title", "item_id", "tag") if n in frame.columns]
    texts += [pl.format(f"{n}={{}}", n) for n in _MEASURED if n in frame.columns]
    bad = judged.filter(pl.col("reason").is_not_null())
    bad = bad.select(
        "line", "reason", pl.concat_str(texts, separator=" | ", ignore_nulls=True).str.slice(0, 200).alias("raw")
    )
    return judged.filter(pl.col("reason").is_null()).drop("reason"), bad


def _rules(name: str, now: int) -> list[Rule]:
    schema = FRAMES[name]
    rules: list[Rule] = [
        (pl.col(column).str.len_chars() > _LONGEST_TEXT, reason("too_long", column=column, most=_LONGEST_TEXT))
        for column, dtype in schema.items()
        if dtype == pl.String and column not in {"lyrics", "path"}
    ]
    if set(ITEM) <= set(schema):
        rules.append((pl.col("duration_ms") < 0, reason("negative_duration")))
        if name != "playlists":  # an entry of a playlist may be nothing but a file
            rules.append((pl.col("title").is_null() & pl.col("item_id").is_null(), reason("no_title")))
        if "path" in schema:
            rules.append((pl.col("path").str.contains(_CONTROL), reason("path_control")))
        rules.append((~pl.col("item_id").str.contains(".:."), reason("item_form")))
    return rules + (_OWN[name](now) if name in _OWN else [])


def _listens(now: int) -> list[Rule]:
    at = pl.col("listened_at")
    return [
        *_who(now),
        # Before the dates: some exports give the end of a listen, and its beginning follows from this.
        (pl.col("ms_played") < 0, reason("negative_played")),
        (pl.col("ms_played") > DAY_MS, reason("played_long")),
        (at.is_null(), reason("no_date")),
        (at > now + AHEAD_MS, reason("future")),
        (at < EARLIEST_MS, reason("before_1970")),
    ]


def _who(_now: int) -> list[Rule]:
    return [
        (pl.col("user_id").is_null(), reason("no_listener")),
        (~pl.col("user_id").str.contains(".:."), reason("listener_form")),
    ]


def _counts(now: int) -> list[Rule]:
    return [*_who(now), (pl.col("plays").is_null(), reason("no_plays")), (pl.col("plays") < 1, reason("few_plays"))]


def _tags(_now: int) -> list[Rule]:
    return [(pl.col("tag").is_null(), reason("no_tag"))]


def _features(_now: int) -> list[Rule]:
    value = pl.col("value")
    return [(value.is_null() | ~value.is_finite(), reason("no_value"))]


def _profiles(now: int) -> list[Rule]:
    return [*_who(now), ((pl.col("age") < 0) | (pl.col("age") > 130), reason("age_bounds"))]


def _friends(now: int) -> list[Rule]:
    return [*_who(now), (pl.col("friend_id").is_null(), reason("no_friend"))]


def _files(_now: int) -> list[Rule]:
    return [(pl.col("path").is_null(), reason("no_path")), (pl.col("content_hash").is_null(), reason("no_content"))]


def _playlists(_now: int) -> list[Rule]:
    nameless = pl.all_horizontal(pl.col(name).is_null() for name in ("title", "item_id", "path"))
    return [(pl.col("playlist_id").is_null(), reason("no_playlist")), (nameless, reason("nameless"))]


_OWN: dict[str, Callable[[int], list[Rule]]] = {
    "listens": _listens,
    "counts": _counts,
    "tags": _tags,
    "features": _features,
    "profiles": _profiles,
    "friends": _friends,
    "files": _files,
    "playlists": _playlists,
}

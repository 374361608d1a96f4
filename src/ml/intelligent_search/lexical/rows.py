"""Documents and names as tantivy reads them: a line of JSON each.

Whole columns are turned into JSON at once, so that Python has one call a document left to make.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ml.features.text.columns import spellings_of
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.lexical.fields import NUMBERS, SHORT, SHOWN, WHOLE_NUMBERS, shortened
from ml.intelligent_search.lexical.suiting import suits
from ml.models.retrieval.text.tokens import BEGIN, END

#: Documents that are made ready at once.
STEP = 50_000
#: A tag counts as often as that, at most, however many gave it.
_MOST_TIMES = 8
#: Tags that a hit is known by.
_SHOWN_TAGS = 16
#: What JSON has for a value that is missing. In a text there would be a backslash before the second of the quotes.
_MISSING = r',"[a-z_]+":null'


def lines_of(documents: pl.DataFrame) -> Iterator[str]:
    """Turn documents into those of the index of words, some thousands at once.

    Parameters
    ----------
    documents : polars.DataFrame
        From :func:`ml.intelligent_search.documents.read_documents`, and ``spelt``, the spellings of each one's name.
    """
    frame = documents.with_columns(by=_of_few(documents["artist"]))
    for part in frame.iter_slices(STEP):
        yield from _lines(part.with_columns(tagged=_repeated(part)))


def _lines(frame: pl.DataFrame) -> pl.Series:
    fields = {
        "uid": pl.col("uid"),
        "shown": _shown(),
        "exact": pl.col("spelt"),
        "alternatives": pl.concat_list(pl.col("spelt").list.slice(1), pl.col("by").list.slice(1)),
        "tags": pl.col("tagged"),
        **{name: pl.col(name).replace("", None) for name in ("name", "artist", "album", "lyrics")},
        "genres": pl.col("genres"),
        "kind": pl.col("kind"),
        "genre": pl.col("genres"),
        "language": pl.col("language").str.to_lowercase(),
        **{name: pl.col(name).cast(pl.Int64) for name in WHOLE_NUMBERS},
        **{name: pl.col(name) for name in (*NUMBERS, "plays")},
        "suits": suits(),
    }
    whole = pl.struct(value.alias(name) for name, value in fields.items())
    return frame.select(line=whole.struct.json_encode().str.replace_all(_MISSING, ""))["line"]


def names_of(spellings: pl.Series) -> Iterator[str]:
    """Turn spellings into documents of the index of names."""
    whole = pl.col("spelling").str.replace_all(" ", "", literal=True)
    for part in spellings.alias("spelling").to_frame().iter_slices(STEP):
        frame = part.select(
            spelling=pl.col("spelling").cast(pl.Binary).bin.encode("base64"),
            grams=pl.lit(BEGIN) + whole + pl.lit(END),
            whole=whole,
        )
        short = frame.select(pl.col("whole").filter(pl.col("whole").str.len_chars() <= SHORT).unique())["whole"]
        parts = pl.Series([shortened(text) for text in short.to_list()], dtype=pl.List(pl.String()))
        known = pl.DataFrame({"whole": short, "shortened": parts})
        frame = frame.join(known, on="whole", how="left", maintain_order="left").drop("whole")
        yield from frame.select(line=pl.struct(pl.all()).struct.json_encode().str.replace_all(_MISSING, ""))["line"]


def _of_few(names: pl.Series) -> pl.Series:
    """Give the spellings of names that come again and again."""
    distinct = names.unique()
    known = pl.DataFrame({"name": distinct, "spelt": spellings_of(distinct)})
    found = pl.DataFrame({"name": names}).join(known, on="name", how="left", maintain_order="left", nulls_equal=True)
    return found["spelt"]


def _repeated(documents: pl.DataFrame) -> pl.Series:
    """Write tags as often as they were given."""
    each = documents.select("tags", "tag_counts").with_row_index("row").explode("tags", "tag_counts")
    times = pl.col("tag_counts").clip(upper_bound=_MOST_TIMES)
    written = each.drop_nulls().with_columns(pl.col("tags").repeat_by(times).list.join(" "))
    lists = written.group_by("row", maintain_order=True).agg("tags")
    rows = documents.select(pl.int_range(pl.len(), dtype=pl.get_index_type()).alias("row"))
    return rows.join(lists, on="row", how="left", maintain_order="left")["tags"].fill_null([])


def _shown() -> pl.Expr:
    """Write down what a hit is shown by: the values of :class:`Shown` in their order, under names of one letter."""
    counts = pl.col("tag_counts")
    values = {name: pl.col(name) for name in SHOWN} | {
        "tags": pl.col("tags").list.head(_SHOWN_TAGS),
        "tag_shares": (counts.list.head(_SHOWN_TAGS) / counts.list.first()).cast(pl.List(pl.Float32)),
        "said": counts.list.sum(),
        "features": pl.concat_list(pl.col(name).round(3) for name in FEATURES),
        "spelt": pl.col("spelt").list.first().fill_null(""),
        "artist_spelt": pl.col("by").list.first().fill_null(""),
    }
    lettered = pl.struct(value.alias(chr(ord("a") + place)) for place, value in enumerate(values.values()))
    return lettered.struct.json_encode().cast(pl.Binary).bin.encode("base64")

"""The spellings of a whole column of names."""

from __future__ import annotations

import polars as pl

from ml.features.text.spellings import spellings

#: Names of which :func:`spellings` knows one spelling, found by its words alone: no accent, sign for a letter, bracket
#: or sign inside of a word, nor guests.
_PLAIN = r'^[A-Za-z ,;:&+?"]+$'
_GUESTS = r"(?i)\b(feat|ft|featuring)\b"


def spellings_of(names: pl.Series) -> pl.Series:
    """Give what :func:`ml.features.text.spellings` gives of each name.

    Plain names, which most are, are written out for the whole column at once.

    Parameters
    ----------
    names : polars.Series of String

    Returns
    -------
    polars.Series of List(String) [shape=(n,)]
        Empty where there is no name.

    Examples
    --------
    >>> spellings_of(pl.Series(["The Beatles", "P!nk", None])).to_list()
    [['beatles'], ['p nk', 'pink'], []]
    """
    rows = pl.DataFrame({"name": names.cast(pl.String())}).with_row_index("row")
    plain = pl.col("name").str.contains(_PLAIN) & ~pl.col("name").str.contains(_GUESTS)
    quick = rows.filter(plain).select("row", one=_normalised(pl.col("name").str.to_lowercase()))
    quick = quick.filter(pl.col("one") != "").select("row", spelt=pl.concat_list("one"))
    other = rows.filter(~plain)
    slow = other.select("row", spelt=_one_by_one(other["name"]))
    found = rows.select("row").join(pl.concat([quick, slow]), on="row", how="left", maintain_order="left")
    return found["spelt"].fill_null([])


def _normalised(folded: pl.Expr) -> pl.Expr:
    """Do what :func:`ml.data.identity.normalise` does to a plain name in lower case."""
    joined = folded.str.replace_all(r"\s*(?:&|\+|;|,|/|\band\b)\s*", " and ")
    words = joined.str.replace_all(r"[^a-z]+", " ").str.strip_chars(" ")
    bare = pl.when(words != "the the").then(words.str.strip_prefix("the ")).otherwise(words)
    return pl.when(bare.is_in(["", "and"])).then(folded.str.strip_chars(" ")).otherwise(bare)


def _one_by_one(names: pl.Series) -> pl.Series:
    distinct = names.unique()
    known = pl.DataFrame(
        {
            "name": distinct,
            "spelt": pl.Series([spellings(name) for name in distinct.to_list()], dtype=pl.List(pl.String())),
        }
    )
    return pl.DataFrame({"name": names}).join(known, on="name", how="left", maintain_order="left")["spelt"]

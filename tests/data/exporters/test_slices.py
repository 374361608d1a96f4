"""A table in slices is the table as a whole, and one that breaks off leaves nothing behind."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.exporters.tables import write_slices, write_table
from ml.foundation.errors import BadInput, MLError

COLUMNS = {"user_id": pl.String(), "title": pl.String(), "listened_at": pl.Datetime("ms", "UTC"), "plays": pl.Int64()}
# What reaches an export has been through an import's cleaning: no control characters, null for empty.
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=8)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 2**41), st.none() | st.integers(-5, 5)), max_size=6)


def table(rows):
    moment = [row[2] for row in rows]
    frame = pl.DataFrame(rows, schema=COLUMNS | {"listened_at": pl.Int64()}, orient="row")
    return frame.with_columns(pl.Series(moment, dtype=pl.Int64).cast(COLUMNS["listened_at"]).alias("listened_at"))


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
@given(slices=st.lists(ROWS, max_size=4))
def test_slices_are_the_whole(tmp_path_factory, suffix, slices):
    folder = tmp_path_factory.mktemp("slices")
    frames = [table(rows) for rows in slices]
    whole = pl.concat([table([]), *frames])
    assert write_slices(iter(frames), folder / f"a{suffix}", columns=COLUMNS) == len(whole)
    if suffix == ".parquet":
        assert pl.read_parquet(folder / "a.parquet").equals(whole)
        return
    separator = "," if suffix == ".csv" else "\t"
    read = pl.read_csv(folder / f"a{suffix}", separator=separator, schema=COLUMNS | {"listened_at": pl.String()})
    times = read["listened_at"].str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", time_zone="UTC")
    assert read.with_columns(times).equals(whole)


def test_slices_that_need_the_same_fineness_are_the_same_text(tmp_path):
    frame = table([("a", 'x, "y"', 1_000, 1), ("b", None, 2_000, None)])
    write_table(frame, tmp_path / "whole.csv")
    write_slices([frame[:1], frame[1:]], tmp_path / "sliced.csv", columns=COLUMNS)
    assert (tmp_path / "sliced.csv").read_text() == (tmp_path / "whole.csv").read_text()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_error_of_the_slices_passes_and_leaves_nothing(tmp_path, form):
    def slices():
        yield table([("a", "b", 0, 1)])
        raise MLError("the database went away")

    (tmp_path / "there").write_text("old")
    with pytest.raises(MLError, match="went away"):
        write_slices(slices(), tmp_path / "there", columns=COLUMNS, form=form)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text() == "old"


def test_the_format_may_be_named_whatever_the_suffix(tmp_path):
    write_slices([], tmp_path / "export.data", columns=COLUMNS, form="tsv")
    assert (tmp_path / "export.data").read_text() == "user_id\ttitle\tlistened_at\tplays\n"
    with pytest.raises(BadInput, match="no table format"):
        write_slices([], tmp_path / "export.data", columns=COLUMNS)

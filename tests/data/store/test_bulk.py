"""What is written in columns is read in columns, to the last digit."""

import math

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from ml.data.schema import features, items
from ml.data.store import bulk

WHOLE = st.integers(-(2**63), 2**63 - 1)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=9)
ROWS = st.lists(st.tuples(NAMES, st.none() | NAMES, st.none() | WHOLE, st.none() | st.booleans()), max_size=9)
COLUMNS = ("key", "name", "album", "duration_ms", "explicit")
REALS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9)


def items_of(rows):
    frame = pl.DataFrame(
        [(key, *row) for key, row in enumerate(rows)],
        schema=dict(zip(COLUMNS, (pl.Int64, pl.String, pl.String, pl.Int64, pl.Boolean), strict=True)),
        orient="row",
    )
    return frame.with_columns(kind=pl.lit("track"), match=pl.lit("t|x|y"))


def put(store, table, frame):
    with store.write() as connection:
        connection.execute(delete(table))
        bulk.insert(connection, table, frame)


def read(store, *columns, **options):
    with store.read() as connection:
        return bulk.read(connection, select(*columns), **options)


@pytest.mark.parametrize("short", [0, 1 << 14])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_columns_come_back_as_they_were(store, monkeypatch, short, rows):
    """Whether Python cuts up the text of a column or, where it is long, polars."""
    monkeypatch.setattr(bulk, "_SHORT", short)
    frame = items_of(rows)
    put(store, items, frame)
    assert read(store, *(items.c[name] for name in COLUMNS)).sort("key").equals(frame.select(COLUMNS))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=REALS)
def test_reals_lose_no_digit(store, values):
    frame = pl.DataFrame({"item_key": range(len(values)), "value": values})
    put(store, features, frame.with_columns(extractor=pl.lit("x"), version=pl.lit("1"), feature=pl.lit("f")))
    found = read(store, features.c.item_key, features.c.value).sort("item_key")["value"].to_list()
    assert all(math.isclose(a, b, rel_tol=0, abs_tol=0) for a, b in zip(found, values, strict=True))


@pytest.mark.parametrize("rows", [[], [("a", None, None, None)], [("a", None, None, None)] * 3])
def test_nothing_is_not_a_row_and_a_null_is_one(store, rows):
    put(store, items, items_of(rows))
    assert read(store, items.c.album).to_dict(as_series=False) == {"album": [None] * len(rows)}
    assert read(store, items.c.duration_ms, split=items.c.key)["duration_ms"].to_list() == [None] * len(rows)


def test_slices_are_the_whole(store, monkeypatch):
    frame = items_of([(f"name {number}", None, number, None) for number in range(100)])
    put(store, items, frame)
    monkeypatch.setattr(bulk, "SLICE_ROWS", 7)
    found = read(store, items.c.key, items.c.name, split=items.c.key)
    assert found.sort("key").equals(frame.select("key", "name"))

"""Times as files write them, against what they mean."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.times import DAY_MS, MINUTE_MS, Clock

MOMENT = datetime(2009, 5, 4, 23, 8, 57, tzinfo=UTC)
MOMENT_MS = 1_241_478_537_000
TO_THE_MINUTE = MOMENT_MS - 57_000
THE_DAY = 1_241_395_200_000


def read(*texts):
    values = pl.Series(texts)
    return Clock.guess(values).read(values)


@pytest.mark.parametrize(
    "text",
    [
        "2009-05-04T23:08:57Z",
        "2009-05-04 23:08:57",
        "2009-05-04T23:08:57",
        "2009-05-04 23:08:57.000",
        "2009-05-04 23:08:57 UTC",
        "2009-05-05T01:08:57+02:00",
        "2009-05-04 18:08:57 -0500",
        "2009/05/04 23:08:57",
        "04.05.2009 23:08:57",
        "04/05/2009 23:08:57",
        "4 May 2009 23:08:57",
        "04 May 2009, 23:08:57",
        "May 4, 2009 23:08:57",
        "Mon, 04 May 2009 23:08:57 GMT",
    ],
)
def test_a_second_is_read_in_many_ways(text):
    assert read(text).rows() == [(MOMENT_MS, None)]


@pytest.mark.parametrize(
    "text", ["2009-05-04 23:08", "04 May 2009 23:08", "04 May 2009, 23:08", "4/5/2009 11:08 PM", "2009-05-04T23:08Z"]
)
def test_minutes_say_that_they_are_no_seconds(text):
    assert read(text).rows() == [(TO_THE_MINUTE, MINUTE_MS)]


@pytest.mark.parametrize("text", ["2009-05-04", "4 May 2009", "May 4, 2009", "04.05.2009", "20090504"])
def test_a_date_is_the_start_of_its_day(text):
    assert read(text).rows() == [(THE_DAY, DAY_MS)]


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("1241478537", "seconds"),
        ("1241478537.25", "seconds"),
        ("1241478537250", "milliseconds"),
        ("1241478537250000", "microseconds"),
        ("1241478537250000000", "nanoseconds"),
    ],
)
def test_the_unit_of_a_number_is_told_by_its_size(number, unit):
    values = pl.Series([number])
    clock = Clock.guess(values)
    assert clock.said("ts") == f"ts: numbers are {unit} since 1970"
    assert clock.read(values)["ms"].to_list()[0] in (MOMENT_MS, MOMENT_MS + 250)


def test_the_unit_is_one_for_the_whole_file():
    clock = Clock.guess(pl.Series(["1241478537000"] * 3))
    assert clock.read(pl.Series(["1000"]))["ms"].to_list() == [1000]


@pytest.mark.parametrize(
    ("texts", "first_ms", "note"),
    [
        (["3/4/2019", "31/4/2019"], 1_554_249_600_000, "dates are day/month/year"),
        (["3/4/2019", "4/31/2019"], 1_551_657_600_000, "dates are month/day/year"),
        (["3/4/2019"], 1_554_249_600_000, "nothing in the first rows tells"),
    ],
)
def test_day_and_month_are_told_apart_by_the_other_rows(texts, first_ms, note):
    clock = Clock.guess(pl.Series(texts))
    assert note in clock.said("date")
    assert clock.read(pl.Series(texts))["ms"].to_list()[0] == first_ms


@pytest.mark.parametrize("text", ["soon", "", "2009-13-04", "9" * 30, "-", "nan", "inf", "1e400", "25:00"])
def test_what_is_no_time_is_null(text):
    assert read("2009-05-04", text)["ms"].to_list() == [THE_DAY, None]


def test_ways_of_writing_may_be_mixed():
    ms = read("2009-05-04", None, "2009-05-04T23:08:57Z", "04 May 2009 23:08")["ms"].to_list()
    assert ms == [THE_DAY, None, MOMENT_MS, TO_THE_MINUTE]


def test_typed_times_are_taken_as_they_are():
    for values in (pl.Series([MOMENT]), pl.Series([MOMENT.replace(tzinfo=None)])):
        assert Clock.guess(values).read(values).rows() == [(MOMENT_MS, None)]
    days = pl.Series([MOMENT.date()])
    assert Clock.guess(days).read(days).rows() == [(THE_DAY, DAY_MS)]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_iso_with_any_offset_is_the_same_moment(moment, offset_minutes):
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "-" if offset_minutes < 0 else "+"
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{minutes:02}"
    assert read(text)["ms"].to_list() == [round(datetime.fromisoformat(text).timestamp() * 1000)]


@given(st.lists(st.none() | st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_is_a_time_or_null(texts):
    frame = read(*texts, None, "2009-05-04")
    assert frame.height == len(texts) + 2
    assert frame.schema == {"ms": pl.Int64, "precision_ms": pl.Int64}

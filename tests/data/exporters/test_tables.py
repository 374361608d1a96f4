"""What is written can be read back, and what cannot be written leaves nothing behind."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.exporters.tables import write_table
from ml.data.importers.base import Options
from ml.data.importers.source import Source
from ml.data.importers.tabular import Tabular
from ml.foundation.errors import BadInput, DiskFull

MOMENT_MS = 1_260_759_144_000
LISTENS = pl.DataFrame(
    {
        "user_id": ["local:user/1"],
        "item_id": ["spotify:track:1"],
        "title": ['7" version, "live"'],
        "listened_at": [MOMENT_MS],
        "genres": [["rock", "pop"]],
    }
)


def test_text_has_iso_times_and_joined_lists(tmp_path):
    path = write_table(LISTENS, tmp_path / "listens.csv")
    assert path.read_text() == (
        "user_id,item_id,title,listened_at,genres\n"
        'local:user/1,spotify:track:1,"7"" version, ""live""",2009-12-14T02:52:24Z,rock|pop\n'
    )


def test_fractions_of_seconds_are_kept(tmp_path):
    frame = pl.DataFrame({"listened_at": [MOMENT_MS, MOMENT_MS + 250]})
    text = write_table(frame, tmp_path / "a.tsv").read_text()
    assert text.splitlines()[1:] == ["2009-12-14T02:52:24.000Z", "2009-12-14T02:52:24.250Z"]


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_datetimes_are_written_in_utc(tmp_path, zone):
    moment = pl.Series([MOMENT_MS]).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
    moment = moment.dt.convert_time_zone(zone) if zone else moment.dt.replace_time_zone(None)
    frame = pl.DataFrame({"when": moment})
    assert "2009-12-14T02:52:24Z" in write_table(frame, tmp_path / "a.csv").read_text()
    read = pl.read_parquet(write_table(frame, tmp_path / "a.parquet"))
    assert read["when"].to_list() == [datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC)]


def test_parquet_has_timestamps(tmp_path):
    read = pl.read_parquet(write_table(LISTENS, tmp_path / "listens.parquet"))
    assert read.schema["listened_at"] == pl.Datetime("ms", "UTC")
    assert read["genres"].to_list() == [["rock", "pop"]]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8),
            st.integers(31_536_000_000, 4_000_000_000_000),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_table_importer_reads_it_back(suffix, rows, tmp_path_factory):
    titles, times = zip(*rows, strict=True)
    frame = pl.DataFrame({"user_id": "local:user/1", "title": titles, "listened_at": times})
    path = write_table(frame, tmp_path_factory.mktemp("table") / f"listens{suffix}")
    [unit] = Tabular().claim(Source.of(path))
    [batch] = Tabular().read(unit, Options())
    read = batch.frames["listens"]
    assert batch.rejects == []
    assert read.select("title", "listened_at").rows() == list(zip(titles, times, strict=True))


def test_an_unknown_suffix_says_which_are_known(tmp_path):
    with pytest.raises(BadInput, match=r"no table format '.xlsx'[\s\S]*\.csv, \.tsv, \.parquet"):
        write_table(LISTENS, tmp_path / "a.xlsx")


def test_a_structure_is_no_text(tmp_path):
    with pytest.raises(BadInput, match="point cannot be written as text"):
        write_table(pl.DataFrame({"point": [{"x": 1}]}), tmp_path / "a.csv")
    assert not any(tmp_path.iterdir())


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        write_table(LISTENS, tmp_path / "no" / "a.csv")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, suffix):
    path = write_table(LISTENS, tmp_path / f"a{suffix}")
    before = path.read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="no space left"):
        write_table(LISTENS.vstack(LISTENS), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_polars_says_of_the_system_is_understood(tmp_path, suffix):
    """A limit on the size of files fails the write itself, as a full disk does; only the number differs."""
    program = f"""
import resource, signal
import polars as pl
from ml.data.exporters.tables import write_table
from ml.foundation.errors import BadInput
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_table(pl.DataFrame({{"n": range(100_000)}}), {str(tmp_path / f"a{suffix}")!r})
except BadInput as error:
    print(error.message)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large)" in done.stdout
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_no_space_reported_by_polars_is_a_full_disk(tmp_path, monkeypatch, suffix):
    link = tmp_path / f".a{suffix}.{os.getpid()}.part"
    link.symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        write_table(LISTENS, tmp_path / f"a{suffix}")
    assert not any(tmp_path.iterdir())

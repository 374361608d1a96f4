"""Rows that were refused: given back page by page, and as a table that is read as what it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.base import Options, Reject, Unit
from ml.data.importers.refused import harmless
from ml.data.importers.source import Source
from ml.data.importers.tabular import Tabular
from ml.data.ingest.refused import page_of, written
from ml.data.ingest.rejects import RejectsFile

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
TITLE = st.builds(str.__add__, st.sampled_from(["", "=", "+", "-", "@", "'", "''"]), CELL).filter(bool)


def refuse(folder, rejects):
    file = RejectsFile(folder / "import-1.csv")
    file.write(rejects)
    file.close()
    return file.path


def line_of(cells, delimiter):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="").writerow(cells)
    return stream.getvalue()


@given(titles=st.lists(TITLE, min_size=1, max_size=5), delimiter=st.sampled_from(",;\t|"))
def test_what_comes_back_is_read_as_what_it_was(tmp_path_factory, titles, delimiter):
    folder = tmp_path_factory.mktemp("refused")
    rows = [[f"artist {n}", title] for n, title in enumerate(titles)]
    rejects = [Reject("a.csv", n + 2, "no", line_of(row, delimiter)) for n, row in enumerate(rows)]
    summary = {"units": [{"name": "a.csv", "columns": ["artist", "title"], "delimiter": delimiter}]}
    out = folder / "mended.csv"
    out.write_text("".join(written(refuse(folder, rejects), summary)), encoding="utf-8", newline="")
    for cells in csv.reader(io.StringIO(out.read_text(encoding="utf-8"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    (entry,) = Source.of(out).entries
    (batch,) = Tabular().read(Unit("table", entry.name, (entry,)), Options())
    assert batch.rejects == []
    assert batch.frames["items"].select("artist", "title").rows() == [tuple(row) for row in rows]
    assert batch.notes == ()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "'a"])
def test_a_cell_that_would_be_a_formula_begins_with_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


def test_pages_follow_each_other_and_leave_out_what_is_still_being_written(tmp_path):
    path = refuse(tmp_path, [Reject("a", n, f"reason {n % 2}", f"Björk {n}\r\n=") for n in range(25)])
    with path.open("a") as stream:
        stream.write('a,99,"half a')
    seen, after = [], 0
    while after is not None:
        page = page_of(1, path, count=10, after=after)
        assert (page.total, page.reasons) == (25, {"reason 0": 13, "reason 1": 12})
        seen += [row.line for row in page.rows]
        after = page.following
    assert seen == [*range(25)]
    assert page_of(1, path, reason="reason 1", count=1).rows[0].raw == "Björk 1\\r\\n="
    # A place that no page gave begins at the next row.
    assert page_of(1, path, after=page_of(1, path, count=1).following + 3, count=1).rows[0].line == 2
    assert page_of(1, path, after=1 << 40).rows == ()


def test_reasons_that_differ_in_a_number_only_are_one_where_there_are_many(tmp_path):
    path = refuse(tmp_path, [Reject("a", n, f"artist {n} is unknown", "") for n in range(40)])
    page = page_of(1, path, reason="artist … is unknown", count=100)
    assert page.reasons == {"artist … is unknown": 40}
    assert len(page.rows) == 40


def test_a_row_that_fits_no_columns_or_lost_its_end_stands_beside_them(tmp_path):
    long = "a," + "b" * 600
    path = refuse(tmp_path, [Reject("a.csv", 2, "3 fields", "a,b,c"), Reject("a.csv", 3, "long", long)])
    summary = {"units": [{"name": "a.csv", "columns": ["artist", "title"], "delimiter": ","}]}
    first, second = csv.DictReader(io.StringIO("".join(written(path, summary))))
    assert (first["artist"], first["title"], first["refused_row"]) == ("a", "b", "a,b,c")
    assert second["refused_row"] == long[:500]

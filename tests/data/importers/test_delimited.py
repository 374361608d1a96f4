"""Records of delimited text: quoting, line numbers, and what one bad record costs."""

import csv
import io

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import delimited as module
from ml.data.importers import records
from ml.data.importers.delimited import plain_lines, read_bare, read_rows
from ml.data.importers.header import Header, parse_delimiter, read_header
from ml.data.importers.lines import MAX_LINE_BYTES, LineReader
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

TWO = Header(["a", "b"], ",", 1)


def rows_of(content: bytes, header: Header = TWO, encoding=None):
    """Read everything: the rows with their lines, and the rejects as pairs of line and reason."""
    parts = list(read_rows(LineReader([content]), header, file="a.csv", encoding=encoding))
    rows = [row for part in parts for row in part.frame.rows()]
    return rows, [(reject.line, reject.reason) for part in parts for reject in part.rejects]


def test_plain_rows_have_their_lines():
    assert rows_of(b"1,2\n3,4\r\n5,6") == ([("1", "2", 1), ("3", "4", 2), ("5", "6", 3)], [])


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (b'"x, y",z', ("x, y", "z")),
        (b'"7"" mix",z', ('7" mix', "z")),
        (b'7" mix,z', ('7" mix', "z")),
        (b'"",z', ("", "z")),
        (b",", ("", "")),
        (b" x , z ", (" x ", " z ")),
        ("坂本,é".encode(), ("坂本", "é")),
    ],
)
@pytest.mark.parametrize("after", [b"", b"bad\n"])
def test_quoting_is_the_same_with_and_without_a_bad_row_beside_it(line, fields, after):
    rows, rejects = rows_of(line + b"\n" + after + b"p,q\n")
    assert rows == [(*fields, 1), ("p", "q", 3 if after else 2)]
    assert len(rejects) == bool(after)


def test_a_field_may_hold_line_breaks():
    assert rows_of(b'1,"x\ny\r\nz"\n3,4\n') == ([("1", "x\ny\r\nz", 1), ("3", "4", 4)], [])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"1", "1 fields where 2 are expected"),
        (b"1,2,3", "3 fields where 2 are expected"),
        (b"1,2,", "3 fields where 2 are expected"),
        (b'1,"x" y', "bad quoting: ',' expected after '\"'"),
        (b'1,"x', "a quote is not closed"),
        (b"1,\0", "holds a NUL character"),
        (b"1,\xe9", "not UTF-8; if the file is in another encoding, say which, such as cp1252 (--encoding)"),
        (b"1," + b"x" * MAX_LINE_BYTES, f"the line is longer than {MAX_LINE_BYTES:,} bytes"),
    ],
)
def test_a_bad_record_costs_its_own_line(bad, reason):
    rows, rejects = rows_of(b"p,q\n\n" + bad + b"\nr,s\nt,u\n")
    assert rows == [("p", "q", 1), ("r", "s", 4), ("t", "u", 5)]
    assert rejects == [(3, reason)]


def test_the_text_of_a_bad_record_is_kept():
    [part] = read_rows(LineReader([b"1,2\n1,2,3\r\n"]), TWO, file="a.csv", encoding=None)
    [reject] = part.rejects
    assert (reject.file, reject.line, reject.raw) == ("a.csv", 2, "1,2,3")


def test_the_encoding_that_was_given_is_named():
    assert rows_of(b"1,\xff\n", encoding="utf-16")[1] == [(1, "not utf-16")]


def test_tabs_are_read_literally_where_quoting_fails():
    header = Header(["a", "b"], "\t", 1)
    rows, rejects = rows_of(b'"Heroes" live\tx\n"open\ty\n"plain"\tz\n', header)
    assert rows == [('"Heroes" live', "x", 1), ('"open', "y", 2), ("plain", "z", 3)]
    assert rejects == []


def test_a_quote_is_searched_no_further_than_a_record_may_reach():
    filler = b"1,2\n" * records.RECORD_LINES
    rows, rejects = rows_of(b'1,"open\n' + filler + b'3,closed"\n')
    assert len(rows) == records.RECORD_LINES + 1
    assert rejects == [(1, "a quote is not closed")]


@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_a_record_across_stretches_is_one(monkeypatch, rows):
    monkeypatch.setattr(module, "BATCH_ROWS", rows + 1)
    monkeypatch.setattr(records, "RECORD_LINES", rows + 1)
    content = b"1,2\n" * rows + b'3,"x\ny"\n5,6\n'
    assert rows_of(content)[0][rows:] == [("3", "x\ny", rows + 1), ("5", "6", rows + 3)]


FIELDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)


@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3).filter(any), max_size=8), st.sampled_from(",;|"))
def test_what_csv_writes_is_read(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    read, rejects = rows_of(out.getvalue().encode(), Header(["a", "b", "c"], delimiter, 1))
    assert [list(row[:3]) for row in read] == rows
    assert rejects == []


def bare(content: bytes, names=("a", "b"), **options):
    entry = Entry("a.tsv", len(content), None, lambda: io.BytesIO(content))
    parts = list(read_bare(entry, names, encoding=None, **options))
    rows = [row for part in parts for row in part.frame.rows()]
    return rows, [(reject.line, reject.reason, reject.raw) for part in parts for reject in part.rejects]


@pytest.mark.parametrize("bad", [b"", b"one\n"])
def test_without_quoting_a_quote_is_text(bad):
    rows, rejects = bare(bad + b'"x"\t"y\r\n\n\t\n')
    first = 1 + len(bad) // 4
    assert rows == [('"x"', '"y', first), ("", "", first + 2)]
    assert rejects == ([(1, "1 fields where 2 are expected", "one")] if bad else [])


def test_a_line_of_names_is_skipped_where_it_is_one():
    assert bare(b"a\tb\n1\t2\n", header="a\t") == ([("1", "2", 2)], [])
    assert bare(b"1\t2\n3\t4", header="a\t") == ([("1", "2", 1), ("3", "4", 2)], [])


def test_columns_are_named_stripped_and_emptied():
    (rows,) = read_rows(LineReader([b" x ,\n ,y\n"]), TWO, file="a.csv", encoding=None)
    assert rows.named({"b": 1, "a": 0}).rows() == [(1, None, "x"), (2, "y", None)]


def test_the_rejects_of_a_batch_are_in_the_order_of_lines():
    (rows,) = read_rows(LineReader([b"1,2\n3\n4,5\n"]), TWO, file="a.csv", encoding=None)
    judged = rows.frame.select("line", reason=pl.lit("bad"))
    batch = rows.batch("a.csv", "listens", judged, notes=["n"])
    assert [(reject.line, reject.raw) for reject in batch.rejects] == [(1, "1,2"), (2, "3"), (3, "4,5")]
    assert (batch.rows, batch.frames["listens"].height, batch.notes) == (3, 0, ("n",))


PIECES = [b"a", b",", b'"', b"\n", b"\r\n", b"\t", b'""', b"\xff", "é".encode(), b" ", b',"x"', b"\r", b"a,b\n", b"\0"]


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
    st.sampled_from(",\t"),
    st.integers(1, 3),
    st.booleans(),
)
def test_lines_read_together_are_as_read_one_by_one(content, delimiter, width, quoting):
    header = Header(["x"] * width, delimiter, 1, quoting)
    together = rows_of(content, header)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "plain_lines", lambda stretch, _: np.zeros(len(stretch.ends), dtype=bool))
        one_by_one = rows_of(content, header)
    assert together == one_by_one


@pytest.mark.parametrize(
    ("header", "content", "plain"),
    [
        (TWO, b'u1,"7"" mix, live"\nu2,\r\n', [True, True]),
        (TWO, b'7" mix,x\n1\n1,2,3\n1,2', [True, False, False, True]),
        (TWO, b'"a",b\n7" mix,x\n"open,x\n', [True, False, False]),
        (TWO, b"\xff,1\n1,2\n\n1\r,2\n", [False, True, False, False]),
        (TWO, b"1," + b"x" * MAX_LINE_BYTES + b"\n1,2\n", [False, True]),
        (TWO, b"1,2\n\0,1\n", [False, False]),
        (Header(["a", "b"], "\t", 1), b'"a"\t1\n"a" b\t1\n', [True, False]),
        (Header(["a", "b"], "\t", 1, quoting=False), b'"a"\t1\n"a" b\t1\n"\t\n', [True, True, True]),
        (Header(["a"], ",", 1), b"1\n", [False]),
    ],
)
def test_what_is_certainly_a_record_is_read_together(header, content, plain):
    assert plain_lines(LineReader([content]).take(1000), header).tolist() == plain


def test_a_plain_line_within_a_record_belongs_to_it():
    content = b'1,2\n3,"x\n5,6\ny"\n7,8\n'
    assert rows_of(content) == ([("1", "2", 1), ("3", "x\n5,6\ny", 2), ("7", "8", 5)], [])


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_rejects_or_blank_lines(content):
    rows, rejects = rows_of(content)
    lines = [line for *_, line in rows] + [line for line, _ in rejects]
    assert len(set(lines)) == len(lines)
    assert all(1 <= line <= content.count(b"\n") + 1 for line in lines)


def known(name):
    return name in {"user", "item", "title"}


@pytest.mark.parametrize(
    ("content", "delimiter", "names", "lines"),
    [
        (b"user,item\n1,2\n", ",", ["user", "item"], 1),
        (b"user\titem, or so\n1\t2\n", "\t", ["user", "item, or so"], 1),
        (b'user;title\n1;"a, b, c, d"\n', ";", ["user", "title"], 1),
        (b"user|title\n", "|", ["user", "title"], 1),
        (b'\n"a\nname", item\n1,2\n', ",", ["a\nname", "item"], 3),
        (b"x;y\n1,0;2,0\n", ";", ["x", "y"], 1),
        (b"title\none, two\n", ",", ["title"], 1),
    ],
)
def test_header_and_delimiter_are_found(content, delimiter, names, lines):
    header = read_header(LineReader([content]).take(50), delimiter=None, known=known)
    assert header == Header(names, delimiter, lines)


def test_a_delimiter_that_was_given_is_taken():
    stretch = LineReader([b"user,item;title\n"]).take(50)
    assert read_header(stretch, delimiter=";", known=known).names == ["user,item", "title"]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_nothing_is_no_header(content):
    assert read_header(LineReader([content]).take(50), delimiter=None, known=known) is None


@pytest.mark.parametrize(("text", "mark"), [("tab", "\t"), ("\\t", "\t"), (";", ";")])
def test_delimiters_are_named(text, mark):
    assert parse_delimiter(text) == mark


@pytest.mark.parametrize("text", ["", ",,", '"', "\n", "é"])
def test_what_cannot_delimit_is_said(text):
    with pytest.raises(BadInput, match="cannot be a delimiter"):
        parse_delimiter(text)

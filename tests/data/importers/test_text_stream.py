import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import text_stream
from ml.data.importers.source import Entry, Source
from ml.data.importers.text_stream import TextBlock, head_text, line_blocks, tab_table, text_blocks, utf8_blocks
from ml.foundation.errors import BadInput


def entry_of(path, content: bytes) -> Entry:
    path.write_bytes(content)
    return Source.of(path).entries[0]


@pytest.fixture
def file(tmp_path):
    return lambda content: entry_of(tmp_path / "a.txt", content)


def numbered(entry):
    return [
        (number, line) for block in text_blocks(entry) for number, line in zip(block.numbers, block.lines, strict=True)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "é\nü\n".encode(),
        codecs.BOM_UTF8 + "é\nü\n".encode(),
        codecs.BOM_UTF16_LE + "é\nü\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é\nü\n".encode("utf-16-be"),
        "é\r\nü".encode(),
    ],
)
def test_encodings_give_the_same_lines(file, content):
    entry = file(content)
    assert numbered(entry) == [(1, "é"), (2, "ü")]
    assert head_text(entry).split() == ["é", "ü"]


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_says_so(file, content):
    with pytest.raises(BadInput, match="the file is empty"):
        list(utf8_blocks(file(content)))


def test_a_missing_file_says_so(tmp_path, file):
    entry = file(b"x")
    (tmp_path / "a.txt").unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        list(utf8_blocks(entry))


def test_blank_lines_keep_their_numbers(file):
    assert numbered(file(b"a\n\n \nb\n")) == [(1, "a"), (4, "b")]


def test_a_line_that_is_not_utf8_is_refused_alone(file):
    (block,) = text_blocks(file(b"a\n\xff\xfeb\nc\n"))
    assert (list(block.numbers), block.lines) == ([1, 3], ["a", "c"])
    assert [(reject.line, reject.reason) for reject in block.rejects] == [(2, "not UTF-8 text; save the file as UTF-8")]


def test_a_long_line_is_refused_alone(file, monkeypatch):
    monkeypatch.setattr(text_stream, "MAX_ROW_BYTES", 10)
    monkeypatch.setattr(text_stream, "BLOCK_BYTES", 4)
    blocks = list(text_blocks(file(b"a\n" + b"x" * 100 + b"\nb\n" + b"y" * 11)))
    assert [line for block in blocks for line in block.lines] == ["a", "b"]
    assert [(reject.line, len(reject.raw)) for block in blocks for reject in block.rejects] == [(2, 11), (4, 11)]


def test_half_a_character_at_the_end_of_utf16_is_refused(file):
    one, two = text_blocks(file(codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le")[:-1]))
    assert one.lines == ["a"]
    assert [reject.line for reject in two.rejects] == [2]


@given(content=st.binary() | st.text("\n\ra").map(str.encode), block_bytes=st.integers(1, 9), rows=st.integers(1, 4))
def test_lines_do_not_depend_on_how_the_file_is_read(tmp_path_factory, content, block_bytes, rows):
    content = b"#" + content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_stream, "BLOCK_BYTES", block_bytes)
        patch.setattr(text_stream, "STRETCH_ROWS", rows)
        blocks = list(line_blocks(entry_of(tmp_path_factory.mktemp("t") / "a", content)))
    expected = content.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert [line for _, lines in blocks for line in lines] == expected
    assert all(len(lines) <= rows for _, lines in blocks)
    numbers = [first + index for first, lines in blocks for index in range(len(lines))]
    assert numbers == list(range(1, len(expected) + 1))


def test_tab_table_splits_and_refuses_ragged_lines():
    block = TextBlock([3, 4, 5, 6], ['a\t"b', "a", "\t", "a\tb\tc"], [])
    frame, rejects = tab_table("f", block, ("x", "y"))
    assert frame.rows() == [(3, "a", '"b'), (5, None, None)]
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (4, "1 fields where 2 are expected"),
        (6, "3 fields where 2 are expected"),
    ]

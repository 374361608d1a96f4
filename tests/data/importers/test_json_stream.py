import codecs
import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import json_stream
from ml.data.importers.json_stream import json_array, json_document, json_lines, json_rows
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput


def entry_of(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source.of(path).entries[0]


@pytest.fixture
def file(tmp_path):
    return lambda content: entry_of(tmp_path / "a.json", content)


def found(stretches):
    """Give (line, row) of the rows and (line, reason) of the rejects."""
    stretches = list(stretches)
    rows = [pair for stretch in stretches for pair in zip(stretch.lines, stretch.rows, strict=True)]
    rejects = [(reject.line, reject.reason) for stretch in stretches for reject in stretch.rejects]
    assert sum(stretch.n_rows for stretch in stretches) == len(rows) + len(rejects)
    return rows, rejects


ROWS = [{"a": 1, "b": 'x ] } \\ " , { é'}, {"b": {"c": [1, [2], {"d": None}]}}, {}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_array_gives_its_objects(file, indent, encoding):
    text = json.dumps(ROWS, indent=indent, ensure_ascii=False)
    rows, rejects = found(json_array(file(text.encode(encoding))))
    assert [row for _, row in rows] == ROWS
    assert not rejects


def test_rows_of_an_array_name_the_line_they_begin_at(file):
    rows, rejects = found(json_array(file('\n[\r\n  {"a":\r\n 1},\r\n\r\n  7, {"a": 2}, {"a": 3}\r\n]\r\n')))
    assert rows == [(3, {"a": 1}), (6, {"a": 2}), (6, {"a": 3})]
    assert rejects == [(6, "not a JSON object")]


@pytest.mark.parametrize(
    "content", ['[{"a": 1},\n{"a": 2', '[{"a": 1},\n{"a": "x', '[{"a": 1},\n', '[{"a": 1},\n{"a": "x\n']
)
def test_a_truncated_array_gives_what_came_before_and_one_reject(file, content):
    rows, rejects = found(json_array(file(content)))
    assert rows == [(1, {"a": 1})]
    assert [line for line, _ in rejects] == [2]


def test_a_truncated_array_says_so(file):
    assert found(json_array(file('[{"a": 1}')))[1] == [(1, "the file ends before its list does: it is truncated")]


def test_bad_elements_cost_themselves_only(file):
    content = b'[{"a": tru},\n{"a": "x\xff"},\n{"a": "open},\n{"a": 1}, "text", null, 3\n, [1], {"a": 2}]'
    rows, rejects = found(json_array(file(content)))
    assert rows == [(4, {"a": 1}), (5, {"a": 2})]
    assert [line for line, _ in rejects] == [1, 2, 3, 4, 4, 4, 5]


def test_text_after_the_list_is_reported(file):
    assert found(json_array(file("[{}]\n[{}]")))[1] == [(2, "text after the end of the list")]


def test_an_empty_list_is_no_error(file):
    assert found(json_array(file(" [ ] \n"))) == ([], [])


@pytest.mark.parametrize("content", ["{}", "x", " \n", '"[]"', "\0"])
def test_what_is_no_list_says_so(file, content):
    with pytest.raises(BadInput, match="not a JSON list"):
        list(json_array(file(content)))


@pytest.mark.parametrize("read", [json_array, json_lines, json_document])
def test_an_empty_file_says_so(file, read):
    with pytest.raises(BadInput, match="the file is empty"):
        list(read(file("")))


def test_a_monstrous_element_is_refused_and_the_next_read(file, monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_ROW_BYTES", 50)
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", 16)
    content = '[{"a": 1},\n{"a": "%s"},\n{"a": 2}]' % ("x" * 1000)
    rows, rejects = found(json_array(file(content)))
    assert rows[0] == (1, {"a": 1})
    assert rows[-1] == (3, {"a": 2})
    assert "longer than" in rejects[0][1]


def test_memory_is_bounded_by_the_largest_row(file, monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_ROW_BYTES", 1 << 20)
    entry = file('[{"a": "' + "x" * (24 << 20) + '"}]')
    tracemalloc.start()
    _, rejects = found(json_array(entry))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rejects
    assert peak < 12 << 20


@pytest.mark.parametrize("piece", ["[", "{", '{"a":', ",{", "\n", '"', ",", '\n{"', "[,\n{", "{}"])
def test_repetitive_nonsense_takes_linear_time(file, piece):
    entry = file("[" + piece * (300_000 // len(piece)))
    begun = time.process_time()
    _, rejects = found(json_array(entry))
    assert rejects
    assert time.process_time() - begun < 10


def test_lines_give_objects_and_rejects(file):
    content = b'{"a": 1}\r\n\r\n{"a": \n[1]\n{"a": "\xff"}\n {"a": 2} \n'
    rows, rejects = found(json_lines(file(content)))
    assert rows == [(1, {"a": 1}), (6, {"a": 2})]
    assert [line for line, _ in rejects] == [3, 4, 5]


def test_lines_in_utf16(file):
    rows, _ = found(json_lines(file(codecs.BOM_UTF16_BE + '{"a": "é"}\n{}'.encode("utf-16-be"))))
    assert rows == [(1, {"a": "é"}), (2, {})]


def test_a_line_too_long_is_refused(file, monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_ROW_BYTES", 20)
    rows, rejects = found(json_lines(file('{"a": "%s"}\n{"a": 1}' % ("x" * 99))))
    assert rows == [(2, {"a": 1})]
    assert rejects[0][0] == 1


def test_a_row_of_several_chunks_is_read(file):
    text = "x" * (5 << 20)
    for read, content in ((json_lines, '{"a": "%s"}\n{}'), (json_array, '[{"a": "%s"},\n{}]')):
        assert found(read(file(content % text))) == ([(1, {"a": text}), (2, {})], [])


def test_content_decides_between_list_and_lines(file):
    assert found(json_rows(file('[{"a": 1}]'))) == ([(1, {"a": 1})], [])
    assert found(json_rows(file('{"a": 1}\n{"a": 2}')))[0] == [(1, {"a": 1}), (2, {"a": 2})]
    assert found(json_rows(file('": 1}\n{"a": 2}')))[0] == [(2, {"a": 2})]


def test_a_document_names_the_line_of_its_fault(file):
    with pytest.raises(BadInput, match=r"a\.json:2: not valid JSON"):
        json_document(file("{\n  x}"))


def test_a_document_has_a_limit(file, monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_DOCUMENT_BYTES", 10)
    with pytest.raises(BadInput, match="larger than"):
        json_document(file("[" + " " * 20 + "]"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES, max_size=4), max_size=6)


@given(rows=OBJECTS, indent=st.sampled_from([None, 0, 3]), block_bytes=st.integers(4, 40), stretch=st.integers(1, 3))
def test_any_objects_come_back_however_the_file_is_cut_into_blocks(
    tmp_path_factory, rows, indent, block_bytes, stretch
):
    folder = tmp_path_factory.mktemp("j")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK_BYTES", block_bytes)
        patch.setattr(json_stream, "STRETCH_ROWS", stretch)
        array = found(json_array(entry_of(folder / "a.json", json.dumps(rows, indent=indent, ensure_ascii=False))))
        text = "".join(json.dumps(row) + "\n" for row in rows) or "\n"
        lines = found(json_lines(entry_of(folder / "b.jsonl", text)))
    assert ([row for _, row in array[0]], array[1]) == (rows, [])
    assert lines == (list(enumerate(rows, 1)), [])


@given(content=st.binary() | st.text('[]{}",:\\ \na1').map(str.encode), block_bytes=st.integers(4, 20))
def test_any_bytes_give_rows_rejects_or_bad_input(tmp_path_factory, content, block_bytes):
    entry = entry_of(tmp_path_factory.mktemp("j") / "a.json", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK_BYTES", block_bytes)
        for read in (json_array, json_lines):
            try:
                found(read(entry))
            except BadInput:
                continue


@given(
    content=st.text('[]{}",:\\ \na1').map(lambda text: b"[" + text.encode()),
    one=st.integers(4, 20),
    two=st.integers(4, 20),
)
def test_rows_do_not_depend_on_the_size_of_blocks(tmp_path_factory, content, one, two):
    entry = entry_of(tmp_path_factory.mktemp("j") / "a.json", content)
    results = []
    for block_bytes in (one, two, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_stream, "CHUNK_BYTES", block_bytes)
            results.append(found(json_array(entry))[0])
    assert results[0] == results[1] == results[2]

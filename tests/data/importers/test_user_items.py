"""The ``user item item …`` text of published splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import user_items as module
from ml.data.importers.base import Options
from ml.data.importers.source import Source
from ml.data.importers.user_items import UserItems
from ml.foundation.errors import BadInput


def pairs(batches):
    return [
        tuple(int(name.partition("/")[2]) for name in row)
        for batch in batches
        for row in batch.frames["counts"].select("user_id", "item_id").iter_rows()
    ]


def read(path, **options):
    [unit] = UserItems().claim(Source.of(path))
    return list(UserItems().read(unit, Options(**options)))


def test_each_pair_is_a_total_of_one_play(tmp_path):
    (tmp_path / "train.txt").write_bytes(b"0 5 7\r\n1\n2 5 \n")
    [batch] = read(tmp_path / "train.txt", source="gowalla", item_kind="artist")
    assert batch.frames["counts"].rows() == [
        (1, "artist", "gowalla:item/5", "gowalla:user/0", 1),
        (1, "artist", "gowalla:item/7", "gowalla:user/0", 1),
        (3, "artist", "gowalla:item/5", "gowalla:user/2", 1),
    ]
    assert (batch.rows, batch.rejects) == (3, [])


def test_a_bad_line_is_a_reject(tmp_path):
    content = b"0 1\n" * 20_000 + b"1 x\n2  3\n4 " + b"9" * 19 + b"\n\n5 6\n"
    (tmp_path / "train.txt").write_bytes(content)
    batches = read(tmp_path / "train.txt")
    rejects = [(reject.line, reject.raw) for batch in batches for reject in batch.rejects]
    assert rejects == [(20_001, "1 x"), (20_002, "2  3"), (20_003, "4 " + "9" * 19)]
    assert pairs(batches)[-1] == (5, 6)
    assert sum(batch.rows for batch in batches) == 20_004


def test_a_folder_has_a_unit_for_each_file(tmp_path):
    for name in ("train.txt", "test.txt"):
        (tmp_path / name).write_bytes(b"0 1\n")
    (tmp_path / "readme.txt").write_bytes(b"two files\n")
    assert [unit.name for unit in UserItems().claim(Source.of(tmp_path))] == ["test.txt", "train.txt"]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"0\n1\n", b"0 1\na b\n", b"0  1\n", b"0\t1\n", b"0,1\n", b"0 1.5\n", b"-1 2\n"]
)
def test_other_text_is_not_claimed(tmp_path, content):
    (tmp_path / "train.txt").write_bytes(content)
    assert UserItems().claim(Source.of(tmp_path)) == []


def test_one_long_line_is_claimed_by_its_head(tmp_path):
    (tmp_path / "train.txt").write_bytes(b"0" + b" 12345" * 20_000)
    assert len(pairs(read(tmp_path / "train.txt"))) == 20_000


def test_batches_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 3)
    (tmp_path / "train.txt").write_bytes(b"0 1 2 3 4 5 6 7 8\n1 2\n")
    batches = read(tmp_path / "train.txt")
    assert [batch.rows for batch in batches] == [3, 3, 3]
    assert pairs(batches) == [(0, item) for item in range(1, 9)] + [(1, 2)]


def test_a_file_without_pairs_is_said(tmp_path):
    (tmp_path / "train.txt").write_bytes(b"0 1\n")
    [unit] = UserItems().claim(Source.of(tmp_path))
    (tmp_path / "train.txt").write_bytes(b"0\n1\n")
    with pytest.raises(BadInput, match="no listener with an item"):
        list(UserItems().read(unit, Options()))


@given(st.dictionaries(st.integers(0, 99), st.lists(st.integers(0, 10**6), min_size=1, max_size=9), min_size=1))
def test_what_is_written_is_read(tmp_path_factory, histories):
    path = tmp_path_factory.mktemp("split") / "train.txt"
    path.write_text("".join(f"{user} {' '.join(map(str, items))}\n" for user, items in histories.items()))
    assert pairs(read(path)) == [(user, item) for user, items in histories.items() for item in items]


@given(st.binary(max_size=200))
def test_any_bytes_are_pairs_rejects_or_bad_input(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("split") / "train.txt"
    path.write_bytes(b"0 1\n" + content)
    [unit] = UserItems().claim(Source(path, Source.of(path).entries)) or [None]
    if unit is None:
        return
    for batch in UserItems().read(unit, Options()):
        assert batch.rows == len(batch.frames["counts"]) + len(batch.rejects)


@pytest.mark.realdata
def test_gowalla(realdata):
    units = UserItems().claim(Source.of(realdata / "gowalla"))
    counts = {unit.name: sum(batch.rows for batch in UserItems().read(unit, Options())) for unit in units}
    assert counts == {"train.txt": 810_128, "test.txt": 217_242}

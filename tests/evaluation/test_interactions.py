"""Published splits in files."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.evaluation import read_split
from ml.foundation.errors import BadInput

PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


def write(path, pairs):
    users = sorted({user for user, _ in pairs})
    lines = (" ".join(map(str, [user, *sorted(item for who, item in pairs if who == user)])) for user in users)
    path.write_text("\n".join(lines) + "\n")
    return path


@given(train=PAIRS, test=PAIRS, valid=st.none() | PAIRS)
def test_a_split_is_what_the_files_say(tmp_path_factory, train, test, valid):
    folder = tmp_path_factory.mktemp("split")
    files = [write(folder / "train.txt", train), write(folder / "test.txt", test)]
    split = read_split(*files, None if valid is None else write(folder / "valid.txt", valid))
    users, items = split.train.user_keys, split.train.item_keys

    def pairs(matrix):
        rows, columns = matrix.nonzero()
        return {(int(users[row]), int(items[column])) for row, column in zip(rows, columns, strict=True)}

    everything = train | test | (valid or set())
    assert users.tolist() == sorted({user for user, _ in everything})
    assert items.tolist() == sorted({item for _, item in everything})
    assert pairs(split.train.plays.counts) == train
    assert pairs(split.played) == test
    assert pairs(split.relevant) == test - train - (valid or set())
    assert (set() if split.known is None else pairs(split.known)) == (valid or set())
    assert (split.train.data.held_out is None) == (valid is None)
    if valid is not None:
        inner = split.train.split_held_out()
        assert pairs(inner.relevant) == valid - train
        assert pairs(inner.train.plays.counts) == train


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 1 2\n1 x\n", r"test.txt:2: not whole numbers"),
        ("", "test.txt"),
        ("0\n1\n", "no listener with an item"),
        ("0,1\n", "test.txt:1"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path, text, message):
    train = write(tmp_path / "train.txt", {(0, 1)})
    (tmp_path / "test.txt").write_text(text)
    with pytest.raises(BadInput, match=message):
        read_split(train, tmp_path / "test.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere.txt: there is no such file"):
        read_split(tmp_path / "nowhere.txt", tmp_path / "test.txt")


def test_a_pair_written_twice_counts_once(tmp_path):
    (tmp_path / "train.txt").write_text("0 1 1 2\n")
    (tmp_path / "test.txt").write_text("0 3 3\n")
    split = read_split(tmp_path / "train.txt", tmp_path / "test.txt")
    assert np.asarray(split.train.plays.weights).tolist() == [1, 1]
    assert split.relevant.sum() == 1

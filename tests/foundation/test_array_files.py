"""Arrays by name in one file."""

import numpy as np
import pytest

from ml.foundation.array_files import Unreadable, packed, read_arrays, unpacked, write_arrays

ARRAYS = {"names": packed("a\nü"), "numbers": np.arange(6, dtype=np.float32).reshape(2, 3), "form": np.int64(3)}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "new" / "some.npz"
    write_arrays(path, ARRAYS)
    return path


@pytest.mark.parametrize("durable", [False, True])
def test_what_is_written_is_read_and_nothing_else_is_left(tmp_path, durable):
    file = tmp_path / "some.npz"
    write_arrays(file, {"old": np.zeros(1)}, durable=durable)
    write_arrays(file, ARRAYS, durable=durable)
    for read in (read_arrays(file), read_arrays(file.read_bytes())):
        assert list(read) == list(ARRAYS)
        assert unpacked(read["names"]) == "a\nü"
        assert read["numbers"].dtype == np.float32
        assert read["numbers"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert read["form"] == 3
    assert list(tmp_path.iterdir()) == [file]


def test_other_programs_read_it(file):
    with np.load(file, allow_pickle=False) as archive:
        assert archive["numbers"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("change", [0xFF, 0x01, 0x80])
@pytest.mark.filterwarnings("ignore")  # NumPy takes some headers for those of its oldest versions, and warns
def test_a_changed_byte_is_one_error_or_none(file, change):
    whole, refused = bytearray(file.read_bytes()), 0
    for place in range(len(whole)):
        whole[place] ^= change
        try:
            read_arrays(bytes(whole))
        except Unreadable:
            refused += 1
        whole[place] ^= change
    assert refused > len(whole) / 3
    assert read_arrays(bytes(whole))


def test_what_is_cut_short_is_refused_wherever_it_is_cut(file):
    whole = file.read_bytes()
    for length in range(len(whole)):
        with pytest.raises(Unreadable):
            read_arrays(whole[:length])


def test_what_holds_something_else_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        read_arrays(tmp_path / "none.npz")
    one, objects = tmp_path / "one.npy", tmp_path / "objects.npz"
    np.save(one, np.arange(3))
    np.savez(objects, things=np.array([{}], dtype=object))
    for path, why in ((one, "one array"), (objects, "allow_pickle"), (tmp_path, "directory")):
        with pytest.raises(Unreadable, match=why):
            read_arrays(path)

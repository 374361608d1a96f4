"""A file appears whole or not at all."""

import os

import pytest

from ml.data.exporters.whole_file import whole_file
from ml.foundation.errors import BadInput, DiskFull


def test_the_file_appears_at_the_end(tmp_path):
    path = tmp_path / "a.txt"
    with whole_file(path) as unfinished:
        unfinished.write_text("new")
        assert not path.exists()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "new")]


def test_a_fault_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as unfinished:
        unfinished.write_text("half")
        1 / 0  # noqa: B018
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_full_disk_is_said(tmp_path):
    (tmp_path / f".a.txt.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull, match="no space left"), whole_file(tmp_path / "a.txt") as unfinished:
        unfinished.write_text("text")
    assert not any(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"), whole_file(tmp_path / "no" / "a.txt") as unfinished:
        unfinished.write_text("text")

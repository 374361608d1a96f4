"""Folders that appear whole or not at all."""

import errno
import os

import pytest

from ml.foundation.atomic import draft, publish, replace_text
from ml.foundation.errors import DiskFull


def test_a_folder_appears_with_everything_in_it(tmp_path):
    with draft(tmp_path) as place:
        (place / "new").mkdir()
        (place / "new" / "a").write_text("1")
        publish(place / "new", tmp_path / "there")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there" / "a").read_text() == "1"


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(errno.EIO, "broken")])
def test_what_breaks_off_leaves_nothing_and_says_what_happened(tmp_path, fault):
    with pytest.raises(type(fault)), draft(tmp_path) as place:
        (place / "a").write_text("1")
        raise fault
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_called_so_and_a_small_file_stays_what_it_was(tmp_path, monkeypatch):
    replace_text(tmp_path / "pointer", "old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(DiskFull, match="no space"):
        replace_text(tmp_path / "pointer", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["pointer"]
    assert (tmp_path / "pointer").read_text() == "old"


def test_the_draft_of_a_killed_process_is_removed_a_day_later(tmp_path):
    old, young = tmp_path / ".new-old", tmp_path / ".new-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (1, 1))
    with draft(tmp_path):
        assert not old.exists()
        assert young.exists()

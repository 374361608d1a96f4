"""A playlist to look at."""

import pytest

from ml.foundation.errors import BadInput
from ml.playlist_generator.picture import write_picture


@pytest.mark.parametrize("suffix", ["png", "svg", "html"])
def test_a_picture_is_written(generator, tmp_path, suffix):
    found = generator.generate(mood="calm", count=6, arc="wave")
    path = tmp_path / f"list.{suffix}"
    write_picture(found, path, title="calm & <quiet>")
    content = path.read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "html": b"<!doctype html>"}[suffix])
    if suffix == "html":
        assert b"calm &amp; &lt;quiet&gt;" in content
        assert all(track.title.encode() in content for track in found.tracks)


def test_one_list_one_svg(generator, tmp_path):
    found = generator.generate(mood="calm", count=4)
    for name in ("one.svg", "two.svg"):
        write_picture(found, tmp_path / name, title="calm")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_nothing_else_is_a_picture(generator, tmp_path):
    with pytest.raises(BadInput, match="not the name of a page or picture"):
        write_picture(generator.generate(count=3), tmp_path / "list.mp3", title="x")

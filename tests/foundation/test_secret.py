"""Secrets: where they come from, and that they do not show."""

from __future__ import annotations

import pytest

from ml.foundation.errors import BadInput
from ml.foundation.secret import Secret, find_secret


def find(**more):
    return find_secret("password", variable="ML_SUBSONIC_PASSWORD", option="--secret-file", **more).reveal()


def test_a_file_comes_before_the_environment_and_that_before_asking(tmp_path, monkeypatch):
    (tmp_path / "a").write_text(" sesame \nmore\n")
    assert find(ask=lambda: "asked") == "asked"
    monkeypatch.setenv("ML_SUBSONIC_PASSWORD", "set")
    assert find(ask=lambda: "asked") == "set"
    assert find(file=tmp_path / "a") == "sesame"


def test_what_is_missing_names_the_ways(tmp_path):
    with pytest.raises(BadInput, match=r"(?s)no password.*ML_SUBSONIC_PASSWORD.*--secret-file"):
        find()
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "no").write_bytes(b"\xff\xfe\x00\xff")
    for name, says in (("empty", "first line is empty"), ("no", "is no text"), ("none", "cannot be read")):
        with pytest.raises(BadInput, match=says):
            find(file=tmp_path / name)


def test_it_does_not_show():
    secret = Secret("sesame")
    shown = f"{secret} {secret!r} {[secret]} {vars()}"
    assert "sesame" not in shown
    assert secret.hide_in("open sesame") == "open ***"

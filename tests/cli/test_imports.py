"""``ml import rejects``: the rows that an import refused."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation.errors import BadInput, UnknownId

runner = CliRunner()


@pytest.fixture
def ml(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return lambda *words: runner.invoke(app, ["import", *map(str, words)])


def test_refused_rows_are_printed_as_a_table_that_can_be_imported(ml, tmp_path):
    (tmp_path / "mine.csv").write_text("user,title,listened_at\nann,=A,2026-06-01\nann,=B,never\nbob,C,2026-06-01\n")
    assert ml("mine.csv").exit_code == 0
    done = ml("rejects", 1)
    assert done.exit_code == 0
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["title"], row["refused_line"], row["refused_because"]) == ("'=B", "3", "listened_at is not a time")
    found = json.loads(ml("rejects", 1, "--json").stdout)
    assert (found["total"], found["rows"][0]["raw"]) == (1, "ann,=B,never")
    (tmp_path / "mended.csv").write_text(done.stdout.replace("never", "2026-06-02"))
    assert json.loads(ml("mended.csv", "--json").stdout)["added"]["listens"] == 1
    assert ml("rejects", 2).stdout.splitlines() == ["refused_file,refused_line,refused_because,refused_row"]


@pytest.mark.parametrize(("words", "kind"), [([], BadInput), (["one"], BadInput), (["7"], UnknownId)])
def test_an_import_that_is_not_there_is_named(ml, words, kind, tmp_path):
    (tmp_path / "mine.csv").write_text("artist,title\nAir,Talisman\n")
    ml("mine.csv")
    done = ml("rejects", *words)
    assert isinstance(done.exception, kind)
    assert "ml import list" in done.exception.hint

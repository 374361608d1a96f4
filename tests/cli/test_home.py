"""A folder that holds no workspace: commands that read say so, and leave nothing there."""

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation.errors import EmptyWorkspace

READING = [
    "status",
    "recommend user_12345",
    "recommend --all",
    "similar artist",
    "explain user track",
    "explain --parameters",
    "onboard",
    "evaluate",
    "exposure",
    "export listens --out listens.csv",
    "import list",
    "import undo 1",
    "models list",
    "models show",
    "experiment list",
    "identity list",
    "history pause user_12345",
    "record user_12345 track",
    "undo user_12345",
    "snapshot",
    "train",
    "workspace backup all.tar",
]


@pytest.mark.parametrize("there", [False, True], ids=["no folder", "another folder"])
@pytest.mark.parametrize("line", READING)
def test_where_no_workspace_is_it_is_said_and_nothing_is_made(line, there, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "music"
    if there:
        home.mkdir()
        (home / "song.mp3").write_bytes(b"")
    done = CliRunner().invoke(app, ["--home", str(home), *line.split()])
    assert isinstance(done.exception, EmptyWorkspace), done.output
    assert done.exception.message == f"{home}: there is no workspace"
    assert "ml import" in done.exception.hint
    assert sorted(each.name for each in tmp_path.rglob("*")) == (["music", "song.mp3"] if there else [])
